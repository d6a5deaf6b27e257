"""Entries against random ones: an invented result with known foresight, and one with none."""

from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import pytest
from tests.backtest.conftest import Cross

from undertow.backtest.library import backtest
from undertow.backtest.reports.entry_significance import entry_significance
from undertow.backtest.result import BacktestResult
from undertow.stats.random_entries import random_entry_test


@pytest.fixture
def result(make_candles: Callable[..., dict[str, Any]], research: dict[str, Any]) -> BacktestResult:
    """A crossing rule on a random walk."""
    found = backtest(Cross(), make_candles(1_000), timeframe="1m", **research)
    assert isinstance(found, BacktestResult)
    return found


def test_a_rule_on_noise_is_nothing_special(result: BacktestResult) -> None:
    found = entry_significance(result, resamples=400)
    (name,) = result.instruments
    assert found.adjusted[name] == found.tests[name].p_value > 0.05
    assert f"p = {found.adjusted[name]:.3f}" in found.words
    assert entry_significance(result, resamples=400) == found


def test_the_same_as_places_found_by_hand(result: BacktestResult) -> None:
    (name,) = result.instruments
    closes = result.closes[name]
    times = closes.time_ns.tolist()

    def place(time_ns: int) -> int:
        return max(k for k, at in enumerate(times) if at <= time_ns)

    entries = [place(trade.open_time_ns) for trade in result.trades]
    exits = [place(trade.close_time_ns) for trade in result.trades]
    sides = np.ones(len(result.trades))
    rng = np.random.default_rng((7, 0))
    expected = random_entry_test(closes.equity, (entries, exits, sides), rng, resamples=50)
    assert entry_significance(result, resamples=50).tests[name] == expected


def test_foresight_is_found(result: BacktestResult) -> None:
    (name,) = result.instruments
    closes = result.closes[name]
    rises = np.argsort(closes.equity[10:] - closes.equity[:-10])[-200::20]
    moved = tuple(
        msgspec.structs.replace(
            trade,
            open_time_ns=int(closes.time_ns[place]),
            close_time_ns=int(closes.time_ns[place + 10]),
        )
        for trade, place in zip(result.trades, rises, strict=False)
    )
    found = entry_significance(msgspec.structs.replace(result, trades=moved), resamples=400)
    assert found.adjusted[name] < 0.01


def test_too_few_trades(result: BacktestResult) -> None:
    found = entry_significance(msgspec.structs.replace(result, trades=result.trades[:4]))
    assert not found.tests
    assert found.words.startswith("too few trades")
