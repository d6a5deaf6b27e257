"""Walls against a plain telling of their rules."""

from collections.abc import Callable
from math import exp
from typing import Any

import numpy as np
import pytest

from undertow.kernels.flow.book_sample import sample_book
from undertow.kernels.flow.layout import BOOK_FOLLOWING, BOOK_INVALID, NEVER_HIGH, NEVER_LOW, WALL
from undertow.kernels.flow.wall_track import trade_at_walls

Make = Callable[..., Any]
Side = dict[int, int]
CONFIG = {
    "wall_slots": 3,
    "wall_percentile": 90,
    "wall_reach_bps": 40,
    "wall_approach_bps": 10,
    "wall_forget_s": 5,
    "wall_smooth_s": 4,
    "book_levels": 64,
}


class PlainWalls:
    """The rules, the slow and obvious way: one dict of facts per wall."""

    def __init__(self) -> None:
        self.threshold = 0.0
        self.sampled = 0
        self.walls: list[dict[int, dict[str, int]]] = [{}, {}]

    def look(self, bids: Side, asks: Side, traded: list[Side], now: int) -> None:
        """One look at a book; traded: lots by price since the last, at the bids and at the asks."""
        middle = (max(bids) + min(asks)) / 2
        reach = [
            {p: q for p, q in side.items() if abs(p - middle) <= 0.004 * middle}
            for side in (bids, asks)
        ]
        passed = min(now - self.sampled, 10) if self.sampled else -1
        sizes = [*reach[0].values(), *reach[1].values()]
        weight = 1.0 - exp(-max(passed, 0) / 4) if self.threshold else 1.0
        if sizes:
            self.threshold += (float(np.percentile(sizes, 90)) - self.threshold) * weight
        for k, book in enumerate((bids, asks)):
            sign = 1 if k == 0 else -1
            for price, wall in list(self.walls[k].items()):
                gap = abs(2 * price - max(bids) - min(asks))
                held = book.get(price, 0)
                if passed < 0 and 2 * held < max(wall["largest_lots"], 1):
                    del self.walls[k][price]
                    continue
                if passed < 0:
                    self.resume(wall, held, gap, now)
                elif sign * price >= min(sign * p for p in book):
                    near = 1e-3 * (max(bids) + min(asks))
                    self.take(wall, held, traded[k].get(price, 0), passed, gap, near)
                    wall["seen_s"] = now if wall["is_resting"] else wall["seen_s"]
                else:
                    wall["traded_lots"] += traded[k].get(price, 0)
                through = price >= min(asks) if k == 0 else price <= max(bids)
                if through or now - wall["seen_s"] > 5:
                    del self.walls[k][price]
        for k in (0, 1):
            for price in sorted(reach[k], key=lambda p: abs(p - middle)):
                self.admit(k, price, reach[k][price], now, abs(2 * price - max(bids) - min(asks)))
        self.sampled = now

    def resume(self, wall: dict[str, int], held: int, gap: int, now: int) -> None:
        """The wall is still there after the book was unknown."""
        wall.update(lots=held, largest_lots=max(held, wall["largest_lots"]), is_resting=1)
        wall.update(peak_lots=held, eaten_lots=0, first_gap=gap, gap=gap, seen_s=now)
        wall.update(traded_lots=0, pulled_lots=0)

    def take(self, wall: dict[str, int], held: int, traded: int, passed: int, *gaps: float) -> None:
        """What the level holds now."""
        gap, near = int(gaps[0]), gaps[1]
        traded += wall["traded_lots"]
        wall["traded_lots"] = 0
        if wall["is_resting"]:
            wall["eaten_lots"] += traded
            wall["consumed_lots"] += traded
        else:
            explained = min(traded, wall["pulled_lots"])
            wall["consumed_lots"] += explained
            wall["cancelled_lots"] -= explained
            wall["near_cancelled_lots"] -= explained * wall["was_near"]
        wall["pulled_lots"] = 0
        wall["lots"] = held
        wall["largest_lots"] = max(held, wall["largest_lots"])
        rests = held >= wall["largest_lots"] / 2
        if rests and not wall["is_resting"]:
            wall.update(is_resting=1, peak_lots=held, eaten_lots=0, first_gap=gap)
        elif rests and held >= wall["peak_lots"]:
            wall.update(peak_lots=held, eaten_lots=traded)
        elif wall["is_resting"] and not rests:
            pulled = max(0, wall["peak_lots"] - held - wall["eaten_lots"])
            nearest = min(gap, wall["gap"])
            is_near = int(nearest < wall["first_gap"] and nearest <= near)
            wall.update(is_resting=0, pulled_lots=pulled, was_near=is_near)
            wall["cancelled_lots"] += pulled
            wall["near_cancelled_lots"] += pulled * is_near
        wall["gap"] = gap
        wall["rested_s" if rests else "absent_s"] += passed

    def admit(self, k: int, price: int, lots: int, now: int, gap: int) -> None:
        """A level that may become a wall."""
        walls = self.walls[k]
        if lots <= self.threshold or price in walls:
            return
        if len(walls) == 3:
            weights = {
                (w["lots"] if w["is_resting"] and w["seen_s"] == now else 0, w["seen_s"], p)
                for p, w in walls.items()
            }
            if min(weights)[0] >= lots:
                return
            del walls[min(weights)[2]]
        walls[price] = dict.fromkeys(WALL.names or (), 0) | {
            "ticks": price,
            "since_s": now,
            "seen_s": now,
            "lots": lots,
            "largest_lots": lots,
            "peak_lots": lots,
            "is_resting": 1,
            "first_gap": gap,
            "gap": gap,
        }


class Looks:
    """A book of instrument 0 that is written and looked at."""

    def __init__(self, arrays: Any, make_rows: Make) -> None:
        self.arrays = arrays
        self.rows = make_rows
        self.one = arrays.instruments[0]

    def trade(self, side: int, ticks: int, lots: int) -> None:
        """A trade, if the gate lets it through."""
        if self.one["wall_low"] < ticks < self.one["wall_high"]:
            return
        row = self.rows({"side": side, "price_ticks": ticks, "qty_lots": lots})[0]
        trade_at_walls(self.arrays.run[0], 0, row)

    def look(self, bids: Side, asks: Side, now: int) -> None:
        """Write a book and look."""
        for k, side in enumerate((bids, asks)):
            keys = sorted(price if k == 0 else -price for price in side)
            self.arrays.book_keys[0, k, : len(keys)] = keys
            self.arrays.book_lots[0, k, : len(keys)] = [side[abs(key)] for key in keys]
        self.one["bid_levels"], self.one["ask_levels"] = len(bids), len(asks)
        self.one["bid_ticks"], self.one["ask_ticks"] = max(bids), min(asks)
        self.one["book_status"] = BOOK_FOLLOWING
        sample_book(self.arrays.run[0], 0, now, 10)

    def walls(self, side: int) -> dict[int, dict[str, int]]:
        """What is tracked, by price."""
        rows = self.arrays.walls[0, side]
        names = WALL.names or ()
        return {
            int(row["ticks"]): {name: int(row[name]) for name in names}
            for row in rows
            if row["ticks"]
        }


@pytest.fixture
def looks(make_arrays: Make, make_rows: Make) -> Looks:
    return Looks(make_arrays(**CONFIG), make_rows)


def random_side(rng: np.random.Generator, side: Side, middle: int, sign: int) -> Side:
    """The next state of a side: levels come, go, and change; some are large."""
    near = {p: q for p, q in side.items() if sign * (middle - p) > 0}
    for _ in range(int(rng.integers(1, 6))):
        price = middle - sign * int(rng.integers(1, 60))
        lots = int(rng.choice([0, 5, 12, 400, 900], p=[0.4, 0.25, 0.2, 0.1, 0.05]))
        near[price] = lots
    near = {p: q for p, q in near.items() if q}
    return near or {middle - sign: 7}


@pytest.mark.parametrize("seed", range(40))
def test_every_wall_is_the_plain_one(seed: int, looks: Looks) -> None:
    rng = np.random.default_rng(seed)
    plain = PlainWalls()
    bids: Side = {}
    asks: Side = {}
    now, middle, seen = 1000, 10_000, 0
    for step in range(60):
        middle += int(rng.integers(-4, 5))
        bids = random_side(rng, bids, middle, 1)
        asks = random_side(rng, asks, middle, -1)
        now += int(rng.choice([1, 2, 14], p=[0.8, 0.15, 0.05]))
        traded: list[Side] = [{}, {}]
        for k, side in ((0, -1), (1, 1)):
            for price in [*plain.walls[k]][:2]:
                lots = int(rng.integers(0, 300))
                looks.trade(side, price, lots)
                traded[k][price] = lots
        if step == 30:
            looks.one["book_status"] = BOOK_INVALID
            sample_book(looks.arrays.run[0], 0, now, 10)
            plain.sampled = 0
        looks.look(bids, asks, now)
        plain.look(bids, asks, traded, now)
        assert np.isclose(looks.arrays.samples["wall_lots"][0], plain.threshold, rtol=1e-12)
        for k in (0, 1):
            assert looks.walls(k) == plain.walls[k], step
            seen += len(plain.walls[k])
    assert seen > 60


QUIET = dict.fromkeys(range(9950, 10000), 10)
OFFERS = dict.fromkeys(range(10001, 10051), 10)


def test_a_wall_that_rests_grows_old(looks: Looks) -> None:
    for second in range(6):
        looks.look({**QUIET, 9_990: 500}, OFFERS, 100 + second)
    wall = looks.walls(0)[9_990]
    assert (wall["since_s"], wall["seen_s"], wall["rested_s"], wall["absent_s"]) == (100, 105, 5, 0)
    assert looks.one["wall_low"] == 9_990


def test_what_trades_explain_is_consumed_and_not_cancelled(looks: Looks) -> None:
    book = {**QUIET, 9_999: 500}
    looks.look(book, OFFERS, 100)
    looks.trade(-1, 9_999, 300)
    looks.look({**book, 9_999: 100}, OFFERS, 101)
    assert looks.walls(0)[9_999]["cancelled_lots"] == 100
    looks.trade(-1, 9_999, 60)
    looks.look({**book, 9_999: 40}, OFFERS, 102)
    wall = looks.walls(0)[9_999]
    assert (wall["consumed_lots"], wall["cancelled_lots"]) == (360, 40)


def test_fleeing_from_the_price_is_a_cancel_on_approach(looks: Looks) -> None:
    looks.look({**QUIET, 9_990: 500}, OFFERS, 100)
    nearer = {price: lots for price, lots in QUIET.items() if price < 9_994}
    lower = {**OFFERS, **dict.fromkeys(range(9_995, 10_001), 10)}
    looks.look(nearer, lower, 101)
    wall = looks.walls(0)[9_990]
    assert (wall["cancelled_lots"], wall["near_cancelled_lots"]) == (490, 490)


def test_leaving_far_from_the_price_is_no_cancel_on_approach(looks: Looks) -> None:
    looks.look({**QUIET, 9_970: 500}, OFFERS, 100)
    looks.look(QUIET, OFFERS, 101)
    wall = looks.walls(0)[9_970]
    assert (wall["cancelled_lots"], wall["near_cancelled_lots"], wall["absent_s"]) == (490, 0, 1)


def test_trembling_is_no_cancel(looks: Looks) -> None:
    for second in range(20):
        looks.look({**QUIET, 9_995: 500 - 150 * (second % 2)}, OFFERS, 100 + second)
    wall = looks.walls(0)[9_995]
    assert (wall["cancelled_lots"], wall["rested_s"]) == (0, 19)


def test_a_wall_out_of_sight_is_neither_rested_nor_absent(looks: Looks) -> None:
    looks.look({**QUIET, 9_965: 500}, OFFERS, 100)
    short = {price: lots for price, lots in QUIET.items() if price > 9_980}
    looks.look(short, OFFERS, 101)
    wall = looks.walls(0)[9_965]
    assert (wall["rested_s"], wall["absent_s"], wall["cancelled_lots"]) == (0, 0, 0)
    looks.look(short, OFFERS, 106)
    assert 9_965 not in looks.walls(0)


def test_a_wall_the_price_went_through_is_dropped(looks: Looks) -> None:
    looks.look({**QUIET, 9_990: 500}, OFFERS, 100)
    below = dict.fromkeys(range(9940, 9985), 10)
    looks.look(below, dict.fromkeys(range(9986, 10030), 10), 101)
    assert 9_990 not in looks.walls(0)


def test_the_smallest_wall_gives_way(looks: Looks) -> None:
    big = {9_960: 500, 9_970: 600, 9_980: 700, 9_990: 800}
    looks.look({**QUIET, **big}, OFFERS, 100)
    assert set(looks.walls(0)) == {9_970, 9_980, 9_990}


def test_only_walls_are_compared_with_trades(looks: Looks) -> None:
    assert (looks.one["wall_low"], looks.one["wall_high"]) == (NEVER_LOW, NEVER_HIGH)
    looks.look({**QUIET, 9_990: 500}, OFFERS, 100)
    looks.trade(1, 9_990, 5)
    looks.trade(-1, 9_991, 5)
    looks.trade(-1, 9_990, 7)
    assert looks.walls(0)[9_990]["traded_lots"] == 7
    assert (looks.one["watch_low"], looks.one["touch_low"]) == (9_990, NEVER_LOW)
