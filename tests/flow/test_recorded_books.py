"""Measures of three recorded books beside a slow reading of the raw messages.

The live state is stopped before every trade, quote and book update; what it then says is compared
with dicts of decimals that took the same messages from the text of the file. Only the moments of
the looks are taken from the state: once a second, before the row that closed the second.
"""

from collections import defaultdict
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.flow.slow_market import SlowBook, SlowWalls, level_flows, messages

from undertow.backtest.recording import open_recordings
from undertow.domain.market_event import EventArray, EventKind
from undertow.domain.side import Side
from undertow.flow.book_imbalance import depth_imbalance
from undertow.flow.flow_config import FlowConfig
from undertow.flow.flow_state import FlowState
from undertow.flow.walls import Wall

S = 10**9
FILES = {
    "binance.spot": "spot/btcusdt_20240808.gz",
    "binance.usdm": "usdm/btcusdt_20240808.gz",
    "binance.coinm": "cm/btcusd_perp_20240808.gz",
}
pytestmark = pytest.mark.recorded
STARTS = (EventKind.TRADE, EventKind.QUOTE, EventKind.BOOK_BEGIN)
LEVELS = 5


def cuts(rows: EventArray) -> list[int]:
    """Where something begins that may close a second, and the end."""
    return [*np.flatnonzero(np.isin(rows["kind"], STARTS)).tolist(), len(rows)]


class Beside:
    """A flow state and a slow market that take the same recording, and what both said of it."""

    def __init__(self, venue: str, path: Path) -> None:
        (self.recording,) = (recordings := open_recordings([f"{venue}={path}"])).sources
        config = FlowConfig(book_levels=8192, ofi_seconds=600, imbalances_kept=2000)
        self.state = FlowState(recordings.table, [venue], config)
        self.flow = self.state[0]
        one = self.flow.instrument
        units = Decimal(one.price_step.text(1)), Decimal(one.qty_step.text(1))
        self.book = SlowBook(*units)
        self.walls = SlowWalls(self.book)
        self.raw_books, self.raw_trades = messages(path)
        self.last_id = 0
        self.now_s = 0
        self.seconds: dict[int, Any] = defaultdict(lambda: np.zeros(LEVELS, np.int64))
        self.updates: list[tuple[Any, ...]] = []
        self.flows: list[tuple[list[int], list[int]]] = []
        self.imbalances: list[tuple[float, float]] = []
        self.depths: list[tuple[float, float]] = []
        self.thresholds: list[tuple[float, float]] = []
        self.tracked: list[tuple[Any, Any]] = []
        for rows in self.recording.chunks():
            for start, stop in zip(cuts(rows)[:-1], cuts(rows)[1:], strict=True):
                self.take(rows, start, stop)

    def take(self, rows: EventArray, start: int, stop: int) -> None:
        """One trade, quote or book update."""
        looks, at = self.looks(), start
        while at < stop:
            at = self.state.advance(rows, at, stop, 2**62)
        has_looked = self.looks() > looks
        if has_looked:
            assert self.looks() == looks + 1
            self.look()
        row = rows[start]
        self.now_s = max(self.now_s, int(row["event_time_ns"]) // S)
        if row["kind"] == EventKind.TRADE:
            self.trade(self.raw_trades[int(row["sequence"])])
        elif row["kind"] == EventKind.BOOK_BEGIN:
            self.update(int(row["sequence"]))
        if has_looked:
            self.compare_flows(60)

    def looks(self) -> int:
        """How often the state has looked at the book."""
        return int(self.flow._sample["samples"])

    def trade(self, raw: dict[str, Any]) -> None:
        """Let the slow walls know of it."""
        ticks, lots = self.book.count(raw["p"], 0), self.book.count(raw["q"], 1)
        self.walls.trade(-1 if raw["m"] else 1, ticks, lots)

    def update(self, last_id: int) -> None:
        """Let the slow book take a message, and note the levels and flows of both."""
        if last_id <= self.last_id:
            return
        raw, old = self.raw_books[last_id], self.book.best(LEVELS)
        self.book.take(raw)
        new = self.book.best(LEVELS)
        if self.last_id:
            second = int(raw.get("T", raw["E"])) // 1000
            self.seconds[second] += level_flows(old, new, LEVELS)
        self.last_id = last_id
        bids, asks = (self.flow.depth(side, LEVELS).tolist() for side in (Side.BUY, Side.SELL))
        self.updates.append((bids, asks, *([list(one) for one in side] for side in new)))
        self.compare_flows(5)

    def compare_flows(self, window: int) -> None:
        """Note the flows of the last seconds."""
        slow = sum(self.seconds[self.now_s - back] for back in range(window))
        self.flows.append((self.flow.multi_level_ofi(window).tolist(), slow.tolist()))

    def look(self) -> None:
        """Note what both say of the book as it was before the row that closed the second."""
        self.walls.look(int(self.flow._sample["sampled_s"]))
        self.imbalances.append((float(self.flow.imbalances()[-1]), self.book.imbalance(LEVELS)))
        self.thresholds.append((self.flow.wall_threshold_lots, self.walls.threshold))
        ours = {(int(one.side), one.price_ticks): told(one) for one in self.flow.tracked_walls()}
        now_s = self.walls.looked_s
        self.tracked.append((ours, {key: one.told(now_s) for key, one in self.walls.walls.items()}))


def told(one: Wall) -> tuple[int, ...]:
    """What is known of a wall, in the order of `SlowWall.told`."""
    traded = one.consumed_lots, one.cancelled_lots, one.near_cancelled_lots
    return one.lots, one.largest_lots, one.age_s, one.rested_s, one.absent_s, *traded


@cache
def both(venue: str, folder: Path) -> Beside:
    """A recording, gone over once for all tests."""
    return Beside(venue, folder / "hftbacktest" / FILES[venue])


@pytest.fixture(params=list(FILES))
def beside(request: pytest.FixtureRequest, recorded: Path) -> Beside:
    return both(request.param, recorded)


def test_the_best_levels_after_every_update(beside: Beside) -> None:
    assert len(beside.updates) > 3_000
    for bids, asks, slow_bids, slow_asks in beside.updates:
        assert (bids, asks) == (slow_bids, slow_asks)
    assert beside.flow.counters["dropped_levels"] == 0


def test_the_flow_of_every_level_after_every_update(beside: Beside) -> None:
    ours, slow = zip(*beside.flows, strict=True)
    assert ours == slow
    assert np.abs(np.array(slow)).max(axis=0).min() > 0


def test_the_imbalance_at_every_look(beside: Beside) -> None:
    ours, slow = np.array(beside.imbalances).T
    assert len(ours) > 280
    assert np.array_equal(ours, slow.astype(np.float32))
    assert slow.std() > 0.1


def test_the_imbalance_of_any_depth(beside: Beside) -> None:
    for levels in (1, 3, 20, 200, 3000):
        assert depth_imbalance(beside.flow, levels) == beside.book.imbalance(levels)


def test_the_walls_at_every_look(beside: Beside) -> None:
    ours, slow = np.array(beside.thresholds).T
    assert np.allclose(ours, slow, rtol=1e-12)
    for found, expected in beside.tracked:
        assert found == expected
    last = beside.tracked[-1][1]
    assert len(last) > 10


def test_some_walls_rested_long_some_were_traded_and_some_pulled(recorded: Path) -> None:
    told = [looks for venue in FILES for _, looks in both(venue, recorded).tracked]
    walls = np.array([one for looks in told for one in looks.values()])
    rested, consumed, cancelled, near = walls[:, [3, 5, 6, 7]].max(axis=0)
    assert rested > 200
    assert min(consumed, cancelled, near) > 0
