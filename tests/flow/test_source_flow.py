"""The view of a source."""

from collections.abc import Callable
from typing import Any

import numpy as np

from undertow.domain.market_event import EVENT
from undertow.domain.market_event import EventKind as Kind

Make = Callable[..., Any]
S = 10**9


def test_before_any_row(make_state: Make) -> None:
    source = make_state().source(1)
    assert (source.index, source.name) == (1, "beta")
    names = ("rows", "trades", "progress_ns", "watermark_ns", "last_receive_ns", "clock_offset_ns")
    assert [getattr(source, name) for name in (*names, "delay_ns")] == [0] * 7
    assert not source.is_healthy


def test_counts_follow_the_rows(make_state: Make, random_rows: Make) -> None:
    rows, state = random_rows(4, 800), make_state()
    state.advance(rows, 0, len(rows), 2**62)
    for index in (0, 1):
        mine, source = rows[rows["source"] == index], state.source(index)
        is_trade = (mine["kind"] == Kind.TRADE) & (mine["qty_lots"] > 0) & (mine["side"] != 0)
        assert source.rows == len(mine)
        seen: set[tuple[int, int]] = set()
        for i in np.flatnonzero(is_trade).tolist():
            key = int(mine["instrument"][i]), int(mine["sequence"][i])
            is_trade[i] = key not in seen
            seen.update({key} if key[1] else set())
        assert source.trades == is_trade.sum()
        assert source.repeated_trades > 0
        for side, lots in ((1, source.buy_lots), (-1, source.sell_lots)):
            assert lots == mine["qty_lots"][is_trade & (mine["side"] == side)].sum()
        assert source.watermark_ns == source.progress_ns - S
        assert source.gaps >= (mine["kind"] == Kind.GAP).sum()
        assert source.book_updates > 0
        assert source.refused_rows > 0


def test_the_clock_offset_is_that_of_the_recorder(make_state: Make) -> None:
    rows = np.zeros(5000, EVENT)
    rows["event_time_ns"] = 1_700_000_000 * S + np.arange(5000) * (S // 50)
    delays = np.random.default_rng(2).exponential(4e6, 5000).astype(int)
    rows["receive_time_ns"] = np.maximum.accumulate(rows["event_time_ns"] - 1272 * 10**6 + delays)
    rows["kind"], rows["price_ticks"], rows["qty_lots"], rows["side"] = Kind.TRADE, 5, 1, 1
    state = make_state()
    state.advance(rows, 0, 5000, 2**62)
    assert abs(state.source(0).clock_offset_ns + 1272 * 10**6) < 10**6
    assert state.source(0).misdated_rows == state.source(0).late_trades == 0
    least = min(delays[4500:])
    assert abs(state.source(0).delay_ns - (delays[-1] - least)) < 10**6
    rows["receive_time_ns"][-1] += S // 2  # a queue
    late = make_state()
    late.advance(rows, 0, 5000, 2**62)
    assert late.source(0).delay_ns == state.source(0).delay_ns + S // 2
