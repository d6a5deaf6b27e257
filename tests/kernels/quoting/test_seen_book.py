"""The seen book against dicts, under random levels, snapshots and holes."""

import numpy as np
from tests.backtest.quoter_world import RandomMarket

from undertow.domain.event_rows import to_array
from undertow.domain.market_event import BookUpdate, MarketEvent, SequenceGap, Trade
from undertow.kernels.quoting import desk as desks
from undertow.kernels.quoting.desk import best_ask, best_bid, bought_lots, has_book, lots_at
from undertow.kernels.quoting.quoter_loop import see_rows

WIDTH = 1 << 15
FAR_NS = 1 << 62


class Dicts:
    """The book as dicts."""

    def __init__(self) -> None:
        self.book: dict[int, dict[int, int]] = {1: {}, -1: {}}
        self.is_known = False
        self.bought = 0

    def take(self, event: MarketEvent) -> None:
        if isinstance(event, SequenceGap):
            self.book, self.is_known = {1: {}, -1: {}}, False
        elif isinstance(event, Trade):
            self.bought += event.qty_lots if event.side > 0 else 0
        elif isinstance(event, BookUpdate):
            if event.is_snapshot:
                self.book, self.is_known = {1: {}, -1: {}}, True
            for level in event.levels if self.is_known else ():
                self.book[level.side].pop(level.price_ticks, None)
                if level.qty_lots:
                    self.book[level.side][level.price_ticks] = level.qty_lots


def test_it_shows_what_dicts_hold() -> None:
    desk = np.zeros(desks.LEVELS + 2 * WIDTH, np.int64)
    desk[desks.WIDTH] = WIDTH
    dicts, compared = Dicts(), 0
    for event in RandomMarket(21).events(1_500):
        dicts.take(event)
        desk[desks.ROW] = 0
        see_rows(to_array([event]), FAR_NS, 0, desk, 0)
        assert best_bid(desk) == max(dicts.book[1], default=0)
        assert best_ask(desk) == min(dicts.book[-1], default=0)
        for side in (1, -1):
            found = {ticks: lots_at(desk, side, ticks) for ticks in dicts.book[side]}
            assert found == dicts.book[side]
            compared += len(found)
        assert bought_lots(desk) == dicts.bought
        assert dicts.is_known or not has_book(desk)
    assert compared > 5_000
    left = len(dicts.book[1]) + len(dicts.book[-1])
    assert np.count_nonzero(desk[desks.LEVELS :]) == left
