from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.domain.market_event import EVENT, FLAG_SNAPSHOT, GAP_BOOK, EventArray, EventKind
from undertow.kernels.matching import venue_state as codes

FAR_NS = 1 << 61
SIDES = st.sampled_from([1, -1])
TICKS = st.integers(95, 105)
LEVEL = st.tuples(SIDES, TICKS, st.integers(0, 9))
ACTION = st.one_of(
    st.tuples(st.just("trade"), SIDES, TICKS, st.integers(1, 12)),
    st.tuples(st.just("delta"), st.lists(LEVEL, max_size=4), st.sampled_from([0, 0, 0, -1, -2, 2])),
    st.tuples(st.just("snapshot"), st.lists(LEVEL, max_size=6)),
    st.tuples(st.just("gap")),
)
ORDER = st.fixed_dictionaries(
    {
        "side": SIDES,
        "ticks": TICKS,
        "remaining": st.integers(1, 9),
        "ahead": st.sampled_from([0, 3, 8, codes.AHEAD_UNKNOWN]),
        "reflected_ns": st.integers(-1, 3),
        "release": st.sampled_from([0, 0, 0, 1, -1]),
    }
)


def stream(actions: list[Any]) -> EventArray:
    """Rows of a script; book ids go on by one, or jump as the script says."""
    rows: list[tuple[int, ...]] = []
    book_id = 1

    def add(kind: int, side: int = 0, *values: int, flags: int = 0) -> None:
        ticks, lots, price_b, qty_b, sequence = (*values, 0, 0, 0, 0, 0)[:5]
        at = len(rows) // 3
        rows.append((at, at, ticks, lots, price_b, qty_b, sequence, 0, 0, kind, side, flags))

    for name, *given_values in actions:
        if name == "trade":
            side, ticks, lots = given_values
            add(EventKind.TRADE, side, ticks, lots)
        elif name == "gap":
            add(EventKind.GAP, 0, 0, 0, 0, GAP_BOOK)
        else:
            previous, book_id = book_id, book_id + 1
            previous += given_values[1] if name == "delta" else 0
            flags = FLAG_SNAPSHOT if name == "snapshot" else 0
            add(EventKind.BOOK_BEGIN, 0, previous + 1, 0, 0, previous, book_id, flags=flags)
            for side, ticks, lots in given_values[0]:
                add(EventKind.BOOK_LEVEL, side, ticks, lots)
            add(EventKind.BOOK_END, 0, 0, 0, 0, 0, book_id)
    return np.array(rows, EVENT)


Played = list[tuple[int, list[tuple[int, int, int]]]]


def play(venue: Any, rows: EventArray, orders: list[dict[str, int]], untils: list[int]) -> Played:
    """Run to each time in turn; the row after which it stopped, and the hits."""
    found: Played = []
    position = 0
    for until_ns in [*untils, FAR_NS]:
        while True:
            position = venue.run(rows, position, until_ns)
            if not venue.wake[1]:
                break
            found.append((position, venue.found()))
            venue.drop_finished(orders)
    return found


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    actions=st.lists(ACTION, max_size=25),
    orders=st.lists(ORDER, max_size=5),
    model=st.sampled_from([0, 1, 2]),
)
def test_kernel_equals_its_plain_twin(
    kernel_venue: Any, plain_venue: Any, resting: Any, *, actions: Any, orders: Any, model: int
) -> None:
    twins = [resting(**order) for order in orders]
    kernel, plain = kernel_venue(model, twins), plain_venue(model, twins)
    rows = stream(actions)
    position = 0
    for place in range(len(rows)):
        hits = plain.apply(rows[place])
        position = kernel.run(rows[: place + 1], position, FAR_NS)
        assert position == place + 1
        assert kernel.found() == hits
        assert [int(a) for a in kernel.resting["ahead"][: kernel.count]] == [
            order["ahead"] for order in twins
        ]
        kernel.drop_finished(twins)
    if plain.mode == "none":
        assert kernel.side(1) == plain.sides[1].rows()
        assert kernel.side(-1) == plain.sides[-1].rows()


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    actions=st.lists(ACTION, max_size=25),
    orders=st.lists(ORDER, max_size=5),
    untils=st.lists(st.integers(0, 60), max_size=6).map(sorted),
)
def test_any_split_gives_the_same(
    kernel_venue: Any, resting: Any, actions: Any, orders: Any, untils: list[int]
) -> None:
    rows = stream(actions)
    whole, split = ([resting(**order) for order in orders] for _ in range(2))
    one, two = kernel_venue(0, whole), kernel_venue(0, split)
    assert play(one, rows, whole, []) == play(two, rows, split, untils)
    assert one.markets.tobytes() == two.markets.tobytes()
    assert one.ladders.tobytes() == two.ladders.tobytes()


def test_stops_before_a_later_row_and_skips_other_venues(kernel_venue: Any, row: Any) -> None:
    venue = kernel_venue(0, [])
    rows = np.concatenate(
        [row(t, EventKind.TRADE, price_ticks=100 + t, qty_lots=1) for t in (1, 2, 3)]
    )
    assert venue.run(rows, 0, 2) == 2
    assert venue.markets["last_ticks"][0] == 102
    venue.markets["book"] = -1
    assert venue.run(rows, 2, 9) == 3
    assert venue.markets["last_ticks"][0] == 102


def test_wakes_for_guards_and_funding(kernel_venue: Any, row: Any) -> None:
    venue = kernel_venue(0, [])
    venue.markets["guard_low_e8"], venue.markets["has_position"] = 90, 1
    rows = np.concatenate(
        [
            row(1, EventKind.TRADE, price_ticks=91, qty_lots=1),
            row(2, EventKind.TRADE, price_ticks=90, qty_lots=1),
            row(3, EventKind.MARK_PRICE, price_ticks=95),
            row(4, EventKind.TRADE, price_ticks=80, qty_lots=1),
            row(5, EventKind.MARK_PRICE, price_ticks=90),
            row(6, EventKind.FUNDING, price_ticks=90),
        ]
    )
    stops = []
    position = 0
    while position < len(rows):
        position = venue.run(rows, position, 99)
        stops.append((position, int(venue.wake[0])))
    assert stops == [(2, codes.WAKE_GUARD), (5, codes.WAKE_GUARD), (6, codes.WAKE_FUNDING)]


def test_quotes_are_a_book_of_one_level(kernel_venue: Any, row: Any) -> None:
    venue = kernel_venue(0, [])
    values = {"price_ticks": 100, "qty_lots": 5, "price_b": 101, "qty_b": 6}
    quotes = np.concatenate([row(1, EventKind.QUOTE, **values), row(2, EventKind.QUOTE, **values)])
    venue.run(quotes[:1], 0, 9, codes.FIDELITY_QUOTES)
    venue.ladders[0, 2, 0], venue.ladders[0, 3, 0] = 2, 3
    venue.run(quotes[1:], 0, 9, codes.FIDELITY_QUOTES)
    assert venue.side(1) == [[100, 5, 2, 3]]
    assert venue.side(-1) == [[-101, 6, 0, 6]]
    venue.run(row(3, EventKind.STATUS), 0, 9, codes.FIDELITY_QUOTES)
    assert venue.markets["is_valid"][0] == 0


def test_impossible_rows_do_no_harm(kernel_venue: Any, row: Any) -> None:
    venue = kernel_venue(0, [])
    rows = [
        row(1, EventKind.BOOK_BEGIN, flags=FLAG_SNAPSHOT),
        row(1, EventKind.BOOK_LEVEL, side=1, price_ticks=100, qty_lots=5),
        row(1, EventKind.BOOK_END),
        row(2, EventKind.TRADE, side=1, price_ticks=0, qty_lots=5),
        row(3, EventKind.MARK_PRICE, price_ticks=-1),
        row(4, EventKind.BOOK_BEGIN),
        row(4, EventKind.BOOK_LEVEL, side=1, price_ticks=101, qty_lots=-5),
        row(4, EventKind.BOOK_LEVEL, side=1, price_ticks=99, qty_lots=5),
        row(4, EventKind.BOOK_END),
    ]
    venue.run(np.concatenate(rows[:5]), 0, 9)
    assert (venue.side(1), venue.markets["last_ticks"][0]) == ([[100, 5, 0, 5]], 0)
    assert venue.markets["mark_e8"][0] == 0
    venue.run(np.concatenate(rows), 5, 9)
    assert (venue.side(1), venue.markets["is_valid"][0]) == ([], 0)
