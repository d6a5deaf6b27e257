"""A stretch of several instruments: order, restarts, digests and notes."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from undertow.domain.errors import DataError
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EVENT, EventArray, EventKind
from undertow.storage.catalog.candle_feed import HeldCandles
from undertow.storage.catalog.candles import Candles
from undertow.storage.catalog.lake_feed import lake_feeds
from undertow.storage.catalog.stored_data import BLOCK_ROWS, InstrumentFeeds, StoredData
from undertow.storage.catalog.time_range import TimeRange
from undertow.storage.imports.tick_store import TickStore
from undertow.timeline.market_data import DataFidelity, DataNote, MarketData

START = 1_704_067_200 * 10**9
HOUR = 3_600 * 10**9
Make = Callable[..., Candles]


@pytest.fixture
def feeds(table: InstrumentTable, make_candles: Make) -> list[InstrumentFeeds]:
    """A perpetual with marks and funding, spot on the same venue, a perpetual on another."""
    times = START + np.arange(1, 6) * 8 * HOUR + np.array([0, 3, 0, 8, 0]) * 10**6
    funding = {"time_ns": times, "rate_e12": np.arange(5) - 2, "mark_e8": np.zeros(5, np.int64)}
    mark = HeldCandles(table[0], make_candles(6, "8h", seed=3))
    return [
        InstrumentFeeds(
            table[0], HeldCandles(table[0], make_candles(600)), mark=mark, funding=funding
        ),
        InstrumentFeeds(table[1], HeldCandles(table[1], make_candles(500, seed=4))),
        InstrumentFeeds(table[2], HeldCandles(table[2], make_candles(400, seed=5, told=True))),
    ]


def rows_of(data: MarketData, start: int = 0, stop: int = 2**63 - 1) -> EventArray:
    blocks = list(data.blocks(start, stop))
    return np.concatenate(blocks) if blocks else np.empty(0, EVENT)


def test_one_order_for_all(feeds: list[InstrumentFeeds]) -> None:
    data = StoredData(feeds)
    assert data.sources == ("binance.linear", "binance.spot", "bybit.linear")
    rows = rows_of(data)
    assert len(rows) == 2 * 600 + 2 * 500 + 3 * 400 + 6 + 5
    assert (np.diff(rows["receive_time_ns"]) >= 0).all()
    at = rows[rows["receive_time_ns"] == START + 8 * HOUR + 5_000_000]
    kinds = at["kind"].tolist()
    closes = [EventKind.BAR, EventKind.BAR, EventKind.BAR_FLOW, EventKind.BAR]
    assert kinds == [*closes, EventKind.MARK_PRICE, EventKind.FUNDING, *[EventKind.BAR_OPEN] * 3]
    assert data.span_ns == (int(rows[0]["receive_time_ns"]), int(rows[-1]["receive_time_ns"]) + 1)


def test_blocks_can_begin_and_end_anywhere(feeds: list[InstrumentFeeds]) -> None:
    data = StoredData(feeds)
    whole, rng = rows_of(data), np.random.default_rng(6)
    times = whole["receive_time_ns"]
    for _ in range(40):
        start, stop = sorted(
            rng.integers(int(times[0]) - 10**9, int(times[-1]) + 10**9, 2).tolist()
        )
        wanted = whole[(times >= start) & (times < stop)]
        assert rows_of(data, start, stop).tobytes() == wanted.tobytes()


def test_blocks_are_bounded(table: InstrumentTable, make_candles: Make) -> None:
    feed = InstrumentFeeds(table[0], HeldCandles(table[0], make_candles(100_000, "1m")))
    sizes = [len(block) for block in StoredData([feed]).blocks()]
    assert max(sizes) == BLOCK_ROWS
    assert sum(sizes) == 200_000


def test_digests_and_candles(feeds: list[InstrumentFeeds]) -> None:
    data = StoredData(feeds)
    assert data.digest == StoredData(feeds).digest
    others = [
        StoredData(feeds[:2]),
        StoredData(feeds, TimeRange(START + HOUR)),
        StoredData(feeds[::-1]),
    ]
    assert len({data.digest, *(one.digest for one in others)}) == 4
    assert len(data.candles(1)) == 500
    assert data.timeframe(1) == "5m"
    assert StoredData([feeds[0]], TimeRange(1, 2)).span_ns == (0, 0)


def test_notes_say_what_is_wrong(table: InstrumentTable, make_candles: Make) -> None:
    candles = make_candles(600)
    holed = candles.part(np.flatnonzero((np.arange(600) < 100) | (np.arange(600) >= 200)))
    note = DataNote("range", table[0].instrument_id, 3, "3 rows")
    data = StoredData([InstrumentFeeds(table[0], HeldCandles(table[0], holed))], notes=[note])
    assert [(one.kind, one.count) for one in data.notes] == [
        ("range", 3),
        ("gap", 100),
        ("history", 500),
    ]
    assert "100 of 600 5m bars are missing" in data.notes[1].text


def test_recorded_rows_and_bars_side_by_side(
    tmp_path: Path,
    table: InstrumentTable,
    make_candles: Make,
    make_trades: Callable[[int], EventArray],
) -> None:
    trades = make_trades(3_000)
    trades["receive_time_ns"] = START + np.arange(3_000) * 10**9 + 7
    trades["event_time_ns"] = trades["receive_time_ns"] - 7
    store = TickStore(tmp_path, table[2], "bybit.linear.trades")
    store.add(trades)
    store.close()
    lake = tuple(lake_feeds(tmp_path, lambda one: True))
    bars = InstrumentFeeds(table[0], HeldCandles(table[0], make_candles(12)))
    data = StoredData([bars, InstrumentFeeds(table[2], None, lake)])
    assert data.fidelity is DataFidelity.BARS
    assert StoredData([InstrumentFeeds(table[2], None, lake)]).fidelity is DataFidelity.TRADES
    rows = rows_of(data)
    assert len(rows) == 3_024
    assert (np.diff(rows["receive_time_ns"]) >= 0).all()
    assert rows["instrument"][rows["kind"] == EventKind.TRADE].tolist() == [1] * 3_000
    start = START + 1_000 * 10**9
    part = rows_of(data, start, start + 10**9)
    assert (
        part.tobytes()
        == rows[
            (rows["receive_time_ns"] >= start) & (rows["receive_time_ns"] < start + 10**9)
        ].tobytes()
    )
    assert data.timeframe(1) == ""
    with pytest.raises(DataError, match="found recorded rows"):
        data.candles(1)
