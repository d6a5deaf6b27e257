"""The short form of the study: what it finds must lie within 4 standard errors of what is right,
or beyond it on the careful side. Bounds are those of the binomial law at the counts of the plan.
"""

from math import sqrt
from pathlib import Path

import msgspec
import numpy as np
import pytest

from undertow.backtest.executor import SerialExecutor
from undertow.backtest.honesty.honesty_plan import QUICK, Part
from undertow.backtest.honesty.honesty_study import (
    HonestyResults,
    read_results,
    run_study,
    write_results,
)
from undertow.backtest.honesty.honesty_tables import all_laws, pooled_searches
from undertow.backtest.honesty.significance_battery import WORDS
from undertow.backtest.honesty.zoo import CLEAN
from undertow.backtest.process_executor import ProcessExecutor
from undertow.domain.errors import DataError

NONE = np.empty(0)
SMALL = msgspec.structs.replace(
    QUICK, noise=1, power=1, coverage=1, markets=0, edges=0, looks=0, portion=1
)


def test_no_test_cries_wolf_more_often_than_it_says(quick: HonestyResults) -> None:
    found = all_laws(quick)
    for name in WORDS:
        for size in (0.01, 0.05, 0.10):
            alarms = found[f"{name}@{size:g}"]
            assert alarms.count == 90
            bound = size + 4.0 * sqrt(size * (1.0 - size) / alarms.count)
            assert (alarms.mean <= bound) or name == "naive", (name, size, alarms.mean)


def test_twenty_uncorrected_tests_do_cry_wolf(quick: HonestyResults) -> None:
    assert all_laws(quick)["naive@0.05"].mean > 0.2


def test_edges_are_seen_the_better_the_larger(quick: HonestyResults) -> None:
    cases = quick.of(Part.POWER)
    assert cases["Sharpe 3, 5 years"]["t@0.05"].mean == 1.0
    assert all(one.mean == 0.0 for one in cases["Sharpe -2, 3 years"].values())
    assert cases["Sharpe 0.5, 1 years"]["bonferroni@0.05"].mean <= 0.5


def test_intervals_hold_the_truth_mostly(quick: HonestyResults) -> None:
    cases = quick.of(Part.COVERAGE).values()
    for name in ("Sharpe", "mean"):
        held = [case[name] for case in cases]
        count = sum(one.count for one in held)
        share = sum(one.total for one in held) / count
        assert count == 80
        assert share >= 0.95 - 4.0 * sqrt(0.95 * 0.05 / count), name


def test_searches_on_noise_do_not_pass_the_gate(quick: HonestyResults) -> None:
    # 15 searches of a chance of 5 % each: more than 4 would pass once in 1,600 times.
    for tries in QUICK.tries:
        passed = pooled_searches(quick)[f"passed@{tries}"]
        assert passed.count == 15
        assert passed.total <= 4


def test_a_great_edge_passes_and_a_blind_one_never(quick: HonestyResults) -> None:
    great = quick.of(Part.EDGE)["Sharpe 3, blocks of 120 h"]
    assert great["passed@1"].mean > 0.0
    assert sum(case["passed wrongly@1"].total for case in quick.of(Part.EDGE).values()) == 0.0


def test_the_zoo_is_judged_rightly(quick: HonestyResults) -> None:
    clean = {kind.__name__ for kind in CLEAN}
    for name, found in quick.of(Part.LOOKS).items():
        assert found["found"].mean == (0.0 if name in clean else 1.0), name


def test_results_are_kept_and_read_again(quick: HonestyResults, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "results.json"
    write_results(quick, path)
    assert read_results(path) == quick
    path.write_text("{}")
    with pytest.raises(DataError, match="expected results of the study"):
        read_results(path)


def test_processes_find_what_one_finds() -> None:
    one = run_study(SMALL, SerialExecutor(), NONE)
    assert one.jobs == one.planned
    assert run_study(SMALL, ProcessExecutor(2), NONE) == one


def test_it_ends_when_told_and_says_how_far_it_came() -> None:
    told: list[tuple[int, int]] = []
    found = run_study(
        SMALL,
        SerialExecutor(),
        NONE,
        tell=lambda done, total: told.append((done, total)),
        is_over=lambda: len(told) == 2,
    )
    assert found.jobs == 2
    assert told == [(1, found.planned), (2, found.planned)]


def test_a_failed_job_is_told() -> None:
    wrong = msgspec.structs.replace(SMALL, looks=1, zoo=("Unicorn",))
    with pytest.raises(DataError, match=r"looks, Unicorn, failed: KeyError"):
        run_study(wrong, SerialExecutor(), NONE)
