import json
import math

import pytest
from tests.backtest.conftest import Cross, candles

from undertow.backtest.library import backtest
from undertow.backtest.result import BacktestResult
from undertow.cli.backtesting.told_result import by_period, print_result, result_dict, without_nan

CONTRACT = ("trades", "fidelity", "state_hash", "elapsed_s", "events_per_s", "sharpe", "costs")


@pytest.fixture(scope="module")
def result() -> BacktestResult:
    made: BacktestResult = backtest(Cross(), candles(), stake="unlimited", is_research=True)
    return made


def test_the_json_holds_the_contract(result: BacktestResult) -> None:
    told = result_dict(result)
    assert set(CONTRACT) <= set(told)
    assert told["events_per_s"] is None  # the library has no clock
    assert len(told["trades"]) == len(result.trades)
    assert json.loads(json.dumps(told, allow_nan=False)) == told


def test_numbers_that_are_not_finite_become_null() -> None:
    told = without_nan({"a": math.nan, "b": [math.inf, 1.0], "c": {"d": (2.0,)}})
    assert told == {"a": None, "b": [None, 1.0], "c": {"d": [2.0]}}


def test_the_table_says_the_assumptions(
    result: BacktestResult, capsys: pytest.CaptureFixture[str]
) -> None:
    print_result(result, "day")
    out = capsys.readouterr().out
    assert "assumed: data: bars alone" in out
    assert "after the same costs" in out
    assert "do as well with p =" in out
    assert "by exit" in out
    assert "by day" in out


def test_periods_sum_to_the_whole(result: BacktestResult) -> None:
    for period in ("day", "week", "month", "year"):
        rows = by_period(result, period)
        assert sum(row[1] for row in rows) == len(result.trades)


def test_no_trades_are_said_with_what_was_refused(capsys: pytest.CaptureFixture[str]) -> None:
    print_result(backtest(Cross(), candles()))
    out = capsys.readouterr().out
    assert "no trades" in out
    assert "stop_missing" in out
    assert "before costs" in out
