"""The once-a-second look at 300 books of 1,000 levels a side, and what reads its results."""

import msgspec
import numpy as np

from benchmarks.result import Result, per_second, timed
from benchmarks.synthetic_trades import table
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EVENT, FLAG_SNAPSHOT, EventArray, EventKind
from undertow.flow.consolidated_book import consolidated_book
from undertow.flow.flow_state import FlowState
from undertow.flow.stable_levels import stable_levels

BOOKS = 300
LEVELS = 1_000
SECONDS = 120
START_NS = 1_767_571_200 * 10**9
NEVER_NS = 2**63 - 1


def books(count: int = BOOKS, seed: int = 4) -> EventArray:
    """A snapshot of `count` books of heavy-tailed sizes around 60,000."""
    rng = np.random.default_rng(seed)
    rows = np.zeros((count, 2 * LEVELS + 2), EVENT)
    rows["instrument"] = np.arange(count)[:, None]
    rows["event_time_ns"], rows["receive_time_ns"] = START_NS, START_NS + 5_000_000
    rows["kind"], rows["sequence"] = EventKind.BOOK_LEVEL, 1
    offsets = np.arange(1, LEVELS + 1)
    rows["side"][:, 1 : LEVELS + 1], rows["side"][:, LEVELS + 1 : -1] = 1, -1
    rows["price_ticks"][:, 1 : LEVELS + 1] = 600_000 - offsets
    rows["price_ticks"][:, LEVELS + 1 : -1] = 600_000 + offsets
    rows["qty_lots"] = 1 + 100 * rng.pareto(1.5, rows.shape)
    rows["kind"][:, 0], rows["kind"][:, -1] = EventKind.BOOK_BEGIN, EventKind.BOOK_END
    rows["side"][:, 0] = rows["side"][:, -1] = rows["qty_lots"][:, -1] = 0
    rows["qty_lots"][:, 0], rows["qty_b"][:, 0] = 2 * LEVELS, 1
    rows["flags"][:, 0] = FLAG_SNAPSHOT
    return rows.reshape(-1)


def ticks(seconds: int = SECONDS) -> EventArray:
    """One row a second that closes it for everybody: the mark price of the first instrument."""
    rows = np.zeros(seconds, EVENT)
    rows["event_time_ns"] = START_NS + np.arange(1, seconds + 1) * 10**9
    rows["receive_time_ns"] = rows["event_time_ns"] + 5_000_000
    rows["kind"] = EventKind.MARK_PRICE
    return rows


def measure() -> list[Result]:
    """Looks a second, then one reading of each kind."""
    (perp,) = table()
    names = [msgspec.structs.replace(perp, venue=f"v{i}") for i in range(BOOKS)]
    flow = FlowState(InstrumentTable(names), ["aster.perp"])
    rows = books()
    flow.advance(rows, 0, len(rows), NEVER_NS)
    start = START_NS

    def looks() -> object:
        nonlocal start
        closing = ticks()
        closing["event_time_ns"] += start - START_NS
        closing["receive_time_ns"] += start - START_NS
        start += SECONDS * 10**9
        flow.advance(closing, 0, len(closing), NEVER_NS)
        return flow[0].imbalances()

    return [
        per_second(
            "looks at books of 1,000 levels a side",
            BOOKS * SECONDS,
            looks,
            budget=">= 15,000/s",
            note="300 books a second within 2 % of a core",
        ),
        timed("walls of one book", lambda: flow[0].walls()),
        timed("stable levels of one heatmap", lambda: stable_levels(flow[0].heatmap())),
        timed("consolidated book of 300 members", lambda: consolidated_book(flow.asset("BTC"))),
    ]
