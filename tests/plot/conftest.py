"""A short run of the embedded market, shared by every figure."""

from typing import Any, TypeVar

import msgspec
import numpy as np
import pytest

from undertow.flow.asset_flow import AssetFlow
from undertow.flow.asset_series import AssetSeries
from undertow.flow.flow_config import FlowConfig
from undertow.flow.flow_state import FlowState
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.plot.drawing import (
    Candles,
    Columns,
    Curve,
    Drawing,
    Heat,
    Level,
    Panel,
    Points,
    Region,
    Rows,
    Shape,
    Words,
)
from undertow.plot.ink import Ink
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.synthetic_market import SyntheticMarket

MarkT = TypeVar("MarkT")
MINUTES = 40


@pytest.fixture(scope="session")
def flow_state() -> FlowState:
    """Whales' trades are those above 100,000 dollars."""
    config = MarketConfig(assets=("BTC",), block_ns=10 * 10**9)
    market = SyntheticMarket(config, np.random.default_rng(11))
    state = FlowState(market.table, market.sources, FlowConfig(whale_usd=100_000))
    for _ in range(MINUTES * 6):
        rows, done = market.next_block(), 0
        while done < len(rows):
            done = state.advance(rows, done, len(rows), 2**62)
    return state


@pytest.fixture(scope="session")
def asset(flow_state: FlowState) -> AssetFlow:
    return flow_state.asset("BTC")


@pytest.fixture(scope="session")
def perp(asset: AssetFlow) -> InstrumentFlow:
    return next(member for member in asset.members if member.instrument.is_perp)


@pytest.fixture(scope="session")
def marks_of() -> Any:
    """The marks of one kind in a panel."""

    def chosen(panel: Panel, kind: type[MarkT]) -> list[MarkT]:
        return [mark for mark in panel.marks if isinstance(mark, kind)]

    return chosen


@pytest.fixture(scope="session")
def every_mark() -> Drawing:
    """A drawing with each kind of mark once, and a side panel."""
    x = 1_700_000_000 * 10**9 + np.arange(6) * 60 * 10**9
    y = np.array([1.0, 2.0, np.nan, 4.0, 3.0, 5.0])
    known = np.arange(1.0, 7.0)
    price = Panel(
        "price (USD)",
        (
            Candles(x, known, known + 1, known - 1, known[::-1], 60e9),
            Curve(x, y, "a curve", Ink.TOTAL, is_dashed=True, fill_to=0.0),
            Curve(x, known, "steps", Ink.SPOT, is_step=True, fill_to=0.0),
            Region(None, None, 2.0, 3.0, Ink.BUY, "a band", "note 1"),
            Region(float(x[1]), float(x[2]), None, None, Ink.SELL, "a stretch", "note 2"),
            Region(float(x[3]), float(x[4]), 3.0, 4.0, Ink.MARK, "a box", "note 3"),
            Points(x, known, "points", Ink.PERP, Shape.UP, notes=tuple("abcdef")),
            Points(x, known, "crosses", Ink.PERP, Shape.CROSS),
            Level(2.5, "a level", Ink.MARK),
            Level(2.6, "another level", Ink.MARK, is_dashed=False),
            Words(x, known, tuple("uvwxyz")),
            Words(x, known, tuple("UVWXYZ"), Ink.BUY),
        ),
    )
    grid = np.arange(10.0).reshape(2, 5)
    heat = Panel(
        "row",
        (Heat(x, np.arange(3.0), grid, "heat"), Heat(x, np.arange(3.0), grid - 5, "delta", True)),
        y_names=((0.5, "one\nline"), (1.5, "two")),
    )
    columns = Panel(
        "lots",
        (Columns(x, known - 3, 60e9, "signed"), Columns(x, known, 60e9, "plain", Ink.SPOT)),
        has_zero=True,
    )
    strong = np.array([True, False, True, False, True, False])
    side = Panel("", (Rows(known, 1.0, known, "rows", Ink.BUY, strong),), x_label="lots")
    return Drawing("A <title>", (price, heat, columns), "and more", side=side)


@pytest.fixture(scope="session")
def long_series(asset: AssetFlow) -> AssetSeries:
    """Five hours made of the short run's minutes, over and over in another order each time."""
    short, rng = asset.series(38), np.random.default_rng(2)
    order = np.concatenate([rng.permutation(len(short)) for _ in range(8)])

    def longer(value: Any) -> Any:
        if isinstance(value, np.ndarray):
            return value[order]
        if isinstance(value, dict):
            return {key: longer(each) for key, each in value.items()}
        if isinstance(value, msgspec.Struct):
            parts = {name: longer(getattr(value, name)) for name in value.__struct_fields__}
            return msgspec.structs.replace(value, **parts)
        return value

    made: AssetSeries = longer(short)
    times = short.time_ns[0] + np.arange(len(order)) * 60 * 10**9
    return msgspec.structs.replace(made, time_ns=times)
