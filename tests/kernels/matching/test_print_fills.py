"""Prints against a slow twin in plain Python; Roll's estimate against `stats`."""

import math
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.domain.market_event import EventArray, EventKind
from undertow.kernels.matching import venue_state as codes
from undertow.kernels.matching.print_fills import ROLL_BLOCK
from undertow.stats.roll_estimator import roll_spread

FAR_NS = 1 << 61
TICKS = st.integers(97, 103)
SIDES = st.sampled_from([1, -1])
PRINT = st.tuples(SIDES, TICKS, st.integers(1, 30))
ORDER = st.fixed_dictionaries(
    {
        "side": SIDES,
        "ticks": TICKS,
        "remaining": st.integers(1, 20),
        "release": st.sampled_from([0, 0, 0, 1, -1, codes.RELEASE_WAITING]),
    }
)


def trades(row: Any, prints: list[tuple[int, int, int]]) -> EventArray:
    rows = [
        row(at, EventKind.TRADE, side=side, price_ticks=ticks, qty_lots=lots)
        for at, (side, ticks, lots) in enumerate(prints)
    ]
    return np.concatenate(rows)


def plain_hits(
    order_list: list[dict[str, int]], a_print: tuple[int, int, int], share: int, at_share: int
) -> list[tuple[int, int, int]]:
    """Lots are handed out side by side, best price first, then by arrival."""
    aggressor, ticks, lots = a_print
    hits = []
    for side in (1, -1):
        left = lots * share // 1_000_000
        left_at = min(left, lots * at_share // 1_000_000)
        places = [
            k for k, order in enumerate(order_list)
            if order["side"] == side and not order["release"]
            and side * (order["ticks"] - ticks) >= 0
        ]  # fmt: skip
        for k in sorted(places, key=lambda k: (-side * order_list[k]["ticks"], k)):
            is_at = order_list[k]["ticks"] == ticks
            part = min(order_list[k]["remaining"], left)
            if is_at:
                part = 0 if side == aggressor else min(part, left_at)
                left_at -= part
            left -= part
            order_list[k]["remaining"] -= part
            if part:
                hits.append((k, part, codes.HIT_FILL))
    for k, order in enumerate(order_list):
        if order["release"] == codes.RELEASE_WAITING:
            hits.append((k, 0, codes.HIT_WAITING))
        elif order["release"] and order["release"] * (ticks - order["ticks"]) >= 0:
            hits.append((k, 0, codes.HIT_TRIGGER))
    return sorted(hits)


def prepared(kernel_venue: Any, orders: list[dict[str, int]], share: int, at_share: int) -> Any:
    venue = kernel_venue(0, orders)
    venue.markets["share_ppm"], venue.markets["at_share_ppm"] = share, at_share
    waiting = sum(order["release"] == codes.RELEASE_WAITING for order in orders)
    venue.markets["waiting"] = waiting
    venue.markets["wants_spread"] = 1
    venue.markets["triggers"] -= waiting
    return venue


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    a_print=PRINT,
    orders=st.lists(ORDER, max_size=6),
    share=st.sampled_from([1_000_000, 400_000, 1]),
    at_share=st.sampled_from([0, 250_000, 1_000_000]),
)
def test_kernel_equals_its_twin(
    kernel_venue: Any, resting: Any, row: Any, *, a_print: Any, orders: Any, share: int,
    at_share: int,
) -> None:  # fmt: skip
    twins = [resting(**order) for order in orders]
    venue = prepared(kernel_venue, twins, share, at_share)
    venue.run(trades(row, [a_print]), 0, FAR_NS, codes.FIDELITY_TRADES)
    found = venue.found()
    assert found == plain_hits(twins, a_print, share, at_share)
    left = [int(lots) for lots in venue.resting["remaining"][: len(twins)]]
    assert left == [order["remaining"] for order in twins]
    for side in (1, -1):
        mine = sum(lots for k, lots, _ in found if twins[k]["side"] == side)
        assert mine <= a_print[2]


def test_roll_is_that_of_the_block(kernel_venue: Any, row: Any) -> None:
    rng = np.random.default_rng(3)
    prices = 10_000 + np.cumsum(rng.integers(-2, 3, 2 * ROLL_BLOCK + 2))
    prices += 3 * rng.integers(0, 2, len(prices)) * 2
    prints = [(1, int(price), 1) for price in prices]
    venue = prepared(kernel_venue, [], 1_000_000, 0)
    rows = trades(row, prints)
    venue.run(rows[: ROLL_BLOCK + 1], 0, FAR_NS, codes.FIDELITY_TRADES)
    venue.markets["spread_e3"] = -1
    venue.run(rows, ROLL_BLOCK + 1, FAR_NS, codes.FIDELITY_TRADES)
    first = roll_spread(prices[: ROLL_BLOCK + 2])
    second = roll_spread(prices[ROLL_BLOCK : 2 * ROLL_BLOCK + 2])
    assert first > 0
    assert venue.markets["spread_e3"][0] == math.ceil(1_000 * second - 1e-6)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(
    prints=st.lists(PRINT, min_size=1, max_size=20),
    cuts=st.lists(st.integers(0, 20), max_size=4).map(sorted),
)
def test_any_split_gives_the_same(
    kernel_venue: Any, row: Any, prints: Any, cuts: list[int]
) -> None:
    rows = trades(row, prints)
    one, two = (prepared(kernel_venue, [], 1_000_000, 0) for _ in "ab")
    one.run(rows, 0, FAR_NS, codes.FIDELITY_TRADES)
    position = 0
    for cut in [*cuts, FAR_NS]:
        position = two.run(rows, position, cut, codes.FIDELITY_TRADES)
    assert one.markets.tobytes() == two.markets.tobytes()
