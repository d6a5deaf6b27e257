"""Thresholds in the kernel's units."""

from decimal import Decimal
from typing import Any

import pytest

from undertow.domain.errors import ConfigurationError
from undertow.domain.fixed import Step
from undertow.domain.instrument import Instrument, MarketKind
from undertow.flow.bar_kinds import (
    BarKind,
    DollarBars,
    FixedImbalanceBars,
    ImbalanceBars,
    Measure,
    RangeBars,
    RunsBars,
    TimeBars,
    VolumeBars,
)
from undertow.flow.bar_state import BarState


def state(kind: BarKind, market: MarketKind = MarketKind.LINEAR) -> BarState:
    names = ("BTC/USDT:USDT", "alpha", "X", market, "BTC", "USDT", "USDT")
    return BarState(kind, Instrument(*names, Step(5, 1), Step(1, 3), Step(100, 0)), 3)


@pytest.mark.parametrize("qty", [0.3, "0.3"])
def test_quantities_are_decimals(qty: float | str) -> None:
    made = state(VolumeBars(Decimal(qty) if isinstance(qty, str) else qty))
    assert made.record["threshold"][0] == 300.0
    assert made.record["instrument"][0] == 3


def test_values_count_tick_lot_and_contract() -> None:
    linear, inverse = state(DollarBars(1500)), state(DollarBars(1500), MarketKind.INVERSE)
    assert linear.record["threshold"][0] == 1500 / (0.5 * 0.001 * 100)
    assert inverse.record["threshold"][0] == 15_000.0
    assert (linear.record["value_unit"][0], inverse.record["value_unit"][0]) == (0.05, 0.1)
    text: Any = "value"
    assert (
        state(FixedImbalanceBars(text, 1500)).record["threshold"][0]
        == linear.record["threshold"][0]
    )
    trades = state(FixedImbalanceBars(Measure.TRADES, 3))
    assert trades.record["threshold"][0] == 3.0


def test_heights_are_whole_ticks() -> None:
    assert state(RangeBars(2.5)).record["brick_ticks"][0] == 5
    with pytest.raises(ConfigurationError, match=r"multiple of the tick 0\.5, found 0\.7"):
        state(RangeBars(0.7))


def test_rings_have_the_asked_sizes() -> None:
    sizes = [len(ring) for ring in state(ImbalanceBars(Measure.QTY, 9, 40, 4)).rings]
    assert sizes == [40, 4]
    sizes = [len(ring) for ring in state(RunsBars(Measure.QTY, 9, 40, 4)).rings]
    assert sizes == [40, 40, 4, 4]
    assert [len(ring) for ring in state(TimeBars(1, 3 * 10**9)).rings] == [5]
    assert len(state(TimeBars(60)).arrays) == 2
