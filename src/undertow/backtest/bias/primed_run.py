"""A run in which the vectorised face is asked first, as it is when both faces are compared.

A strategy that keeps the columns it was given and reads them in a callback has them in every run of
the detectors, each time with no more than that run's data.
"""

from collections.abc import Sequence
from typing import Any

from undertow.backtest.instrument_bars import read_bars
from undertow.backtest.library import backtest
from undertow.backtest.result import BacktestResult
from undertow.decision.strategy import Strategy
from undertow.decision.timeframe import timeframe_seconds
from undertow.timeline.market_data import MarketData


def primed_run(
    strategies: Sequence[Strategy], data: MarketData, settings: dict[str, Any]
) -> BacktestResult:
    """`signals` of every strategy that has them, then the run."""
    for strategy in strategies:
        if has_signals(strategy):
            seconds = timeframe_seconds(strategy.timeframe)
            for one in read_bars(data, seconds):
                own = one.bars.resampled(seconds).declare(strategy.indicators())
                if len(own) and strategy.wants(one.instrument):
                    strategy.signals(own)
    found = backtest(list(strategies), data, **settings)
    assert isinstance(found, BacktestResult)
    return found


def has_signals(strategy: Strategy) -> bool:
    """True when the strategy wrote the vectorised face."""
    return type(strategy).signals is not Strategy.signals


def has_callbacks(strategy: Strategy) -> bool:
    """True when the strategy wrote `on_bar` or `on_check`."""
    kind = type(strategy)
    return kind.on_bar is not Strategy.on_bar or kind.on_check is not Strategy.on_check
