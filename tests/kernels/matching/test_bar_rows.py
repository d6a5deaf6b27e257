"""Bars: when the loop stops, what is passed over, and the spread against `stats`."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.domain.market_event import EventArray, EventKind
from undertow.kernels.matching import venue_state as codes
from undertow.kernels.matching.bar_rows import HIGH_LOW_BLOCK, high_low_spread, is_reached
from undertow.stats import corwin_schultz

FAR_NS = 1 << 61
MIN_NS = 60 * 10**9
BARS = codes.FIDELITY_BARS


def bar(row: Any, minute: int, *prices: int, lots: int = 10) -> EventArray:
    """BAR_OPEN and BAR of a minute from open, high, low, close."""
    opened, high, low, close = prices
    at_ns = minute * MIN_NS
    head = row(at_ns, EventKind.BAR_OPEN, price_ticks=opened, qty_lots=60, sequence=at_ns)
    tail = row(
        at_ns + MIN_NS, EventKind.BAR, price_ticks=close, qty_lots=lots, price_b=high, qty_b=low,
        sequence=at_ns,
    )  # fmt: skip
    return np.concatenate([head, tail])


def stops(venue: Any, rows: EventArray) -> list[tuple[int, int]]:
    found = []
    position = 0
    while position < len(rows):
        position = venue.run(rows, position, FAR_NS, BARS)
        if venue.wake[0]:
            found.append((position, int(venue.wake[0])))
    return found


ORDER = st.fixed_dictionaries(
    {
        "side": st.sampled_from([1, -1]),
        "ticks": st.integers(95, 105),
        "remaining": st.just(1),
        "release": st.sampled_from([0, 0, 1, -1, codes.RELEASE_WAITING]),
    }
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.integers(95, 105), st.integers(0, 5), st.lists(ORDER, max_size=4))
def test_reach_equals_its_twin(resting: Any, low: int, span: int, orders: Any) -> None:
    records = np.array(
        [tuple(resting(**order)[name] for name in codes.RESTING.names or ()) for order in orders],
        codes.RESTING,
    )
    prices = range(low, low + span + 1)

    def met(order: dict[str, int]) -> bool:
        if order["release"] == codes.RELEASE_WAITING:
            return False
        side = order["release"] or -order["side"]
        return any(side * (price - order["ticks"]) >= 0 for price in prices)

    found = is_reached(low, low + span, 0, len(orders), records)
    assert found == any(met(order) for order in orders)


def test_bars_without_anything_of_ours_are_passed_over(kernel_venue: Any, row: Any) -> None:
    rows = np.concatenate([bar(row, m, 100, 110, 90, 105) for m in range(5)])
    venue = kernel_venue(0, [])
    assert stops(venue, rows) == []
    market = venue.markets[0]
    assert (market["last_ticks"], market["volume"], market["is_in_bar"]) == (105, 10, 0)
    # 20 ticks a minute are 20 / sqrt(60) = 2.58 a second.
    assert market["range_ticks"] == 3


def test_stops_where_an_order_can_be_met(kernel_venue: Any, resting: Any, row: Any) -> None:
    rows = np.concatenate(
        [
            bar(row, 0, 100, 104, 96, 100),
            bar(row, 1, 100, 105, 99, 100),
            bar(row, 2, 106, 107, 99, 99),
        ]
    )
    sell = [resting(side=-1, ticks=105, remaining=1)]
    assert stops(kernel_venue(0, sell), rows) == [
        (4, codes.WAKE_BAR), (5, codes.WAKE_BAR_OPEN), (6, codes.WAKE_BAR),
    ]  # fmt: skip


def test_waiting_takers_are_woken_by_the_open(kernel_venue: Any, resting: Any, row: Any) -> None:
    venue = kernel_venue(0, [resting(side=1, remaining=1, release=codes.RELEASE_WAITING)])
    venue.markets["triggers"], venue.markets["waiting"] = 0, 1
    assert stops(venue, bar(row, 0, 100, 104, 96, 100)) == [(1, codes.WAKE_BAR_OPEN)]


def test_guards_meet_the_worst_price_unless_marks_are_known(kernel_venue: Any, row: Any) -> None:
    venue = kernel_venue(0, [])
    venue.markets["has_position"], venue.markets["guard_low_e8"] = 1, 96
    rows = np.concatenate([bar(row, 0, 100, 104, 97, 100), bar(row, 1, 100, 104, 96, 100)])
    assert stops(venue, rows) == [(4, codes.WAKE_BAR)]
    venue.markets["mark_e8"] = 100
    assert stops(venue, rows) == []


def test_bars_that_cannot_be_true_are_counted(kernel_venue: Any, row: Any) -> None:
    venue = kernel_venue(0, [])
    wrong = [
        bar(row, 0, 0, 104, 96, 100)[:1],
        bar(row, 0, 100, 99, 101, 100)[1:],
        bar(row, 0, 100, 104, 96, 95)[1:],
        bar(row, 0, 100, 104, 0, 95)[1:],
        bar(row, 0, 100, 104, 96, 100, lots=-1)[1:],
    ]
    stops(venue, np.concatenate(wrong))
    assert venue.markets["bad_rows"][0] == 5
    assert venue.markets["last_ticks"][0] == 0


def test_a_missing_open_is_the_last_price(kernel_venue: Any, row: Any) -> None:
    venue = kernel_venue(0, [])
    stops(venue, bar(row, 0, 100, 104, 96, 102))
    stops(venue, bar(row, 5, 0, 104, 103, 104)[1:])
    assert venue.markets["bar_open_ticks"][0] == 103
    assert venue.markets["bar_open_ns"][0] == 5 * MIN_NS


def test_spread_of_a_block(kernel_venue: Any, row: Any) -> None:
    rng = np.random.default_rng(5)
    middle = 100_000 + np.cumsum(rng.integers(-40, 41, HIGH_LOW_BLOCK + 1))
    highs = middle + rng.integers(40, 90, len(middle))
    lows = middle - rng.integers(40, 90, len(middle))
    venue = kernel_venue(0, [])
    venue.markets["spread_e3"], venue.markets["wants_spread"] = -1, 1
    for minute, (mid, high, low) in enumerate(zip(middle, highs, lows, strict=True)):
        assert venue.markets["spread_e3"][0] == -1
        stops(venue, bar(row, minute, mid, high, low, mid))
    expected = corwin_schultz.high_low_spread(highs, lows) * middle[-1] * 1_000
    assert expected > 0
    assert venue.markets["spread_e3"][0] == pytest.approx(math.ceil(expected), abs=1)
    assert high_low_spread(100, 100, 100, 100) == 0.0


@settings(max_examples=50, deadline=None, derandomize=True)
@given(
    spans=st.lists(st.tuples(st.integers(50, 150), st.integers(0, 9), st.integers(0, 9))),
    cuts=st.lists(st.integers(0, 20), max_size=4).map(sorted),
)
def test_any_split_gives_the_same(kernel_venue: Any, row: Any, spans: Any, cuts: Any) -> None:
    parts = [bar(row, m, mid, mid + up, mid - down, mid) for m, (mid, up, down) in enumerate(spans)]
    rows = np.concatenate(parts) if parts else bar(row, 0, 1, 1, 1, 1)
    one, two = kernel_venue(0, []), kernel_venue(0, [])
    one.run(rows, 0, FAR_NS, BARS)
    position = 0
    for cut in [*cuts, None]:
        until = FAR_NS if cut is None else cut * MIN_NS // 2
        position = two.run(rows, position, until, BARS)
    assert one.markets.tobytes() == two.markets.tobytes()
