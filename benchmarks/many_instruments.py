"""Flow state of hundreds of instruments: its memory, its snapshots, and what a live load costs.

Every instrument gets a book of 200 levels a side and then trades and book updates at random, so
that after a while every ring of every instrument is full.
"""

import gc
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.result import Result, timed
from undertow.domain.fixed import Step
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EVENT, FLAG_SNAPSHOT, EventArray, EventKind
from undertow.flow.flow_state import FlowState

VENUES = ("aster", "borea", "cetus")
START_NS = 1_767_571_200 * 10**9
LEVELS = 200
NEVER_NS = 2**63 - 1
S = 10**9
BUSY_NS = START_NS + 12 * 3600 * S
LIVE_NS = BUSY_NS + 1_200 * S


def table(count: int) -> InstrumentTable:
    """`count` instruments, three an asset: spot at the first venue, perpetuals at the others."""
    rows = []
    for i in range(count):
        base, venue = f"C{i // len(VENUES)}", VENUES[i % len(VENUES)]
        is_spot = i % len(VENUES) == 0
        rows.append(
            Instrument(
                f"{base}/USDT" if is_spot else f"{base}/USDT:USDT", venue, f"{base}USDT",
                MarketKind.SPOT if is_spot else MarketKind.LINEAR, base, "USDT",
                "USDT", Step.of("0.01"), Step.of("0.001"),
                max_leverage=1 if is_spot else 20,
            )
        )  # fmt: skip
    return InstrumentTable(rows)


def sources(count: int) -> list[str]:
    """One source a venue."""
    return list(VENUES[: min(count, len(VENUES))])


class Venues:
    """Makes the rows of `count` instruments; book updates join on from one stretch to the next."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.update_ids = np.ones(count, np.int64)

    def books(self) -> EventArray:
        """A snapshot of every book."""
        rows = np.zeros(self.count * (2 * LEVELS + 2), EVENT).reshape(self.count, -1)
        rows["kind"] = EventKind.BOOK_LEVEL
        away = np.arange(1, LEVELS + 1)
        rows["price_ticks"][:, 1 : LEVELS + 1], rows["side"][:, 1 : LEVELS + 1] = 60_000 - away, 1
        rows["price_ticks"][:, LEVELS + 1 : -1] = 60_000 + away
        rows["side"][:, LEVELS + 1 : -1] = -1
        rows["qty_lots"] = 500
        rows["kind"][:, 0], rows["kind"][:, -1] = EventKind.BOOK_BEGIN, EventKind.BOOK_END
        rows["flags"][:, 0] = FLAG_SNAPSHOT
        rows["qty_lots"][:, 0], rows["qty_lots"][:, -1] = 2 * LEVELS, 0
        rows["price_ticks"][:, 0] = rows["qty_b"][:, 0] = self.update_ids
        rows["price_ticks"][:, -1] = 0
        rows["instrument"] = np.arange(self.count)[:, None]
        return dated(rows.reshape(-1), np.full(rows.size, START_NS))

    def trades(self, each: int, from_ns: int, to_ns: int, seed: int) -> EventArray:
        """So many trades of each instrument, at random times."""
        rng = np.random.default_rng(seed)
        rows = np.zeros(self.count * each, EVENT)
        rows["kind"] = EventKind.TRADE
        rows["instrument"] = rng.integers(0, self.count, len(rows))
        _trade(rows, slice(None), rng)
        return dated(rows, np.sort(rng.integers(from_ns, to_ns, len(rows))))

    def traffic(self, messages: int, from_ns: int, to_ns: int, seed: int) -> EventArray:
        """Trades and (three of four) book updates of one level, at random times."""
        rng = np.random.default_rng(seed)
        is_trade = rng.random(messages) < 0.25
        width = np.where(is_trade, 1, 3)
        first = np.cumsum(width) - width
        rows = np.zeros(int(width.sum()), EVENT)
        rows["instrument"] = np.repeat(rng.integers(0, self.count, messages), width)
        begins = first[~is_trade]
        rows["kind"] = EventKind.BOOK_LEVEL
        rows["kind"][first[is_trade]] = EventKind.TRADE
        rows["kind"][begins], rows["kind"][begins + 2] = EventKind.BOOK_BEGIN, EventKind.BOOK_END
        _trade(rows, first[is_trade], rng)
        side = rng.choice(np.array([-1, 1], np.int8), len(begins))
        rows["qty_lots"][begins] = 1
        rows["side"][begins + 1] = side
        rows["price_ticks"][begins + 1] = 60_000 - side * rng.integers(1, 60, len(begins))
        rows["qty_lots"][begins + 1] = rng.integers(1, 1_000, len(begins))
        self._number(rows, begins)
        times = np.sort(rng.integers(from_ns, to_ns, messages))
        return dated(rows, np.repeat(times, width))

    def _number(self, rows: EventArray, begins: NDArray[np.int64]) -> None:
        owner = rows["instrument"][begins].astype(np.int64)
        order = np.argsort(owner, kind="stable")
        sorted_owner = owner[order]
        number = np.empty(len(begins), np.int64)
        number[order] = np.arange(len(begins)) - np.searchsorted(sorted_owner, sorted_owner) + 1
        number += self.update_ids[owner]
        rows["price_ticks"][begins] = number
        rows["qty_b"][begins] = number - 1
        np.maximum.at(self.update_ids, owner, number)


def _trade(rows: EventArray, places: slice | NDArray[np.int64], rng: np.random.Generator) -> None:
    count = len(rows["side"][places])
    rows["side"][places] = rng.choice(np.array([-1, 1], np.int8), count)
    rows["price_ticks"][places] = 60_000 + rng.integers(-1, 2, count)
    rows["qty_lots"][places] = rng.integers(1, 500, count)


def dated(rows: EventArray, times: NDArray[np.int64]) -> EventArray:
    """The rows of these event times, received 5 ms later from their venue's source."""
    rows["source"] = rows["instrument"] % len(VENUES)
    rows["event_time_ns"] = times
    rows["receive_time_ns"] = times + 5_000_000
    return rows


def feed(flow: FlowState, rows: EventArray) -> None:
    """All rows at once."""
    position = 0
    while position < len(rows):
        position = flow.advance(rows, position, len(rows), NEVER_NS)


def filled(count: int) -> tuple[FlowState, Venues]:
    """A state whose rings are all full: twelve hours a trade a minute, then 20 busy minutes."""
    flow, venues = FlowState(table(count), sources(count)), Venues(count)
    feed(flow, venues.books())
    feed(flow, venues.trades(12 * 60, START_NS, BUSY_NS, 1))
    feed(flow, venues.traffic(count * 1_200 * 4, BUSY_NS, LIVE_NS, 2))
    feed(flow, venues.trades(1, LIVE_NS, LIVE_NS + S, 3))  # lets go of the long array
    return flow, venues


def resident_mib() -> float:
    """Resident memory of this process now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / (1 << 20)


def measure() -> list[Result]:
    """Memory of 1,000 instruments; snapshot, restore and live load of 300."""
    feed(FlowState(table(3), sources(3)), Venues(3).books())
    gc.collect()
    before = resident_mib()
    flow = FlowState(table(1_000), sources(1_000))
    views = (resident_mib() - before) * 1.048576
    full = flow.nbytes / 1e6 + views
    del flow
    gc.collect()
    flow, _ = filled(1_000)
    gc.collect()
    resident = resident_mib() - before
    results = [
        Result("flow state of 1,000 instruments, arrays and views", full, full, "MB", "<= 400 MB",
               f"{resident:.0f} MiB resident after filling every ring")
    ]  # fmt: skip
    del flow
    results.append(week_growth())
    flow, venues = filled(300)
    saved = flow.snapshot()
    results.append(timed("snapshot of 300 instruments", flow.snapshot,
                         note=f"{len(saved) / 1e6:.0f} MB"))  # fmt: skip
    other = FlowState(table(300), sources(300))
    results.append(timed("restore of 300 instruments", lambda: other.restore(saved)))
    results.append(live_load(flow, venues))
    return results


def week_growth() -> Result:
    """Memory gained over a simulated week of a trade a minute, on 100 instruments with books."""
    flow, venues = FlowState(table(100), sources(100)), Venues(100)
    feed(flow, venues.books())
    sizes = []
    for day in range(8):
        from_ns = START_NS + day * 86_400 * S
        feed(flow, venues.trades(1_440, from_ns, from_ns + 86_399 * S, day))
        feed(flow, venues.trades(1, from_ns + 86_399 * S, from_ns + 86_400 * S, day))
        gc.collect()
        sizes.append(resident_mib())
    grown = sizes[-1] - sizes[1]
    return Result("memory gained over a simulated week", grown, grown, "MiB", "0",
                  "100 instruments, after the first two days")  # fmt: skip


def live_load(flow: FlowState, venues: Venues) -> Result:
    """Share of one core for 20,000 messages/s on 300 instruments, in batches of 5 ms."""
    seconds = 10
    start_ns = LIVE_NS + 100 * S
    rows = venues.traffic(20_000 * seconds, start_ns, start_ns + seconds * S, 5)
    times = rows["receive_time_ns"]
    edges = np.searchsorted(times, np.arange(times[0], times[-1], 5_000_000)).tolist()
    spent = time.process_time()
    position = 0
    for edge in [*edges, len(rows)]:
        while position < edge:
            position = flow.advance(rows, position, edge, NEVER_NS)
    share = (time.process_time() - spent) / seconds * 100
    return Result("20,000 messages/s on 300 instruments, batches of 5 ms", share, share,
                  "% of a core", "<= 30 %", "flow state alone")  # fmt: skip
