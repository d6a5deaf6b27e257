"""The seen book against dicts, under random levels, snapshots and holes."""

import numpy as np
from tests.backtest.quoter_world import RandomMarket

from undertow.domain.event_rows import to_array
from undertow.domain.market_event import BookUpdate, SequenceGap, Trade
from undertow.kernels.quoting import desk as desks
from undertow.kernels.quoting.desk import best_ask, best_bid, bought_lots, has_book, lots_at
from undertow.kernels.quoting.quoter_loop import see_rows

WIDTH = 1 << 15
FAR_NS = 1 << 62


def test_it_shows_what_dicts_hold() -> None:
    desk = np.zeros(desks.LEVELS + 2 * WIDTH, np.int64)
    desk[desks.WIDTH] = WIDTH
    book: dict[int, dict[int, int]] = {1: {}, -1: {}}
    is_known, bought, compared = False, 0, 0
    for event in RandomMarket(21).events(1_500):
        if isinstance(event, BookUpdate):
            is_known = is_known or event.is_snapshot
            if event.is_snapshot:
                book = {1: {}, -1: {}}
            for level in event.levels if is_known else ():
                book[level.side].pop(level.price_ticks, None)
                if level.qty_lots:
                    book[level.side][level.price_ticks] = level.qty_lots
        elif isinstance(event, SequenceGap):
            book, is_known = {1: {}, -1: {}}, False
        elif isinstance(event, Trade):
            bought += event.qty_lots if event.side > 0 else 0
        desk[desks.ROW] = 0
        see_rows(to_array([event]), FAR_NS, 0, desk, False)
        assert best_bid(desk) == max(book[1], default=0)
        assert best_ask(desk) == min(book[-1], default=0)
        for side in (1, -1):
            for ticks, lots in book[side].items():
                assert lots_at(desk, side, ticks) == lots
                compared += 1
        assert bought_lots(desk) == bought
        if not is_known:
            assert not has_book(desk)
    assert compared > 5_000
    shown = desk[desks.LEVELS :]
    assert np.count_nonzero(shown) == len(book[1]) + len(book[-1])
