"""A result as a try: expected returns are the equity's own, day by day."""

import msgspec
import numpy as np
import pytest
from tests.backtest.reports.made_results import START_NS, result

from undertow.backtest.result_trial import trial_of
from undertow.domain.time import NS_PER_DAY

EQUITY = np.array([1_000.0, 1_010.0, 1_005.0, 1_020.0])
SETTINGS = {
    "strategies": {"mine": {"name": "cross", "label": "mine", "fast": 3}},
    "seed": 7,
    "start_ns": 0,
    "stop_ns": 9,
}


def test_what_is_written_down() -> None:
    made = result(EQUITY, [], settings=SETTINGS)
    trial = trial_of(made, "search")
    assert (trial.kind, trial.family, trial.parameters) == ("search", "cross", {"fast": 3})
    assert trial.market == "BTC/USDT:USDT@aster 1h"
    assert trial.first_day == START_NS // NS_PER_DAY
    assert trial.returns == pytest.approx(EQUITY[1:] / EQUITY[:-1] - 1.0)


def test_what_makes_it_another_try() -> None:
    made = result(EQUITY, [], settings=SETTINGS)
    own = trial_of(made, "search").identity
    assert trial_of(msgspec.structs.replace(made, run_name="other"), "backtest").identity == own
    other = msgspec.structs.replace(made, settings={**SETTINGS, "seed": 8})
    assert trial_of(other, "search").identity != own
    faster = {**SETTINGS, "strategies": {"mine": {"name": "cross", "label": "x", "fast": 4}}}
    assert trial_of(msgspec.structs.replace(made, settings=faster), "search").identity != own


def test_several_strategies_and_none_told() -> None:
    several = {"strategies": {"b": {"name": "two", "n": 1}, "a": {"name": "one", "n": 2}}}
    trial = trial_of(result(EQUITY, [], settings=several), "backtest")
    assert trial.family == "one+two"
    assert trial.parameters == {"b.n": 1, "a.n": 2}
    assert trial_of(result(EQUITY, []), "backtest").family == "cross"


def test_a_ruined_run_ends_there() -> None:
    trial = trial_of(result([1_000.0, 500.0, 0.0, 0.0], []), "backtest")
    assert trial.returns.tolist() == [-0.5, -1.0]
