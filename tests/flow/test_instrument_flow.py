"""The view of an instrument: prices, depth, bars, the venue's numbers, and its refusals."""

from collections.abc import Callable
from math import isnan
from typing import Any

import numpy as np
import pytest

from undertow.domain.bar import BAR
from undertow.domain.errors import ConfigurationError
from undertow.domain.event_rows import to_array
from undertow.domain.market_event import (
    BookLevel,
    BookUpdate,
    Liquidation,
    MarkPrice,
    OpenInterest,
    Quote,
    SourceStatus,
    Trade,
)
from undertow.domain.side import Side

Make = Callable[..., Any]
S = 10**9
T0 = 1_700_000_000 * S
HEAD = (0, 0, T0, T0 + 1)


def fed(state: Any, *events: Any) -> Any:
    rows = to_array(events)
    assert state.advance(rows, 0, len(rows), 2**62) == len(rows)
    return state[0]


def snapshot(*levels: BookLevel) -> BookUpdate:
    return BookUpdate(*HEAD, 7, 7, 7, True, levels)


BOOK = snapshot(
    BookLevel(Side.BUY, 1000, 30), BookLevel(Side.BUY, 999, 5), BookLevel(Side.SELL, 1002, 10)
)


def test_before_any_row(make_state: Make) -> None:
    flow = make_state()[0]
    assert flow.source is None
    assert not flow.is_healthy
    assert (flow.last_ticks, flow.bid_ticks, flow.last_price, flow.open_interest_lots) == (0,) * 4
    for name in ("mid_price", "spread_bps", "weighted_mid", "mark_price", "funding_rate"):
        assert isnan(getattr(flow, name))
    assert flow.window(900).trades == flow.cvd_lots() == flow.ofi_lots(900) == 0
    assert len(flow.bars(60, 5)) == len(flow.bars(1, 5)) == len(flow.depth(Side.BUY, 3)) == 0
    assert len(flow.price_volume()[0]) == 0


def test_a_book_gives_best_and_depth(make_state: Make) -> None:
    flow = fed(make_state(), BOOK)
    assert (flow.bid_ticks, flow.bid_lots, flow.ask_ticks, flow.ask_lots) == (1000, 30, 1002, 10)
    assert flow.depth(Side.BUY, 5).tolist() == [[1000, 30], [999, 5]]
    assert flow.depth(Side.BUY, 1).tolist() == [[1000, 30]]
    assert flow.depth(Side.SELL, 5).tolist() == [[1002, 10]]
    assert flow.mid_price == pytest.approx(100.1)
    assert flow.spread_bps == pytest.approx(2 / 1001 * 1e4)
    assert flow.weighted_mid == pytest.approx((1000 * 10 + 1002 * 30) / 40 / 10)
    assert flow.has_book
    assert not flow.has_quote


def test_without_a_book_the_quote_serves(make_state: Make) -> None:
    flow = fed(make_state(), Quote(*HEAD, 990, 0, 991, 0))
    assert (flow.bid_ticks, flow.has_quote, flow.has_book) == (990, True, False)
    assert isnan(flow.weighted_mid)
    assert len(flow.depth(Side.BUY, 3)) == 0


def test_the_venues_numbers(make_state: Make) -> None:
    flow = fed(
        make_state(),
        MarkPrice(*HEAD, 6_234_500_000_000, 6_230_000_000_000, -125_000_000, T0 + 9),
        OpenInterest(*HEAD, 4242),
        Liquidation(*HEAD, Side.SELL, 1000, 17),
    )
    assert (flow.mark_price, flow.index_price) == (62345.0, 62300.0)
    assert (flow.funding_rate, flow.next_funding_ns) == (-0.000125, T0 + 9)
    assert (flow.open_interest_lots, flow.liquidated_lots) == (4242, (0, 17))


def test_a_lost_feed_is_unhealthy(make_state: Make) -> None:
    state = make_state()
    flow = fed(state, BOOK)
    assert flow.is_healthy
    fed(state, SourceStatus(*HEAD, is_healthy=False))
    assert not flow.is_healthy
    assert not flow.has_book
    assert state.source(0).is_healthy
    fed(state, SourceStatus(*HEAD, is_healthy=True), BOOK)
    assert flow.is_healthy
    assert flow.has_book


def test_the_last_trade_and_its_window(make_state: Make) -> None:
    trades = [Trade(0, 0, T0 + k * S, T0 + k * S, Side.BUY, 1000 + k, 2, k) for k in range(40)]
    flow = fed(make_state(), *trades)
    assert (flow.last_ticks, flow.last_price) == (1039, pytest.approx(103.9))
    assert flow.last_event_ns == T0 + 39 * S
    window = flow.window(30)
    assert (window.seconds, window.covered_seconds, window.buy_lots) == (30, 30, 60)
    assert flow.window(900).covered_seconds == 40
    assert flow.cvd_lots() == 80
    assert flow.traded_base() == (pytest.approx(0.08), 0.0)
    assert flow.traded_usd(1)[0] == pytest.approx(0.002 * 103.9)


def test_rings_wrap_around(make_state: Make) -> None:
    trades = [
        Trade(0, 0, T0 + k * S, T0 + k * S, Side.BUY, 1 + k % 97, 2, k)
        for k in range(0, 99_000, 30)
    ]
    state = make_state()
    flow = fed(state, *trades)
    assert flow.bar_count(60) == 1650 - 1
    for timeframe_s, room in ((60, 504), (300, 108), (1, 900)):
        kept = flow.bars(timeframe_s, 9999)
        assert len(kept) == min(room, flow.bar_count(timeframe_s))
        assert (np.diff(kept["open_time_ns"]) == timeframe_s * S).all()
        assert flow.bars(timeframe_s, 3).tolist() == kept[-3:].tolist()
    assert len(flow.bars(60, 0)) == len(flow.bars(60, -1)) == 0


def test_the_unfinished_bar_follows_the_last_closed(make_state: Make) -> None:
    trades = [Trade(0, 0, T0 + k * S, T0 + k * S, Side.BUY, 1000 + k, 2, k) for k in range(130)]
    flow = fed(make_state(), *trades)
    for timeframe_s in (1, 60, 300):
        forming, closed = flow.forming(timeframe_s), flow.bars(timeframe_s, 1)
        assert (forming.shape, forming.dtype) == ((1,), BAR)
        if len(closed):
            after = closed["open_time_ns"][0] + timeframe_s * S
            assert forming["open_time_ns"][0] == after
    assert flow.forming(300)["buy_lots"][0] == 2 * 30  # the first 100 s are in the bar before


def test_reading_changes_nothing(make_state: Make, random_rows: Make) -> None:
    rows, state = random_rows(3, 500), make_state()
    state.advance(rows, 0, len(rows), 2**62)
    before = state.snapshot()
    for flow in (state[i] for i in range(3)):
        flow.window(30), flow.cvd_usd(), flow.price_volume(5), flow.depth(Side.BUY, 9)
        [(flow.forming(t), flow.bars(t, 50)) for t in (1, 60, 300, 900)]
    assert state.snapshot() == before


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda flow: flow.window(0), "1 .. 900 seconds, found 0"),
        (lambda flow: flow.ofi_lots(901), "found 901"),
        (lambda flow: flow.bars(30, 1), "timeframe"),
        (lambda flow: flow.bar_count(2), "timeframe"),
        (lambda flow: flow.forming(3600), "timeframe"),
        (lambda flow: flow.price_volume(16), "1 .. 15 minutes"),
    ],
)
def test_what_is_not_kept_is_refused(
    ask: Callable[[Any], Any], words: str, make_state: Make
) -> None:
    with pytest.raises(ConfigurationError, match=words):
        ask(make_state()[0])


def test_ofi_second_by_second_has_the_seconds_of_the_bars(make_state: Make) -> None:
    assert len(make_state()[0].ofi_by_second(900)) == 0
    rows: list[Any] = []
    for k in range(50):
        at = T0 + k * S
        rows.append(Trade(0, 0, at, at, Side.BUY, 1000, 1, k + 1))
        rows.append(Quote(0, 0, at + 1, at + 1, 999, 10 + k * k, 1001, 10))
    flow = fed(make_state(), *rows)
    found = flow.ofi_by_second(900)
    closed = flow.bars(1, 900)
    assert len(found) == len(closed)
    first = (int(closed["open_time_ns"][0]) - T0) // S
    assert found.tolist()[1:] == [2 * k - 1 for k in range(first + 1, first + len(found))]
    assert flow.ofi_by_second(3).tolist() == found[-3:].tolist()
