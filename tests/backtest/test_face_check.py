"""Both faces on the same sample: equal when they mean the same, told apart when not."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from tests.backtest.conftest import Cross

from undertow.backtest.bar_data import bar_data
from undertow.backtest.face_check import check_faces
from undertow.backtest.signal_rules import SignalRules
from undertow.backtest.signal_stake import SignalStake
from undertow.decision.bar_columns import BarColumns
from undertow.decision.signals import Signals
from undertow.decision.strategy import Strategy
from undertow.indicators.averages import Sma
from undertow.indicators.indicator import Indicator
from undertow.simulator.fill_preset import Fills


class Both(Cross):
    """Two faces of one meaning."""

    def signals(self, bars: BarColumns) -> Signals:
        above = bars["fast"] > bars["slow"]
        return Signals(long_entry=above, long_exit=~above)


class Other(Cross):
    """A second face that means something else."""

    def signals(self, bars: BarColumns) -> Signals:
        return Signals(long_entry=bars["fast"] > bars["slow"] + 0.05, long_exit=bars["fast"] < 0)


class Levels(Strategy):
    """Signals alone: both sides, with stops and targets."""

    def indicators(self) -> dict[str, Indicator]:
        return {"fast": Sma(3), "slow": Sma(8)}

    def signals(self, bars: BarColumns) -> Signals:
        above = bars["fast"] > bars["slow"]
        before = np.concatenate([[False], above[:-1]])
        side = np.where(above, 1.0, -1.0)
        return Signals(
            long_entry=above & ~before, long_exit=~above, short_entry=~above & before,
            short_exit=above, stop=bars.close - side * 0.4, target=bars.close + side * 0.8,
        )  # fmt: skip


class Ahead(Strategy):
    """Knows the next close."""

    def signals(self, bars: BarColumns) -> Signals:
        following = np.concatenate([bars.close[1:], bars.close[-1:]])
        return Signals(long_entry=following > bars.close, long_exit=following < bars.close)


Make = Callable[..., dict[str, Any]]


@pytest.mark.parametrize("fills", list(Fills))
@pytest.mark.parametrize("stake", ["share:0.9", "money:1000"])
def test_one_meaning_gives_one_list_of_trades(make_candles: Make, fills: Fills, stake: str) -> None:
    rules = SignalRules(fills=fills, stake=SignalStake.of(stake))
    spot = check_faces(Both(), bar_data(make_candles(900)), rules)
    assert spot.is_same, spot.differences
    assert spot.trades > 40
    perp = bar_data(make_candles(900), "ABC/USDT:USDT@x", steps=("0.01", "0.001"))
    found = check_faces(Levels(), perp, rules)
    assert found.is_same, found.differences
    assert found.trades > 60


def test_own_sizes_are_not_compared(make_candles: Make) -> None:
    class Sized(Both):
        def signals(self, bars: BarColumns) -> Signals:
            above = bars["fast"] > bars["slow"]
            return Signals(long_entry=above, long_exit=~above, size=np.full(len(bars), 1.5))

    found = check_faces(Sized(), bar_data(make_candles()))
    assert found.is_same, found.differences


def test_two_meanings_are_told_apart(make_candles: Make) -> None:
    found = check_faces(Other(), bar_data(make_candles()))
    assert not found.is_same
    assert len(found.differences) <= 10


def test_a_look_ahead_disagrees_with_itself(make_candles: Make) -> None:
    found = check_faces(Ahead(), bar_data(make_candles()), bars=200)
    assert not found.is_same
    assert found.bars <= 200
