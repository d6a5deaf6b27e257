"""An asset on three venues: tapes by the second, and series made by hand."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from undertow.domain.event_rows import to_array
from undertow.domain.fixed import Step
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EventKind, Trade
from undertow.domain.side import Side
from undertow.flow.asset_series import AssetSeries
from undertow.flow.flow_config import FlowConfig
from undertow.flow.flow_state import FlowState
from undertow.flow.minute_flow import MinuteFlow

S = 10**9
T0 = 1_700_000_040 * S
SYMBOLS = {
    MarketKind.SPOT: "BTC/USDT",
    MarketKind.LINEAR: "BTC/USDT:USDT",
    MarketKind.INVERSE: "BTC/USD:BTC",
}


def contract(kind: MarketKind, venue: str, quote: str = "USDT") -> Instrument:
    """A tick of 0.1; a lot of 0.001 coins on spot, 0.01 linear, 100 dollars inverse."""
    is_inverse = kind is MarketKind.INVERSE
    sizes = {MarketKind.SPOT: Step(1, 0), MarketKind.LINEAR: Step(1, 2)}
    return Instrument(
        symbol=SYMBOLS[kind].replace("USDT", quote) if not is_inverse else SYMBOLS[kind],
        venue=venue,
        raw_symbol="X",
        kind=kind,
        base="BTC",
        quote="USD" if is_inverse else quote,
        settle="BTC" if is_inverse else quote,
        price_step=Step(1, 1),
        qty_step=Step(1, 3) if kind is MarketKind.SPOT else Step(1, 0),
        contract_size=sizes.get(kind, Step(100, 0)),
    )


MEMBERS = (
    contract(MarketKind.SPOT, "alpha"),
    contract(MarketKind.LINEAR, "alpha"),
    contract(MarketKind.LINEAR, "beta"),
    contract(MarketKind.INVERSE, "gamma"),
)
SOURCES = (0, 0, 1, 2)


class Tape:
    """Events of the four members, put in order of receive time, source and arrival."""

    def __init__(self, config: FlowConfig, members: tuple[Instrument, ...] = MEMBERS) -> None:
        self.state = FlowState(InstrumentTable(members), ["alpha", "beta", "gamma"], config)
        self.events: list[Any] = []
        self.trades = 0

    @property
    def asset(self) -> Any:
        return self.state.asset("BTC")

    def trade(self, member: int, second: float, side: int, lots: int, ticks: int = 500_000) -> None:
        """One trade, heard 40 ms later; seconds count from T0."""
        t = T0 + int(second * S)
        source = SOURCES[member]
        self.events.append(Trade(member, source, t, t + 40_000_000, Side(side), ticks, lots, 0))

    def beat(self, first_s: int, stop_s: int, members: tuple[int, ...] = (0, 1, 2, 3)) -> None:
        """A trade of one lot each second, alternately bought and sold."""
        for second in range(first_s, stop_s):
            for member in members:
                self.trade(member, second, 1 if second % 2 else -1, 1)

    def rows(self) -> Any:
        """The events so far as rows."""
        order = sorted(self.events, key=lambda e: (e.receive_time_ns, e.source))
        self.events = []
        rows = to_array(order)
        is_trade = rows["kind"] == EventKind.TRADE
        rows["sequence"][is_trade] = self.trades + np.arange(1, int(is_trade.sum()) + 1)
        self.trades += int(is_trade.sum())
        return rows

    def play(self) -> Any:
        """Feed what was put in so far; returns the asset."""
        rows = self.rows()
        done = 0
        while done < len(rows):
            done = self.state.advance(rows, done, len(rows), 2**62)
        return self.asset


@pytest.fixture(scope="session")
def make_tape() -> Callable[..., Tape]:
    def make(members: tuple[Instrument, ...] = MEMBERS, **config: Any) -> Tape:
        return Tape(FlowConfig(**config), members)

    return make


@pytest.fixture(scope="session")
def make_contract() -> Callable[..., Instrument]:
    return contract


def flow_of(delta: Any, volume: Any = None) -> MinuteFlow:
    """Flow in base coins; a coin is a dollar."""
    delta = np.asarray(delta, dtype=np.float64)
    volume = np.abs(delta) + 10.0 if volume is None else np.asarray(volume, dtype=np.float64)
    buy, sell = (volume + delta) / 2, (volume - delta) / 2
    return MinuteFlow(buy, sell, buy, sell, np.isfinite(delta).astype(np.int64))


def series_of(price: Any, **given: Any) -> AssetSeries:
    """A series by hand: `total`, `spot`, `perp` ... as deltas per minute, `venues` as a dict."""
    price = np.asarray(price, dtype=np.float64)
    count = len(price)
    unknown = np.full(count, np.nan)
    parts: dict[str, Any] = {}
    for name in ("total", "spot", "perp", "linear", "inverse"):
        flow = given.pop(name, unknown)
        parts[name] = flow if isinstance(flow, MinuteFlow) else flow_of(flow)
    parts["venues"] = {name: flow_of(delta) for name, delta in given.pop("venues", {}).items()}
    parts |= {
        name: np.asarray(given.pop(name, unknown), dtype=np.float64)
        for name in (
            "open_interest_base",
            "open_interest_usd",
            "open_interest_change",
            "funding_per_hour",
            "basis_bps",
            "liquidated_buy_usd",
            "liquidated_sell_usd",
        )
    }
    parts |= {
        name: {
            key: np.asarray(values, dtype=np.float64) for key, values in given.pop(name, {}).items()
        }
        for name in ("open_interest_by_venue", "funding_by_venue", "basis_by_venue")
    }
    assert not given
    returns = np.full(count, np.nan)
    returns[1:] = np.diff(np.log(price))
    return AssetSeries(
        asset="BTC",
        members=("BTC/USDT@alpha",),
        time_ns=T0 + 60 * S * np.arange(1, count + 1),
        absence=np.zeros((count, 1), np.int8),
        price=price,
        returns=returns,
        **parts,
    )


@pytest.fixture(scope="session")
def make_series() -> Callable[..., AssetSeries]:
    return series_of
