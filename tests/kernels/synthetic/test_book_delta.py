from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.event_rows import from_array
from undertow.domain.market_event import BookUpdate, Quote
from undertow.kernels.synthetic.book_delta import put, put_side, put_update

BIDS = [(100, 4), (98, 6)]
ASKS = [(101, 5), (103, 7)]


def _update(b: Any, *, snapshot: bool = False, quote: bool = False) -> list[Any]:
    n = put_update(0, 55, int(snapshot), int(quote), 0, b.book, b.shown, b.counters, b.rows)
    return list(from_array(b.rows[:n]))


def _levels(update: BookUpdate) -> list[tuple[int, int, int]]:
    return [(int(v.side), v.price_ticks, v.qty_lots) for v in update.levels]


def test_put_clears_what_is_not_given(make_book: Any) -> None:
    b = make_book(BIDS, ASKS)
    b.rows["qty_b"] = 9
    assert put(b.rows, 3, 55, 0, 8, -1, 100, 7) == 4
    row = b.rows[3]
    assert (row["qty_b"], row["price_ticks"], row["side"], row["kind"]) == (0, 100, -1, 8)


def test_a_snapshot_shows_everything(make_book: Any) -> None:
    b = make_book(BIDS, ASKS)
    b.counters[0, 4] = 40
    (update,) = _update(b, snapshot=True)
    assert update.is_snapshot
    assert (update.first_id, update.last_id, update.previous_id) == (41, 41, 41)
    assert _levels(update) == [(1, 100, 4), (1, 98, 6), (-1, 101, 5), (-1, 103, 7)]


def test_a_delta_shows_what_changed_and_follows_on(make_book: Any) -> None:
    b = make_book(BIDS, ASKS)
    _update(b, snapshot=True)
    b.set(0, [(99, 2), (98, 6)])
    b.set(1, [(101, 9), (103, 7)])
    (update,) = _update(b)
    assert _levels(update) == [(1, 100, 0), (1, 99, 2), (-1, 101, 9)]
    assert (update.previous_id, update.first_id, update.last_id) == (1, 2, 4)


def test_no_change_no_row(make_book: Any) -> None:
    b = make_book(BIDS, ASKS)
    _update(b, snapshot=True)
    assert _update(b, quote=True) == []
    assert b.counters[0, 4] == 1


def test_a_quote_follows_a_new_best(make_book: Any) -> None:
    b = make_book(BIDS, ASKS)
    _update(b, snapshot=True)
    b.set(1, [(101, 5), (103, 8)])
    assert len(_update(b, quote=True)) == 1
    b.set(1, [(101, 6), (103, 8)])
    _, quote = _update(b, quote=True)
    assert quote == Quote(0, 0, 55, 0, 100, 4, 101, 6, update_id=3)


sides = st.dictionaries(st.integers(1, 12), st.integers(1, 9), min_size=1, max_size=6)


@given(st.lists(sides, min_size=2, max_size=5), st.sampled_from([0, 1]))
def test_deltas_rebuild_every_side(make_book: Any, states: list[dict[int, int]], side: int) -> None:
    b = make_book([], [])
    held: dict[int, int] = {}
    for state in states:
        b.set(side, sorted(state.items(), reverse=side == 0))
        n = put_side(0, side, 55, 0, b.book, b.shown, b.counters, b.rows)
        changed = {int(row["price_ticks"]): int(row["qty_lots"]) for row in b.rows[:n]}
        # The twin: exactly the differences of two dictionaries.
        gone = {ticks: 0 for ticks in held if ticks not in state}
        assert changed == gone | {t: q for t, q in state.items() if held.get(t) != q}
        held = state
