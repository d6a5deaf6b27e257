"""Rows are worked by hand from the table of `market_event`."""

from collections.abc import Callable

import numpy as np

from undertow.domain.fixed import Step
from undertow.domain.market_event import EVENT, EventKind
from undertow.storage.catalog.bar_rows import CLOSES, OPENS, OTHERS, bar_rows, keyed
from undertow.storage.catalog.candles import Candles, no_candles

Make = Callable[..., Candles]


def test_three_rows_where_bought_volume_is_told(make_candles: Make) -> None:
    candles = make_candles(2, told=True)
    keys, rows = bar_rows(candles, 3, 1)
    assert rows["kind"].tolist() == [EventKind.BAR_OPEN, EventKind.BAR_FLOW, EventKind.BAR] * 2
    flow, end = rows[1], rows[2]
    assert flow["price_ticks"] + flow["qty_lots"] == end["qty_lots"]
    assert flow["price_ticks"] == candles.columns["bought"][0]
    assert set(rows["instrument"].tolist()) == {3}
    assert set(rows["source"].tolist()) == {1}
    assert (np.diff(keys) >= 0).all()
    assert (keys % 4).tolist() == [OPENS, CLOSES, CLOSES] * 2


def test_two_rows_where_it_is_not(make_candles: Make) -> None:
    candles = make_candles(2)
    candles.columns["bought"][0] = 5
    _, rows = bar_rows(candles, 0, 0)
    assert rows["kind"].tolist() == [12, 13, 14, 12, 14]
    assert (rows["receive_time_ns"] - rows["event_time_ns"] == 5_000_000).all()
    assert rows[-1]["event_time_ns"] - rows[-1]["sequence"] == 300 * 10**9


def test_no_bars_no_rows() -> None:
    keys, rows = bar_rows(no_candles("1m", Step(1, 0), Step(1, 0)), 0, 0)
    assert len(keys) == len(rows) == 0


def test_times_that_go_back_hold_the_key() -> None:
    rows = np.zeros(3, EVENT)
    rows["receive_time_ns"] = [10, 8, 12]
    keys, same = keyed(rows, OTHERS)
    assert keys.tolist() == [42, 42, 50]
    assert same is rows
    assert len(keyed(rows[:0], OTHERS)[0]) == 0
