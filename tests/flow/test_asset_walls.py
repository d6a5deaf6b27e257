"""Walls of several venues as one."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.domain.instrument import MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EVENT, EventKind
from undertow.domain.side import Side
from undertow.flow.asset_walls import asset_walls
from undertow.flow.flow_state import FlowState

Make = Callable[..., Any]
START_S = 1_700_000_000


@pytest.fixture
def state(make_instrument: Make) -> FlowState:
    """Three venues whose walls were written into their memory by hand."""
    kinds = [MarketKind.LINEAR, MarketKind.LINEAR, MarketKind.SPOT]
    names = ["alpha", "beta", "gamma"]
    table = InstrumentTable([make_instrument(k, n) for k, n in zip(kinds, names, strict=True)])
    made = FlowState(table, names)
    quotes = np.zeros(3, EVENT)
    quotes["instrument"] = quotes["source"] = np.arange(3)
    quotes["kind"] = EventKind.QUOTE
    quotes["event_time_ns"] = quotes["receive_time_ns"] = START_S * 10**9
    quotes["price_ticks"], quotes["price_b"], quotes["qty_lots"], quotes["qty_b"] = 9, 10, 1, 1
    made.advance(quotes, 0, 3, 2**62)
    arrays = made._arrays
    arrays.samples["sampled_s"] = START_S
    arrays.instruments["book_status"] = 2
    place(arrays, 0, Side.BUY, 0, 100_000, 2_000, 60)
    place(arrays, 1, Side.BUY, 0, 100_020, 6_000, 90)
    place(arrays, 2, Side.BUY, 0, 99_500, 1_000, 60)
    place(arrays, 0, Side.SELL, 0, 100_010, 3_000, 60)
    place(arrays, 1, Side.BUY, 1, 100_015, 9_000, 5)
    return made


def place(arrays: Any, index: int, side: Side, slot: int, *facts: int) -> None:
    """A wall of (ticks, lots, age) that rested half of its time."""
    ticks, lots, age = facts
    wall = arrays.walls[index, int(side is Side.SELL), slot]
    wall["ticks"], wall["lots"], wall["since_s"] = ticks, lots, START_S - age
    wall["seen_s"], wall["is_resting"], wall["rested_s"] = START_S, 1, age
    wall["absent_s"] = age if index == 0 else 0


def test_the_same_price_at_two_venues_is_one_wall(state: FlowState) -> None:
    both, ask, low = asset_walls(state.asset("BTC"))
    assert (both.side, both.venues, both.age_s) == (Side.BUY, 2, 90)
    assert (both.low, both.high) == pytest.approx((10_000.0, 10_002.0))
    one, two = 2.0 * 10_000.0, 6.0 * 10_002.0
    assert both.usd == pytest.approx(one + two)
    assert both.price == pytest.approx((10_000.0 * one + 10_002.0 * two) / (one + two))
    assert both.persistence == pytest.approx((0.5 * one + two) / (one + two))
    assert [name for name, _ in both.walls] == ["BTC/USDT:USDT@beta", "BTC/USDT:USDT@alpha"]
    assert ask.side is Side.SELL
    assert ask.price == pytest.approx(10_001.0)
    assert low.price == pytest.approx(9_950.0)


def test_tolerance_kind_health_and_filter(state: FlowState) -> None:
    asset = state.asset("BTC")
    assert len(asset_walls(asset, tolerance_bps=1.0)) == 4
    assert len(asset_walls(asset, least_age_s=0)) == 3
    assert len(asset_walls(asset, least_persistence=0.9)) == 2
    (spot,) = asset_walls(asset, kind=MarketKind.SPOT)
    assert spot.price == pytest.approx(9_950.0)
    state.set_source_health(1, is_healthy=False)
    assert all(wall.venues == 1 for wall in asset_walls(asset))
    with pytest.raises(CallerError, match="0 bps or more"):
        asset_walls(asset, tolerance_bps=-1.0)
