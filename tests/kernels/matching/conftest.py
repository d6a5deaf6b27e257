"""The venue loop once more, in plain Python over dicts and lists: the twin of the kernels."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from undertow.domain.market_event import EVENT, FLAG_SNAPSHOT, EventArray, EventKind
from undertow.kernels.matching import venue_state as codes
from undertow.kernels.matching.match_rows import match_rows

UNKNOWN = codes.AHEAD_UNKNOWN


class PlainSide:
    """One side of a book: key -> [shown, taken, left]."""

    def __init__(self) -> None:
        self.levels: dict[int, list[int]] = {}
        self.eaten: int | None = None

    def name(self, key: int, lots: int) -> None:
        old = self.levels.get(key)
        if lots == 0:
            self.levels.pop(key, None)
            return
        taken = old[1] if old and old[0] == lots else 0
        self.levels[key] = [lots, taken, lots - taken]

    def trade(self, key: int, lots: int) -> None:
        for level, row in self.levels.items():
            if level > key:
                row[2] = 0
        if key in self.levels:
            self.levels[key][2] = max(0, self.levels[key][2] - lots)
        self.eaten = key if self.eaten is None else min(self.eaten, key)

    def confirm(self) -> None:
        for key, row in self.levels.items():
            if self.eaten is not None and key >= self.eaten:
                row[2] = row[0] - row[1]
        self.eaten = None

    def shown(self, key: int) -> int:
        if not self.levels or key < min(self.levels):
            return -1
        return self.levels[key][0] if key in self.levels else 0

    def best(self, *, with_left: bool) -> int | None:
        keys = [k for k, row in self.levels.items() if row[2] > 0 or not with_left]
        return max(keys, default=None)

    def rows(self) -> list[list[int]]:
        return [[key, *self.levels[key]] for key in sorted(self.levels)]


class PlainVenue:
    """One instrument, book fidelity."""

    def __init__(self, model: int, orders: list[dict[str, int]]) -> None:
        self.model = model
        self.orders = orders
        self.sides = {1: PlainSide(), -1: PlainSide()}
        self.sync = "lost"
        self.book_id = self.event_ns = self.eaten_ns = 0
        self.named: dict[int, set[int]] = {}
        self.mode = "none"

    def apply(self, row: np.void) -> list[tuple[int, int, int]]:
        """Hits of one row, sorted."""
        kind = int(row["kind"])
        if kind == EventKind.TRADE:
            return sorted(self.trade(row))
        if kind == EventKind.BOOK_BEGIN:
            self.begin(row)
        elif kind == EventKind.BOOK_LEVEL and self.mode in ("delta", "snapshot"):
            side, ticks = int(row["side"]), int(row["price_ticks"])
            self.sides[side].name(side * ticks, int(row["qty_lots"]))
            self.named[side].add(side * ticks)
        elif kind == EventKind.BOOK_END:
            return sorted(self.end(row))
        elif kind == EventKind.GAP:
            self.lose()
        return []

    def lose(self) -> None:
        self.sync = "lost"
        for side in self.sides.values():
            side.levels.clear()

    def begin(self, row: np.void) -> None:
        previous, last = int(row["qty_b"]), int(row["sequence"])
        self.named = {1: set(), -1: set()}
        is_known, is_old = self.sync != "lost", 0 < last <= self.book_id
        is_overlap = self.sync == "fresh" and previous < self.book_id
        if row["flags"] & FLAG_SNAPSHOT:
            self.mode = "snapshot"
        elif is_known and not is_old and (not last or previous == self.book_id or is_overlap):
            self.mode = "delta"
        else:
            self.mode = "skip"
            if is_known and not is_old:
                self.lose()

    def end(self, row: np.void) -> list[tuple[int, int, int]]:
        mode, self.mode = self.mode, "none"
        if mode not in ("delta", "snapshot"):
            return []
        self.sync = "fresh" if mode == "snapshot" else "following"
        if mode == "snapshot":
            for name, side in self.sides.items():
                for key in set(side.levels) - self.named[name]:
                    del side.levels[key]
        self.book_id, self.event_ns = int(row["sequence"]), int(row["event_time_ns"])
        if self.event_ns >= self.eaten_ns:
            for side in self.sides.values():
                side.confirm()
        if not any(order["release"] == 0 for order in self.orders):
            return []
        self.move_queues()
        return self.crossed()

    def move_queues(self) -> None:
        for order in self.orders:
            if order["release"]:
                continue
            shown = self.sides[order["side"]].shown(order["side"] * order["ticks"])
            if shown < 0:
                continue
            if order["ahead"] == UNKNOWN or (shown == 0 and order["ahead"] > 0):
                order["ahead"], order["reflected_ns"] = shown, self.event_ns
            elif shown > 0:
                self.cancels(order, shown)
            order["shown"], order["traded"] = shown, 0

    def cancels(self, order: dict[str, int], shown: int) -> None:
        rest = order["shown"] - order["traded"]
        gone = rest - shown
        if gone <= 0 or self.model == codes.QUEUE_PESSIMISTIC:
            return
        share = order["ahead"] * (gone / rest) if self.model == codes.QUEUE_PROPORTIONAL else gone
        order["ahead"] = max(0, order["ahead"] - min(gone, int(share)))

    def crossed(self) -> list[tuple[int, int, int]]:
        tops = self.sides[1].best(with_left=False), self.sides[-1].best(with_left=False)
        if tops[0] is not None and tops[1] is not None and tops[0] >= -tops[1]:
            return []
        hits: dict[int, int] = {}
        for side in (1, -1):
            other = self.sides[-side]
            while True:
                best = other.best(with_left=True)
                mine = [
                    (-side * order["ticks"], place)
                    for place, order in enumerate(self.orders)
                    if best is not None and order["side"] == side and not order["release"]
                    and order["remaining"] and side * (order["ticks"] + side * best) >= 0
                ]  # fmt: skip
                if not mine or best is None:
                    break
                place = min(mine)[1]
                part = min(self.orders[place]["remaining"], other.levels[best][2])
                self.orders[place]["remaining"] -= part
                other.levels[best][1] += part
                other.levels[best][2] -= part
                hits[place] = hits.get(place, 0) + part
        return [(place, lots, codes.HIT_FILL) for place, lots in hits.items()]

    def trade(self, row: np.void) -> list[tuple[int, int, int]]:
        side, ticks, lots = int(row["side"]), int(row["price_ticks"]), int(row["qty_lots"])
        at_ns, hits = int(row["event_time_ns"]), []
        if at_ns > self.event_ns:
            self.sides[-side].trade(-side * ticks, lots)
            self.eaten_ns = at_ns
        rest = lots
        for place, order in enumerate(self.orders):
            is_through = order["side"] * (order["ticks"] - ticks) > 0
            if not order["release"] and is_through and at_ns > order["reflected_ns"]:
                hits.append((place, order["remaining"], codes.HIT_FILL))
                rest -= order["remaining"]
                order["remaining"] = 0
        rest = max(0, rest)
        for place, order in enumerate(self.orders):
            if order["release"] or order["ticks"] != ticks or order["side"] == side:
                continue
            if order["ahead"] == UNKNOWN or at_ns <= order["reflected_ns"]:
                continue
            order["traded"] += lots
            eaten = min(order["ahead"], rest)
            order["ahead"] -= eaten
            part = min(rest - eaten, order["remaining"])
            if part:
                order["remaining"] -= part
                rest -= part
                hits.append((place, part, codes.HIT_FILL))
        for place, order in enumerate(self.orders):
            if order["release"] and order["release"] * (ticks - order["ticks"]) >= 0:
                hits.append((place, 0, codes.HIT_TRIGGER))
        return hits


class KernelVenue:
    """The same venue on the kernels' arrays."""

    def __init__(self, model: int, orders: list[dict[str, int]]) -> None:
        self.model = model
        self.markets = np.zeros(1, codes.VENUE_MARKET)
        self.markets["guard_low_e8"] = codes.NO_GUARD_LOW
        self.markets["guard_high_e8"] = codes.NO_GUARD_HIGH
        self.markets["eaten_bid"] = self.markets["eaten_ask"] = codes.NOT_EATEN
        self.markets["second"] = -1
        self.markets["tick_e8_numerator"] = self.markets["tick_e8_denominator"] = 1
        self.ladders = np.zeros((2, 4, 64), np.int64)
        self.resting = np.zeros(8, codes.RESTING)
        for place, order in enumerate(orders):
            for name, value in order.items():
                self.resting[name][place] = value
        self.count = len(orders)
        self.markets["limits"] = sum(order["release"] == 0 for order in orders)
        self.markets["triggers"] = sum(order["release"] != 0 for order in orders)
        self.hits = np.zeros((8, 3), np.int64)
        self.wake = np.zeros(2, np.int64)

    def run(self, rows: EventArray, start: int, until_ns: int, fidelity: int = 0) -> int:
        return match_rows(
            rows, start, until_ns, 0, fidelity, self.model, self.count,
            self.markets, self.ladders, self.resting, self.hits, self.wake,
        )  # fmt: skip

    def found(self) -> list[tuple[int, int, int]]:
        return sorted((int(a), int(b), int(c)) for a, b, c in self.hits[: int(self.wake[1])])

    def drop_finished(self, orders: list[dict[str, int]]) -> None:
        """Take filled and released orders out, here and in the twin's list."""
        gone = {place for place, _, what in self.found() if what == codes.HIT_TRIGGER}
        keep = [k for k in range(self.count) if self.resting["remaining"][k] > 0 and k not in gone]
        self.resting[: len(keep)] = self.resting[keep]
        orders[:] = [orders[k] for k in keep]
        self.count = len(keep)
        self.markets["limits"] = sum(order["release"] == 0 for order in orders)
        self.markets["triggers"] = sum(order["release"] != 0 for order in orders)

    def side(self, side: int) -> list[list[int]]:
        name = "bid_count" if side > 0 else "ask_count"
        count = int(self.markets[name][0])
        rows: list[list[int]] = self.ladders[0 if side > 0 else 1, :, :count].T.tolist()
        return rows


def plain_row(at_ns: int, kind: EventKind, **values: int) -> EventArray:
    """One EVENT row at a time."""
    row = np.zeros(1, EVENT)
    row["event_time_ns"] = row["receive_time_ns"] = at_ns
    row["kind"] = kind
    for name, value in values.items():
        row[name] = value
    return row


@pytest.fixture(scope="session")
def row() -> Callable[..., EventArray]:
    return plain_row


@pytest.fixture(scope="session")
def plain_venue() -> type[Any]:
    return PlainVenue


@pytest.fixture(scope="session")
def kernel_venue() -> type[Any]:
    return KernelVenue


@pytest.fixture(scope="session")
def resting() -> Callable[..., dict[str, int]]:
    """A resting order of instrument 0 with everything at 0 but what is given."""

    def make(**values: int) -> dict[str, int]:
        names = codes.RESTING.names or ()
        return {name: values.get(name, 0) for name in names}

    return make
