"""Expected: sentences worked from results made by hand."""

from pathlib import Path

import msgspec

from undertow.backtest.honesty.honesty_page import honesty_page, short, shortcomings
from undertow.backtest.honesty.honesty_plan import Part
from undertow.backtest.honesty.honesty_study import Case, HonestyResults, read_results
from undertow.backtest.honesty.honesty_tables import pooled_searches
from undertow.backtest.honesty.measured import Measured


def _with_searches(quick: HonestyResults, passed: int, count: int) -> HonestyResults:
    shares = Measured(count, passed, passed)
    names = ("passed", "check deflated_sharpe", "check random_entries")
    answers = {f"{name}@{tries}": shares for tries in (10, 50) for name in names}
    kept = tuple(case for case in quick.cases if case.part is not Part.SEARCH)
    searches = Case(Part.SEARCH, "normal", answers)
    return msgspec.structs.replace(quick, cases=(*kept, searches))


def test_the_promise_is_kept_broken_or_not_decided(quick: HonestyResults) -> None:
    kept = short(_with_searches(quick, 0, 200))[0]
    assert kept.startswith("**Best of 50 on noise** passed the gate in 0 of 200 (0.0 %")
    assert "kept" in kept
    assert "**broken**" in short(_with_searches(quick, 30, 200))[0]
    assert "not decided" in short(_with_searches(quick, 0, 9))[0]


def test_tests_and_intervals_that_fail_are_named(quick: HonestyResults) -> None:
    alarms = Case(Part.NOISE, "normal", {"t@0.05": Measured(400, 80, 80)})
    held = Case(Part.COVERAGE, "normal", {"Sharpe": Measured(400, 300, 300)})
    found = shortcomings(msgspec.structs.replace(quick, cases=(alarms, held)))
    assert "mean return, Student's t (20.0 ± 2.0 %)" in found[0]
    assert "no test" in found[1]
    assert "Sharpe on normal returns (75.0 ± 2.2 %)" in found[2]


def test_few_samples_accuse_nobody(quick: HonestyResults) -> None:
    held = Case(Part.COVERAGE, "normal", {"Sharpe": Measured(10, 3, 3)})
    found = shortcomings(msgspec.structs.replace(quick, cases=(held,)))
    assert found[2].endswith("none seen.")


def test_the_page_says_how_large_the_study_was(quick: HonestyResults) -> None:
    page = honesty_page(quick, "honesty")
    assert "the quick plan, seed 20251" in page
    assert "left out" in page
    assert "ended early" not in page
    assert "](honesty/alarms.png)" in page
    early = msgspec.structs.replace(quick, jobs=quick.jobs - 1, recorded=5_000)
    told = honesty_page(early, "honesty")
    assert "ended early" in told
    assert "5,000 hours of real candles" in told
    assert "nan" not in told


def test_the_page_of_the_docs_is_made_of_the_kept_results() -> None:
    docs = Path(__file__).resolve().parents[3] / "docs"
    results = read_results(docs / "honesty" / "results.json")
    assert (docs / "honesty.md").read_text() == honesty_page(results, "honesty")
    # What the project promises: of searches on noise, at most 5 % pass; 95 % sure of it.
    most = max(results.plan.tries)
    assert pooled_searches(results)[f"passed@{most}"].share_interval[1] <= 0.05
