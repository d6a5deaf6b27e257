"""Going back leaves the state as if nobody had gone ahead."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from tests.backtest.conftest import candles

from undertow.backtest.bar_data import bar_data
from undertow.domain.market_event import EVENT, EventArray, EventKind
from undertow.flow.flow_state import FlowState
from undertow.flow.look_ahead import MOST_BARS

FAR = 2**63 - 1
Rows = Callable[[], EventArray]


def given_rows() -> EventArray:
    return np.concatenate(list(bar_data(candles(200), "A/USDT").blocks()))


def trade_rows() -> EventArray:
    rng = np.random.default_rng(3)
    rows = np.zeros(5_000, EVENT)
    rows["event_time_ns"] = 1_704_067_200 * 10**9 + np.cumsum(rng.integers(0, 3, 5_000)) * 10**9
    rows["receive_time_ns"] = rows["event_time_ns"] + 5_000_000
    rows["kind"] = EventKind.TRADE
    rows["side"] = rng.choice([-1, 1], 5_000)
    rows["price_ticks"] = 1_000 + rng.integers(-5, 6, 5_000)
    rows["qty_lots"] = rng.integers(1, 500, 5_000)
    rows["sequence"] = np.arange(5_000) + 1
    return rows


def state() -> FlowState:
    data = bar_data(candles(5), "A/USDT")
    flow = FlowState(data.table, data.sources)
    flow.subscribe_bars(0, 60)
    return flow


def ordinary(flow: FlowState, rows: EventArray, stop: int) -> None:
    i = 0
    while i < stop:
        i = flow.advance(rows, i, stop, FAR)


@pytest.mark.parametrize("make", [given_rows, trade_rows])
@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_gone_ahead_and_back_is_the_ordinary_way(make: Rows, share: float) -> None:
    rows = make()
    flow, plain = state(), state()
    ahead = flow.look_ahead()
    assert ahead is not None
    assert ahead.can_read(rows)
    ahead.run(flow.readable(rows), 0, len(rows), FAR, MOST_BARS)
    back = int(len(rows) * share)
    if ahead.position > back:
        ahead.go_back(back)
    ordinary(plain, rows, ahead.position)
    assert flow.digest() == plain.digest()


def test_it_says_what_it_cannot_read() -> None:
    flow = state()
    ahead = flow.look_ahead()
    assert ahead is not None
    rows = given_rows()
    rows["kind"][3] = EventKind.QUOTE
    assert not ahead.can_read(rows)


def test_nothing_is_foreseen_while_wide_bars_are_made() -> None:
    flow: Any = state()
    flow.subscribe_bars(0, 3_600)
    assert flow.look_ahead() is None
