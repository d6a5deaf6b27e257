"""Arrays of two instruments and two sources, and rows for them."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from undertow.domain.fixed import Step
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EVENT, EventArray, EventKind
from undertow.flow.flow_arrays import FlowArrays
from undertow.flow.flow_config import FlowConfig

S = 1_000_000_000
NOW_S = 1_700_000_000

ROW = {
    "event_time_ns": NOW_S * S,
    "receive_time_ns": NOW_S * S + 50_000_000,
    "price_ticks": 0,
    "qty_lots": 0,
    "price_b": 0,
    "qty_b": 0,
    "sequence": 0,
    "instrument": 0,
    "source": 0,
    "kind": int(EventKind.TRADE),
    "side": 0,
    "flags": 0,
}


def _instrument(kind: MarketKind) -> Instrument:
    name = f"BTC/{kind.name}"
    step = Step(1, 1)
    return Instrument(name, "alpha", "X", kind, "BTC", "USDT", "USDT", step, step)


@pytest.fixture(scope="session")
def make_arrays() -> Callable[..., FlowArrays]:
    """Arrays of a linear and an inverse instrument on two sources."""

    def make(**config: Any) -> FlowArrays:
        table = InstrumentTable([_instrument(MarketKind.LINEAR), _instrument(MarketKind.INVERSE)])
        return FlowArrays(table, 2, FlowConfig(**config))

    return make


@pytest.fixture(scope="session")
def make_rows() -> Callable[..., EventArray]:
    """Rows from dicts of the columns that differ from a trade row of instrument 0 at NOW_S."""

    def make(*rows: dict[str, int]) -> EventArray:
        return np.array([tuple({**ROW, **row}.values()) for row in rows], EVENT)

    return make


@pytest.fixture(scope="session")
def book_rows(make_rows: Callable[..., EventArray]) -> Callable[..., EventArray]:
    """The rows of one book update of (side, ticks, lots) levels."""

    def make(
        levels: list[tuple[int, int, int]], last: int = 1, previous: int = 0, flags: int = 0
    ) -> EventArray:
        begin = {"kind": 2, "qty_lots": len(levels), "qty_b": previous, "flags": flags}
        rows = [begin]
        rows += [
            {"kind": 3, "side": side, "price_ticks": ticks, "qty_lots": lots}
            for side, ticks, lots in levels
        ]
        return make_rows(*({**row, "sequence": last} for row in [*rows, {"kind": 4}]))

    return make
