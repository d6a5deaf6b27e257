from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from undertow.kernels.synthetic.book_layout import (
    KEPT_LEVELS,
    WALL_ACTIVE,
    WALL_IN_BOOK,
    WALL_RESERVE,
    WALL_SIDE,
    WALL_TICKS,
)
from undertow.kernels.synthetic.market_order import take

ASKS = [(101, 5), (103, 7), (104, 2), (107, 9), (108, 1)]
BIDS = [(100, 4), (98, 6), (97, 3), (95, 8)]


def _take(b: Any, side: int, lots: int, levels: int) -> tuple[int, int, int]:
    return take(0, side, lots, levels, 77, 0, b.book, b.counters, b.wall, b.rows)


def _twin(
    levels: list[tuple[int, int]], lots: int, most: int
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    # What is left of the side, and the trades, by plain lists.
    trades: list[tuple[int, int]] = []
    left = list(levels)
    while lots and len(trades) < most and len(left) > KEPT_LEVELS:
        ticks, size = left[0]
        taken = min(lots, size)
        trades.append((ticks, taken))
        lots -= taken
        if taken == size:
            left.pop(0)
        else:
            left[0] = (ticks, size - taken)
    return left, trades


@given(lots=st.integers(1, 40), most=st.integers(1, 8), side=st.sampled_from([1, -1]))
def test_it_walks_like_a_list(make_book: Any, lots: int, most: int, side: int) -> None:
    b = make_book(BIDS, ASKS)
    s = 1 if side == 1 else 0
    left, trades = _twin(ASKS if side == 1 else BIDS, lots, most)
    n, filled, last = _take(b, side, lots, most)
    rows = b.rows[:n]
    assert list(zip(rows["price_ticks"].tolist(), rows["qty_lots"].tolist(), strict=True)) == trades
    assert b.side(s) == left
    assert b.side(1 - s) == (BIDS if side == 1 else ASKS)
    assert (filled, last) == (sum(q for _, q in trades), trades[-1][0])


def test_its_rows_are_trades_with_ids_in_a_row(make_book: Any) -> None:
    b = make_book(BIDS, ASKS)
    n, _, _ = _take(b, 1, 13, 8)
    rows = b.rows[:n]
    assert rows["sequence"].tolist() == [1, 2, 3]
    assert rows["event_time_ns"].tolist() == [77] * 3
    assert rows["kind"].tolist() == [1] * 3
    assert rows["side"].tolist() == [1] * 3


def test_the_last_levels_are_never_taken(make_book: Any) -> None:
    b = make_book(BIDS[:2], ASKS)
    assert _take(b, -1, 100, 8) == (0, 0, 0)
    assert _take(b, 1, 100, 8)[1] == 14


def test_a_wall_is_eaten_before_the_rest_of_its_level(make_book: Any) -> None:
    b = make_book(BIDS, [(101, 50), *ASKS[1:]])
    b.wall[0, [WALL_ACTIVE, WALL_SIDE, WALL_TICKS, WALL_RESERVE, WALL_IN_BOOK]] = [
        1,
        1,
        101,
        200,
        45,
    ]
    _take(b, 1, 30, 8)
    assert b.wall[0, [WALL_RESERVE, WALL_IN_BOOK]].tolist() == [170, 15]
    _take(b, 1, 20, 8)
    assert b.wall[0, [WALL_RESERVE, WALL_IN_BOOK]].tolist() == [155, 0]
    assert b.side(1) == ASKS[1:]
