"""Bars read from market data: those recorded, those made of trades, funding at their opens."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from undertow.backtest.bar_data import bar_data
from undertow.backtest.instrument_bars import read_bars
from undertow.domain.errors import DataError
from undertow.domain.event_rows import to_array
from undertow.domain.fixed import Step
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EventArray, EventKind, FundingPaid, MarketEvent, Trade
from undertow.domain.side import Side
from undertow.timeline.market_data import DataFidelity

START_NS = 1_704_067_200_000_000_000
MINUTE_NS = 60_000_000_000
PERP = Instrument(
    "A/USDT:USDT", "x", "A", MarketKind.LINEAR, "A", "USDT", "USDT", Step.of("0.1"), Step.of("0.01")
)


class Rows:
    """Rows as market data, two a block."""

    table = InstrumentTable([PERP])
    sources = ("x.linear",)
    fidelity = DataFidelity.TRADES
    digest = "rows"
    notes = ()

    def __init__(self, rows: EventArray) -> None:
        self.rows = rows
        self.span_ns = int(rows["receive_time_ns"][0]), int(rows["receive_time_ns"][-1]) + 1

    def blocks(self, start_ns: int = 0, stop_ns: int = 2**63 - 1) -> Iterator[EventArray]:
        for first in range(0, len(self.rows), 2):
            yield self.rows[first : first + 2]


def trade(second: float, ticks: int, lots: int, side: Side = Side.BUY) -> Trade:
    at_ns = START_NS + int(second * 1e9)
    return Trade(0, 0, at_ns, at_ns, side, ticks, lots, 1)


def test_recorded_bars_come_back(make_candles: Callable[..., dict[str, Any]]) -> None:
    candles = make_candles(50)
    found = read_bars(bar_data(candles))[0]
    for name in ("open", "high", "low", "close", "volume"):
        np.testing.assert_array_equal(found.bars.column(name), candles[name])
    np.testing.assert_array_equal(found.bars.open_time_ns, candles["date"])
    assert found.rows == 100


def test_trades_become_bars_and_funding_counts_at_the_next_open() -> None:
    funding = FundingPaid(0, 0, START_NS + 70 * 10**9, START_NS + 70 * 10**9, 10_0000_0000, 10**8)
    events: list[MarketEvent] = [
        trade(1, 100, 5), trade(20, 103, 2, Side.SELL), trade(59, 99, 1), trade(61, 101, 4),
        funding, trade(100, 102, 1), trade(125, 104, 1), trade(190, 90, 1),
    ]  # fmt: skip
    data: Any = Rows(to_array(events))
    found = read_bars(data, 60)[0]
    assert found.bars.open.tolist() == [10.0, 10.1, 10.4]
    assert found.bars.high.tolist() == [10.3, 10.2, 10.4]
    assert found.bars.low.tolist() == [9.9, 10.1, 10.4]
    assert found.bars.column("sell_volume").tolist() == [0.02, 0.0, 0.0]
    assert found.funding == pytest.approx([0.0, 0.0, 10.0 * 1e-4])


def test_a_bar_without_its_open_is_refused(make_candles: Callable[..., dict[str, Any]]) -> None:
    data: Any = bar_data(make_candles(10))
    rows = np.concatenate(list(data.blocks()))
    kept: Any = Rows(rows[rows["kind"] != EventKind.BAR_OPEN])
    with pytest.raises(DataError, match="open row"):
        read_bars(kept)
