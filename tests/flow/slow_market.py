"""A recorded Binance market read slowly: books as dicts, walls by the words of their page.

Nothing here is shared with the code it is compared to: the text of the file is read as JSON, prices
and quantities as decimals, and everything is computed anew at each look.
"""

import gzip
from bisect import insort
from decimal import Decimal
from functools import cache
from math import ceil, exp, floor
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

Level = tuple[int, int]
Levels = list[Level]


@cache
def whole(text: str, unit: Decimal) -> int:
    """A decimal text in units, of which it must be a whole number."""
    found = Decimal(text) / unit
    assert found == int(found)
    return int(found)


class SlowBook:
    """Both sides as price in ticks to size in lots."""

    def __init__(self, tick: Decimal, lot: Decimal) -> None:
        self._units = tick, lot
        self.bids: dict[int, int] = {}
        self.asks: dict[int, int] = {}
        self._order: tuple[list[int], list[int]] = [], []  # prices of both sides, rising

    def count(self, text: str, unit: int) -> int:
        """A decimal in whole ticks (unit 0) or lots (1)."""
        return whole(text, self._units[unit])

    def take(self, message: dict[str, Any]) -> None:
        """A snapshot replaces the book, a change sets the sizes of its prices."""
        if "lastUpdateId" in message:
            self.bids, self.asks = {}, {}
            self._order = [], []
        for place, names in enumerate((("b", "bids"), ("a", "asks"))):
            for price, size in message.get(names[0], message.get(names[1], [])):
                self._set(place, self.count(price, 0), self.count(size, 1))

    def _set(self, place: int, ticks: int, lots: int) -> None:
        side, order = (self.bids, self.asks)[place], self._order[place]
        if ticks not in side and lots:
            insort(order, ticks)
        elif ticks in side and not lots:
            order.remove(ticks)
        side[ticks] = lots
        if not lots:
            del side[ticks]

    def best(self, levels: int) -> tuple[Levels, Levels]:
        """The best levels of each side, the best first."""
        bids, asks = self._order
        found = [(ticks, self.bids[ticks]) for ticks in bids[: -levels - 1 : -1]]
        return found, [(ticks, self.asks[ticks]) for ticks in asks[:levels]]

    def imbalance(self, levels: int) -> float:
        """(bid - ask) / (bid + ask) lots over the best levels."""
        bid, ask = (sum(lots for _, lots in side) for side in self.best(levels))
        return (bid - ask) / (bid + ask)


def level_flows(old: tuple[Levels, Levels], new: tuple[Levels, Levels], levels: int) -> list[int]:
    """The published event formula at each level (Xu, Gould & Howison 2018)."""
    flows = []
    for m in range(levels):
        if min(len(side) for side in (*old, *new)) <= m:
            flows.append(0)
            continue
        (bid, bid_lots), (ask, ask_lots) = new[0][m], new[1][m]
        (last_bid, last_bid_lots), (last_ask, last_ask_lots) = old[0][m], old[1][m]
        came = (bid >= last_bid) * bid_lots + (ask >= last_ask) * last_ask_lots
        went = (bid <= last_bid) * last_bid_lots + (ask <= last_ask) * ask_lots
        flows.append(came - went)
    return flows


class SlowWall(msgspec.Struct):
    """A tracked wall; gaps are twice the distance from the middle, in ticks."""

    lots: int
    since_s: int
    seen_s: int
    gap: int
    largest: int = 0
    peak: int = 0
    rested_s: int = 0
    absent_s: int = 0
    consumed: int = 0
    cancelled: int = 0
    near_cancelled: int = 0
    is_resting: bool = True
    first_gap: int = 0
    eaten: int = 0
    traded: int = 0
    pulled: int = 0
    was_near: bool = False

    def told(self, now_s: int) -> tuple[int, ...]:
        """What is known of it: sizes, seconds, and what became of its lots."""
        traded = self.consumed, self.cancelled, self.near_cancelled
        age_s = now_s - self.since_s
        return self.lots, self.largest, age_s, self.rested_s, self.absent_s, *traded


class SlowWalls:
    """Walls of a book by docs/flow/walls.md, with its default parameters."""

    def __init__(self, book: SlowBook) -> None:
        self.book = book
        self.walls: dict[tuple[int, int], SlowWall] = {}  # by side (1 = bids) and price
        self.threshold = 0.0
        self.looked_s = 0

    def trade(self, taker: int, ticks: int, lots: int) -> None:
        """A trade meets the wall of the other side at its price."""
        wall = self.walls.get((-taker, ticks))
        if wall:
            wall.traded += lots

    def look(self, now_s: int) -> None:
        """The look at the second `now_s`."""
        passed_s = now_s - self.looked_s if self.looked_s else 0
        self.looked_s = now_s
        (((bid, _),), ((ask, _),)) = self.book.best(1)
        middle = (bid + ask) / 2
        low, high = ceil(middle * (1 - 0.02)), floor(middle * (1 + 0.02))
        near = {1: {p: q for p, q in self.book.bids.items() if p >= low}}
        near[-1] = {p: q for p, q in self.book.asks.items() if p <= high}
        found = float(np.percentile([*near[1].values(), *near[-1].values()], 99))
        share = 1 - exp(-passed_s / 60) if self.threshold else 1.0
        self.threshold += (found - self.threshold) * share
        for side, ticks in list(self.walls):
            held = (self.book.bids if side > 0 else self.book.asks).get(ticks, 0)
            wall, gap = self.walls[side, ticks], abs(2 * ticks - bid - ask)
            self._follow(wall, held, (now_s, passed_s), gap, 1e-3 * (bid + ask))
            is_through = ticks >= ask if side > 0 else ticks <= bid
            if is_through or now_s - wall.seen_s > 60:
                del self.walls[side, ticks]
        for side in (1, -1):
            for ticks in sorted(near[side], reverse=side > 0):
                gap = abs(2 * ticks - bid - ask)
                self._admit(side, ticks, near[side][ticks], now_s, gap)

    def _admit(self, side: int, ticks: int, lots: int, now_s: int, gap: int) -> None:
        if lots <= self.threshold or (side, ticks) in self.walls:
            return
        others = [(p, wall) for (s, p), wall in self.walls.items() if s == side]
        if len(others) == 12:
            ranked = sorted(
                (w.lots if w.is_resting and w.seen_s == now_s else 0, w.seen_s, p)
                for p, w in others
            )
            if ranked[0][0] >= lots:
                return
            del self.walls[side, ranked[0][2]]
        self.walls[side, ticks] = SlowWall(lots, now_s, now_s, gap, lots, lots, first_gap=gap)

    @staticmethod
    def _follow(
        wall: SlowWall, held: int, seconds: tuple[int, int], gap: int, approach: float
    ) -> None:
        now_s, passed_s = seconds  # of the look, and since the last one
        traded, wall.traded = wall.traded, 0
        if wall.is_resting:
            wall.eaten += traded
            wall.consumed += traded
        else:
            late = min(traded, wall.pulled)
            wall.consumed += late
            wall.cancelled -= late
            wall.near_cancelled -= late * wall.was_near
        wall.pulled = 0
        wall.lots, wall.largest = held, max(wall.largest, held)
        rests = 2 * held >= wall.largest
        if rests and not wall.is_resting:
            wall.peak, wall.eaten, wall.first_gap = held, 0, gap
        elif rests and held >= wall.peak:
            wall.peak, wall.eaten = held, traded
        elif wall.is_resting and not rests:
            nearest = min(gap, wall.gap)
            wall.pulled = max(0, wall.peak - held - wall.eaten)
            wall.was_near = nearest < wall.first_gap and nearest <= approach
            wall.cancelled += wall.pulled
            wall.near_cancelled += wall.pulled * wall.was_near
        wall.is_resting, wall.gap = rests, gap
        if rests:
            wall.rested_s, wall.seen_s = wall.rested_s + passed_s, now_s
        else:
            wall.absent_s += passed_s


def messages(path: Path) -> tuple[dict[int, dict[str, Any]], dict[int, dict[str, Any]]]:
    """Book messages by their last update id, and trades by their id, of a recorded file."""
    books, trades = {}, {}
    with gzip.open(path) as lines:
        for line in lines:
            _, _, text = line.partition(b" ")
            if b"bookTicker" in line[:80]:
                continue
            message: Any = msgspec.json.decode(text)
            if "lastUpdateId" in message:
                books[message["lastUpdateId"]] = message
            elif message["data"]["e"] == "trade":
                trades[message["data"]["t"]] = message["data"]
            else:
                books[message["data"]["u"]] = message["data"]
    return books, trades
