"""A strategy that blocks: its call is interrupted inside its own code, and nothing else is."""

import signal
from collections.abc import Callable
from typing import Any

import pytest
from tests.backtest.conftest import Cross, candles

from undertow.backtest.bar_data import bar_data
from undertow.backtest.run import BacktestRun
from undertow.backtest.settings import BacktestSettings
from undertow.cli.backtesting.call_limit import CallLimit


class Blocks(Cross):
    """Never answers the twentieth bar."""

    def on_bar(self, ctx: Any, bar: Any) -> Any:
        while ctx.flow.bar_count(60) == 20:
            pass
        return None


def run_of(strategy: Cross) -> BacktestRun:
    return BacktestRun([strategy], bar_data(candles(60)), BacktestSettings(is_research=True))


def test_a_blocking_call_becomes_a_failure_with_its_line() -> None:
    run, limit = run_of(Blocks()), CallLimit(0.4)
    with limit.armed():
        run.run(lambda rows, share: limit.moved())
    (failure,) = run.record.failures
    assert "expected an answer within 0.4 s" in failure
    assert "test_call_limit.py:" in failure


def test_time_outside_of_strategies_is_nobodys_fault() -> None:
    limit = CallLimit(0.05)
    before = signal.getsignal(signal.SIGALRM)
    with limit.armed():
        sum(range(10_000_000))  # as long as a compilation may take
    assert signal.getsignal(signal.SIGALRM) == before


@pytest.mark.parametrize("make", [lambda: CallLimit(0.0), lambda: CallLimit(60.0)])
def test_a_run_that_moves_is_left_alone(make: Callable[[], CallLimit]) -> None:
    run, limit = run_of(Cross()), make()
    with limit.armed():
        run.run(lambda rows, share: limit.moved())
    assert not run.record.failures
