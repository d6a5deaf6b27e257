"""The deployment gate: every condition alone lets a good result fail."""

from typing import Any

import msgspec
import numpy as np
import pytest
from tests.backtest.reports.made_results import curve, result, trade

from undertow.backtest.deflation import Deflation
from undertow.backtest.gate import Evidence, GateConfig, judge
from undertow.backtest.result import BacktestResult
from undertow.domain.errors import ConfigurationError

replace = msgspec.structs.replace


def _deflation(probability: float) -> Deflation:
    return Deflation(
        tries=3,
        distinct=3,
        independent=2.5,
        is_best=True,
        days=400,
        sharpe=2.0,
        expected_best_sharpe=0.8,
        deflated_sharpe=probability,
        minimum_track_record_days=200.0,
        minimum_backtest_years=0.5,
        haircut_sharpe=1.5,
    )


def _equity(seed: int, drift: float, days: int = 400) -> np.ndarray:
    returns = np.random.default_rng(seed).normal(drift, 0.01, days)
    return np.asarray(1_000.0 * np.cumprod(np.r_[1.0, 1.0 + returns]))


def _good(**changes: Any) -> BacktestResult:
    trades = [trade(3.0 if i % 2 else -1.0, i) for i in range(60)]
    return result(_equity(1, 0.003), trades, **changes)


SURE = Evidence(deflation=_deflation(0.99), findings=(), random_p=0.01, overfitting=0.1)


def _failed(candidate: BacktestResult, evidence: Evidence = SURE, **config: Any) -> list[str]:
    verdict = judge(candidate, evidence, GateConfig(**config))
    assert verdict.passed is (not verdict.reasons)
    return [check.name for check in verdict.checks if not check.passed]


def test_a_good_result_passes() -> None:
    assert _failed(_good()) == []


@pytest.mark.parametrize(
    ("changes", "failed"),
    [
        ({"fills": "base"}, ["fills"]),
        ({"failures": ("ZeroDivisionError at mine.py:3",)}, ["failures"]),
        ({"trades": tuple(trade(3.0 if i % 2 else -1.0, i) for i in range(29))}, ["trades"]),
        ({"trades": tuple(trade(1.1 if i % 2 else -1.0, i) for i in range(60))}, ["profit_factor"]),
        ({"trades": tuple(trade(9.0 if i % 4 else -1.0, i) for i in range(60))}, []),
        ({"trades": tuple(trade(-1.0 if i % 4 else 9.0, i) for i in range(60))}, ["win_rate"]),
        ({"trades": tuple(trade(1.0, i) for i in range(60))}, []),
        ({"equity": curve(_equity(1, 0.0))}, ["max_drawdown", "sharpe"]),
        ({"equity": curve([1_000.0, 500.0, 0.0])}, ["max_drawdown", "ruin", "sharpe"]),
    ],
)
def test_each_condition_alone_is_enough(changes: dict[str, Any], failed: list[str]) -> None:
    assert _failed(replace(_good(), **changes)) == failed


def test_a_short_history_fails() -> None:
    short = result(_equity(1, 0.003, 100), _good().trades)
    assert _failed(short) == ["days"]
    assert _failed(short, days=90.0) == []


@pytest.mark.parametrize(
    ("evidence", "failed"),
    [
        (replace(SURE, deflation=_deflation(0.94)), ["deflated_sharpe"]),
        (replace(SURE, deflation=None), ["deflated_sharpe"]),
        (replace(SURE, deflation=_deflation(float("nan"))), ["deflated_sharpe"]),
        (replace(SURE, findings=None), ["bias"]),
        (replace(SURE, findings=("on_bar reads 12 bars ahead",)), ["bias"]),
        (replace(SURE, random_p=0.06), ["random_entries"]),
        (replace(SURE, overfitting=0.5), ["overfitting"]),
        (replace(SURE, random_p=None, overfitting=None), []),
    ],
)
def test_what_is_not_known_does_not_pass(evidence: Evidence, failed: list[str]) -> None:
    assert _failed(_good(), evidence) == failed


def test_a_check_can_be_switched_off() -> None:
    evidence = replace(SURE, deflation=None, overfitting=0.9)
    assert _failed(_good(), evidence, deflated_sharpe=0.0, max_overfitting=1.0) == []


def test_better_than_the_baseline_by_more_than_luck() -> None:
    good = _good()
    config = GateConfig(resamples=999)
    poor = result(_equity(2, -0.002))
    verdict = judge(good, SURE, config, poor)
    assert verdict.passed
    assert verdict.checks[-1].name == "better_than_baseline"
    assert verdict.checks[-1].value > 0
    # A twin is not better, nor is one of the same worth; and the worse is not let through.
    for other in (good, result(_equity(3, 0.003))):
        assert not judge(good, SURE, config, other).passed
    swapped = judge(replace(good, equity=poor.equity), SURE, config, good)
    assert "better_than_baseline" in [c.name for c in swapped.checks if not c.passed]


def test_a_baseline_of_other_days_cannot_be_compared() -> None:
    good = _good()
    elsewhere = replace(good.equity, time_ns=good.equity.time_ns + 10**9 * 86_400 * 380)
    verdict = judge(good, SURE, GateConfig(resamples=99), replace(good, equity=elsewhere))
    (reason,) = verdict.reasons
    assert reason.startswith("20 days in common, 30 are needed to compare")


def test_reasons_say_the_numbers() -> None:
    verdict = judge(replace(_good(), fills="base"), replace(SURE, random_p=0.06), GateConfig())
    assert verdict.reasons == (
        "made with base fills, pessimistic ones are asked for",
        "random entries do as well with p = 0.060, at most 0.050 is asked for",
    )


@pytest.mark.parametrize("wrong", [{"win_rate": 1.5}, {"confidence": 0.4}, {"resamples": 9}])
def test_a_gate_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        GateConfig(**wrong)
