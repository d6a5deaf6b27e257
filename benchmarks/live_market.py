"""Rows of a live market of many instruments: prices that swing, sizes of all kinds, slow facts.

The rows of `many_instruments.Venues` with moved prices and uneven sizes, and among them what venues
tell of perpetuals: mark prices with funding, open interest, forced orders and paid fundings. Books
stay where they are: what a measure of the book costs does not depend on where the book is.
"""

import numpy as np
from numpy.typing import NDArray

from benchmarks.many_instruments import (
    BUSY_NS,
    START_NS,
    VENUES,
    S,
    Venues,
    dated,
    feed,
    sources,
    table,
)
from undertow.domain.market_event import EVENT, EventArray, EventKind
from undertow.flow.flow_state import FlowState

LIVE_NS = BUSY_NS + 1_770 * S
"""Thirty seconds before a full quarter of an hour."""

FUNDING_NS = 8 * 3600 * S
CHUNK_NS = 150 * S


class LiveVenues(Venues):
    """`Venues` whose trades and facts are those of a market that moves."""

    def busy(self, messages: int, from_ns: int, to_ns: int, seed: int) -> EventArray:
        """Trades and book updates, a mark price a second, open interest a minute, forced orders."""
        rows = self.traffic(messages, from_ns, to_ns, seed)
        return self._with_facts(rows, from_ns, to_ns, seed, mark_s=1)

    def thin(self, each: int, from_ns: int, to_ns: int, seed: int) -> EventArray:
        """Trades of each instrument, and every fact once a minute."""
        rows = self.trades(each, from_ns, to_ns, seed)
        return self._with_facts(rows, from_ns, to_ns, seed, mark_s=60)

    def _with_facts(
        self, rows: EventArray, from_ns: int, to_ns: int, seed: int, *, mark_s: int
    ) -> EventArray:
        rng = np.random.default_rng((seed, 1))
        is_trade = rows["kind"] == EventKind.TRADE
        rows["qty_lots"][is_trade] = 1 + rng.lognormal(4.0, 1.3, int(is_trade.sum()))
        rows["price_ticks"][is_trade] += self._moved(rows[is_trade])
        parts = [rows, self._marks(from_ns, to_ns, mark_s)]
        parts += [self._open_interests(from_ns, to_ns, rng), self._forced(from_ns, to_ns, rng)]
        joined = np.concatenate(parts)
        # Stable: the rows of a book update have one time and stay together.
        return joined[np.argsort(joined["event_time_ns"], kind="stable")]

    def _moved(self, rows: EventArray) -> NDArray[np.int64]:
        # Waves of some hours, a quarter of an hour and two minutes, each asset with its own phases.
        seconds = (rows["event_time_ns"] - START_NS) / S
        phase = rows["instrument"] // len(VENUES) * 1.7
        wave = 400.0 * np.sin(seconds / 2_400.0 + phase)
        wave += 90.0 * np.sin(seconds / 131.0 + 3.0 * phase)
        wave += 25.0 * np.sin(seconds / 17.0 + 7.0 * phase)
        return (wave + rows["instrument"] % len(VENUES) * 3.0).astype(np.int64)

    def _regular(self, from_ns: int, to_ns: int, every_s: int) -> EventArray:
        # A row of each perpetual at each time.
        perps = np.flatnonzero(np.arange(self.count) % len(VENUES))
        times = np.arange(from_ns, to_ns, every_s * S)
        rows = np.zeros(len(perps) * len(times), EVENT)
        rows["instrument"] = np.tile(perps, len(times))
        return dated(rows, np.repeat(times, len(perps)))

    def _marks(self, from_ns: int, to_ns: int, every_s: int) -> EventArray:
        rows = self._regular(from_ns, to_ns, every_s)
        rows["kind"] = EventKind.MARK_PRICE
        rows["price_ticks"] = (60_000 + self._moved(rows)) * 1_000_000
        rows["price_b"] = rows["price_ticks"]
        rows["qty_b"] = 100_000_000 + rows["instrument"].astype(np.int64) * 100_000
        rows["sequence"] = (rows["event_time_ns"] // FUNDING_NS + 1) * FUNDING_NS
        return rows

    def _open_interests(self, from_ns: int, to_ns: int, rng: np.random.Generator) -> EventArray:
        rows = self._regular(from_ns, to_ns, 60)
        rows["kind"] = EventKind.OPEN_INTEREST
        seconds = (rows["event_time_ns"] - START_NS) / S
        wave = 3e6 * np.sin(seconds / 3_000.0 + rows["instrument"])
        rows["qty_lots"] = 5e7 + wave + rng.normal(0.0, 1e5, len(rows))
        return rows

    def _forced(self, from_ns: int, to_ns: int, rng: np.random.Generator) -> EventArray:
        # One in a hundred seconds of each perpetual.
        rows = self._regular(from_ns, to_ns, 1)
        rows = rows[rng.random(len(rows)) < 0.01]
        rows["kind"] = EventKind.LIQUIDATION
        rows["side"] = rng.choice(np.array([-1, 1], np.int8), len(rows))
        rows["price_ticks"] = 60_000 + self._moved(rows)
        rows["qty_lots"] = 1 + rng.lognormal(6.0, 1.0, len(rows))
        return rows


def warm(count: int) -> tuple[FlowState, LiveVenues]:
    """A state at `LIVE_NS`: twelve hours a trade a minute, then half an hour of four messages a
    second and instrument."""
    flow, venues = FlowState(table(count), sources(count)), LiveVenues(count)
    feed(flow, venues.books())
    feed(flow, venues.thin(12 * 60, START_NS, BUSY_NS, 1))
    for place, from_ns in enumerate(range(BUSY_NS, LIVE_NS, CHUNK_NS)):
        to_ns = min(from_ns + CHUNK_NS, LIVE_NS)
        messages = count * 4 * ((to_ns - from_ns) // S)
        feed(flow, venues.busy(messages, from_ns, to_ns, 100 + place))
    return flow, venues
