"""Ten million seeded trades of one instrument over seven days, and the book deltas of one."""

import numpy as np

from undertow.domain.fixed import Step
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EVENT, FLAG_SNAPSHOT, EventArray, EventKind

DAYS_NS = 7 * 86_400 * 10**9
START_NS = 1_767_571_200 * 10**9


def table() -> InstrumentTable:
    """One linear perpetual."""
    perp = Instrument(
        "BTC/USDT:USDT", "aster", "BTCUSDT", MarketKind.LINEAR, "BTC", "USDT", "USDT",
        Step.of("0.1"), Step.of("0.001"), max_leverage=20,
    )  # fmt: skip
    return InstrumentTable([perp])


def trades(count: int = 10_000_000, seed: int = 1) -> EventArray:
    """A random walk of prices in ticks, exponential gaps, sizes of 1 to 500 lots."""
    rng = np.random.default_rng(seed)
    rows = np.zeros(count, EVENT)
    gaps = rng.exponential(1.0, count)
    times = START_NS + (np.cumsum(gaps) * (DAYS_NS / gaps.sum())).astype(np.int64)
    rows["event_time_ns"] = times
    rows["receive_time_ns"] = times + 5_000_000
    rows["price_ticks"] = 600_000 + np.cumsum(rng.integers(-1, 2, count))
    rows["qty_lots"] = rng.integers(1, 500, count)
    rows["sequence"] = np.arange(1, count + 1)
    rows["kind"] = EventKind.TRADE
    rows["side"] = rng.choice(np.array([-1, 1], np.int8), count)
    return rows


def book_deltas(updates: int = 200_000, levels: int = 5, seed: int = 2) -> EventArray:
    """A snapshot of 500 levels a side, then deltas of `levels` levels near the touch."""
    rng = np.random.default_rng(seed)
    rows = np.zeros(1_002 + updates * (levels + 2), EVENT)
    rows["kind"] = EventKind.BOOK_LEVEL
    rows["qty_lots"] = rng.integers(1, 1_000, len(rows))
    offsets = np.arange(1, 501)
    rows["price_ticks"][1:501], rows["side"][1:501] = 600_000 - offsets, 1
    rows["price_ticks"][501:1001], rows["side"][501:1001] = 600_000 + offsets, -1
    _frame(rows, 0, 1_001, 1)
    rows["flags"][0] = FLAG_SNAPSHOT
    side = rng.choice(np.array([-1, 1], np.int8), (updates, levels))
    far = rng.geometric(0.08, (updates, levels))
    gone = rng.random((updates, levels)) < 0.3
    for update in range(updates):
        start = 1_002 + update * (levels + 2)
        part = slice(start + 1, start + 1 + levels)
        rows["side"][part] = side[update]
        rows["price_ticks"][part] = 600_000 - side[update] * far[update]
        rows["qty_lots"][part] *= ~gone[update]
        _frame(rows, start, start + levels + 1, update + 2)
    rows["event_time_ns"] = START_NS + np.arange(len(rows)) * 1_000_000
    rows["receive_time_ns"] = rows["event_time_ns"] + 5_000_000
    return rows


def _frame(rows: EventArray, begin: int, end: int, update_id: int) -> None:
    rows["kind"][begin], rows["kind"][end] = EventKind.BOOK_BEGIN, EventKind.BOOK_END
    rows["side"][begin] = rows["side"][end] = 0
    rows["qty_lots"][begin], rows["qty_lots"][end] = end - begin - 1, 0
    rows["price_ticks"][begin], rows["price_ticks"][end] = update_id, 0
    rows["qty_b"][begin] = update_id - 1 if update_id > 1 else update_id
    rows["sequence"][begin : end + 1] = update_id
