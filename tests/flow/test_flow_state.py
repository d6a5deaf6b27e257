"""The flow state against its plain twin, and however its input is split."""

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.domain.bar import BAR
from undertow.domain.errors import (
    ConfigurationError,
    InvariantBroken,
    MalformedMessage,
    UnknownNameError,
)
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EVENT
from undertow.domain.side import Side
from undertow.flow.flow_config import FlowConfig
from undertow.flow.flow_state import FlowState
from undertow.flow.watch import WatchKind

Make = Callable[..., Any]
S = 1_000_000_000
NEVER = 2**62
SUBSCRIBED = ((0, 1), (0, 60), (1, 60), (1, 300), (2, 900), (2, 60))


def subscribed(state: Any) -> Any:
    """A state or twin that waits for bars of several lengths."""
    for index, timeframe_s in SUBSCRIBED:
        if isinstance(state, FlowState):
            state.subscribe_bars(index, timeframe_s)
        else:
            state.subscribed.add((index, timeframe_s))
    return state


def watched(state: FlowState) -> FlowState:
    """The same with watches of every kind."""
    subscribed(state)
    state.watch(0, 1, WatchKind.RISES_TO, 100_060)
    state.watch(0, 2, WatchKind.TRAIL_LONG, 0, 900)
    state.watch(1, 3, WatchKind.FALLS_TO, 99_970)
    state.watch(2, 4, WatchKind.TRAIL_SHORT, 100_010, 700)
    return state


def in_twins_words(wakes: list[Any]) -> list[Any]:
    names = list(BAR.names or ())
    return [
        (
            i,
            [
                (b.instrument, b.timeframe_s, tuple(getattr(b, name) for name in names))
                for b in bars
            ],
            touches,
        )
        for i, bars, touches in wakes
    ]


def trades(*prices: int, step_ns: int = S // 10, start_s: int = 1_700_000_000) -> Any:
    """Buys of one lot at these prices of instrument 0, `step_ns` apart."""
    rows = np.zeros(len(prices), EVENT)
    rows["event_time_ns"] = start_s * S + np.arange(len(prices)) * step_ns
    rows["receive_time_ns"] = rows["event_time_ns"] + 1
    rows["price_ticks"], rows["qty_lots"], rows["side"], rows["kind"] = prices, 1, 1, 1
    return rows


@pytest.mark.parametrize("seed", range(4))
def test_wakes_and_bars_equal_the_twin(
    seed: int, make_state: Make, make_twin: Make, random_rows: Make, run_in_batches: Make
) -> None:
    rows = random_rows(seed, 2500)
    wakes, state = run_in_batches(subscribed(make_state()), rows, [])
    twin = subscribed(make_twin())
    assert in_twins_words(wakes) == twin.run(rows)
    for index, one in enumerate(twin.instruments):
        for timeframe_s, bars in one.bars.items():
            kept = state[index].bars(timeframe_s, 900).tolist()
            assert kept == list(bars[-len(kept) :])
            assert state[index].bar_count(timeframe_s) == len(bars)


@pytest.mark.parametrize("seed", range(10, 14))
@pytest.mark.parametrize("messages", [40, 400, 1500])
def test_state_equals_the_twin(
    seed: int, messages: int, make_state: Make, make_twin: Make, random_rows: Make
) -> None:
    rows = random_rows(seed, messages)
    state, twin = make_state(), make_twin()
    assert state.advance(rows, 0, len(rows), NEVER) == len(rows)
    twin.run(rows)
    assert state.now_ns == twin.now
    for index, one in enumerate(twin.instruments):
        assert_same_instrument(state[index], one, twin)
    for index, source in enumerate(twin.sources):
        assert_same_source(state.source(index), source)


def assert_same_instrument(flow: Any, one: Any, twin: Any) -> None:
    best = (flow.bid_ticks, flow.bid_lots, flow.ask_ticks, flow.ask_lots)
    assert best == one.best[1]
    assert flow.has_book == (one.book is not None)
    assert flow.has_quote == (one.quote is not None)
    for number, side in enumerate((Side.BUY, Side.SELL)):
        levels = sorted(one.book[number].items(), reverse=side is Side.BUY) if one.book else []
        assert flow.depth(side, 9).tolist() == [list(level) for level in levels[:9]]
    assert (flow.last_event_ns, flow.last_ticks) == one.last
    assert flow.counters == {name: one.counters[name] for name in flow.counters}
    if one.source is None:
        return
    last_s = twin.sources[one.source].progress // S
    for seconds in (1, 30, 300, 900):
        assert_same_window(flow, one, range(last_s - seconds + 1, last_s + 1), seconds)
    timely = [(t[1], t[2], t[3]) for part in one.trades.values() for t in part]
    everything = timely + one.untimely
    assert flow.cvd_lots() == sum(lots * side for _, lots, side in everything)
    usd, coins = usd_and_coins(flow, everything)
    assert flow.cvd_usd() == pytest.approx(usd, rel=1e-9, abs=1e-6)
    assert flow.cvd_base() == pytest.approx(coins, rel=1e-9, abs=1e-9)


def usd_and_coins(flow: Any, sold: list[tuple[int, int, int]]) -> tuple[float, float]:
    if flow.is_inverse:
        usd = [100.0 * lots * side for _, lots, side in sold]
        return sum(usd), sum(100.0 * lots * side / (ticks / 10) for ticks, lots, side in sold)
    coins = [lots * side / 1000 for _, lots, side in sold]
    return sum(lots * side / 1000 * ticks / 10 for ticks, lots, side in sold), sum(coins)


def assert_same_window(flow: Any, one: Any, span: range, seconds: int) -> None:
    found = flow.window(seconds)
    traded = [t for second in span for t in one.trades.get(second, ())]
    bought, sold = ([t for t in traded if t[3] == side] for side in (1, -1))
    assert (found.buy_lots, found.sell_lots) == (sum(t[2] for t in bought), sum(t[2] for t in sold))
    assert (found.buy_trades, found.sell_trades) == (len(bought), len(sold))
    assert found.tick_lots == sum(t[1] * t[2] for t in traded)
    large = [sum(t[2] for t in part if t[4]) for part in (bought, sold)]
    assert [found.large_buy_lots, found.large_sell_lots] == large
    assert flow.cvd_lots(seconds) == found.buy_lots - found.sell_lots
    assert flow.ofi_lots(seconds) == sum(one.flow[second] for second in span)
    assert flow.ratio(seconds) == found.ratio or found.ratio != found.ratio


def assert_same_source(found: Any, source: Any) -> None:
    assert found.progress_ns == source.progress
    assert found.last_receive_ns == source.last_receive
    assert found.clock_offset_ns == source.offset()
    for name in ("rows", "messages", "trades", "gaps"):
        assert getattr(found, name) == source.counters[name]
    assert found.misdated_rows == source.counters["misdated"]


@given(
    seed=st.integers(0, 50),
    cuts=st.lists(st.integers(0, 700), max_size=12),
    restore_at=st.integers(-1, 11),
)
@settings(max_examples=60, deadline=None)
def test_any_split_and_any_restart_give_the_same(
    *,
    seed: int,
    cuts: list[int],
    restore_at: int,
    make_state: Make,
    random_rows: Make,
    run_in_batches: Make,
) -> None:
    rows = random_rows(seed, 300)
    cuts = sorted(min(cut, len(rows)) for cut in cuts)
    wakes, whole = run_in_batches(watched(make_state()), rows, [])
    again, split = run_in_batches(watched(make_state()), rows, cuts, restore_at=restore_at)
    assert again == wakes
    assert split.digest() == whole.digest()
    assert split.snapshot() == whole.snapshot()


def test_one_row_at_a_time_gives_the_same(
    make_state: Make, random_rows: Make, run_in_batches: Make
) -> None:
    rows = random_rows(99, 600)
    wakes, whole = run_in_batches(watched(make_state()), rows, [])
    again, split = run_in_batches(watched(make_state()), rows, list(range(1, len(rows))))
    assert again == wakes
    assert split.digest() == whole.digest()


def test_ofi_of_all_at_once_is_that_of_each(make_state: Make, random_rows: Make) -> None:
    state, rows, seen = make_state(), random_rows(5, 600), 0
    assert state.ofi_lots(5).tolist() == [0] * len(state)
    for start in range(0, len(rows), 100):
        state.advance(rows, start, min(start + 100, len(rows)), NEVER)
        for seconds in (1, 30, 900):
            each = [state[i].ofi_lots(seconds) for i in range(len(state))]
            assert state.ofi_lots(seconds).tolist() == each
            seen += sum(map(bool, each))
    assert seen > 10
    for seconds in (0, 901):
        with pytest.raises(ConfigurationError, match=r"1 \.\. 900 seconds"):
            state.ofi_lots(seconds)


@given(seed=st.integers(0, 20), gap_s=st.integers(1, 100))
@settings(max_examples=20, deadline=None)
def test_timers_only_interrupt(seed: int, gap_s: int, make_state: Make, random_rows: Make) -> None:
    rows = random_rows(seed, 200)
    whole, timed = make_state(), make_state()
    whole.advance(rows, 0, len(rows), NEVER)
    due, i = int(rows["receive_time_ns"][0]) + gap_s * S, 0
    while i < len(rows):
        i = timed.advance(rows, i, len(rows), due)
        if i < len(rows):
            assert rows["receive_time_ns"][i] >= due
            due = int(rows["receive_time_ns"][i]) + gap_s * S
    assert timed.digest() == whole.digest()


def test_timer_stops_before_its_row(make_state: Make) -> None:
    rows, state = trades(10, 11, 12), make_state()
    due = int(rows["receive_time_ns"][1])
    assert state.advance(rows, 0, 3, due) == 1
    assert state[0].last_ticks == 10
    assert state.advance(rows, 1, 3, due + 1) == 2


def test_bars_come_by_close_time_then_instrument_then_timeframe(make_state: Make) -> None:
    state = make_state()
    for index, timeframe_s in ((1, 60), (0, 300), (0, 60)):
        state.subscribe_bars(index, timeframe_s)
    rows = trades(5, 6, 7, 8, step_ns=200 * S, start_s=1_700_000_100)
    rows["instrument"] = (1, 0, 0, 0)
    i, found = 0, []
    while i < len(rows):
        i = state.advance(rows, i, len(rows), NEVER)
        order = [(b.close_time_ns, b.instrument, b.timeframe_s) for b in state.closed_bars()]
        assert order == sorted(order)
        found += order
    assert {(index, timeframe_s) for _, index, timeframe_s in found} == {(1, 60), (0, 60), (0, 300)}


def test_a_long_silence_closes_every_bar_once(make_state: Make) -> None:
    state = make_state()
    state.subscribe_bars(0, 1)
    rows = trades(5, 6, step_ns=100_000 * S)
    assert state.advance(rows, 0, 1, NEVER) == 1
    assert state.advance(rows, 1, 2, NEVER) == 2
    bars = state.closed_bars()
    assert len(bars) == 99_999
    assert [b.open_time_ns for b in bars] == [(1_700_000_000 + k) * S for k in range(99_999)]
    assert {b.close_ticks for b in bars} == {5}


def test_the_clock_closes_no_bar_of_a_silent_source(make_state: Make) -> None:
    # That nothing was heard is no knowledge that nothing was traded.
    state = make_state()
    state.subscribe_bars(0, 60)
    rows = trades(5, 6)
    state.advance(rows, 0, 2, NEVER)
    start = int(rows["event_time_ns"][0])
    state.advance_clock(start + 600 * S)
    assert state.closed_bars() == []
    assert state.source(0).progress_ns == int(rows["event_time_ns"][1])
    state.advance_clock(start)
    assert state.now_ns == start + 600 * S
    later = trades(7, start_s=start // S + 605)
    assert state.advance(later, 0, 1, NEVER) == 1
    assert [bar.close_ticks for bar in state.closed_bars()] == [6] * 10


def test_a_silent_source_becomes_unhealthy_and_comes_back(make_state: Make) -> None:
    rows, state = trades(5, 6, 7, step_ns=20 * S), make_state()
    assert not state[0].is_healthy
    state.advance(rows, 0, 1, NEVER)
    assert state.source(0).is_healthy
    assert state[0].is_healthy
    state.advance_clock(state.now_ns + 10 * S + 1)
    assert not state.source(0).is_healthy
    assert not state[0].is_healthy
    state.advance(rows, 1, 2, NEVER)
    assert state[0].is_healthy


def test_a_source_that_is_down_serves_no_quote(make_state: Make) -> None:
    rows, state = trades(5), make_state()
    rows["kind"], rows["price_b"] = 5, 6
    state.advance(rows, 0, 1, NEVER)
    assert (state[0].bid_ticks, state[0].has_quote) == (5, True)
    state.set_source_health(0, is_healthy=False)
    assert (state[0].bid_ticks, state[0].has_quote, state[0].is_healthy) == (0, False, False)
    state.set_source_health(0, is_healthy=True)
    assert state[0].is_healthy
    assert not state[0].has_quote


def test_rows_outside_the_tables_are_refused(make_state: Make) -> None:
    rows, state = trades(5, 6, 7), make_state()
    rows["instrument"][1] = 3
    with pytest.raises(MalformedMessage, match="instrument below 3"):
        state.advance(rows, 0, 3, NEVER)
    assert state[0].last_ticks == 5
    rows["instrument"][1], rows["source"][1] = 0, 2
    with pytest.raises(MalformedMessage, match="source below 2"):
        state.advance(rows, 1, 3, NEVER)
    with pytest.raises(MalformedMessage, match="EVENT rows"):
        state.advance(np.zeros(3, BAR), 0, 3, NEVER)
    with pytest.raises(InvariantBroken, match="rows within 3"):
        state.advance(rows, 0, 4, NEVER)


def test_arrays_of_every_layout_are_read(make_state: Make) -> None:
    rows = trades(5, 6, 7, 8)
    frozen = rows.copy()
    frozen.flags.writeable = False
    one, two = make_state(), make_state()
    one.advance(frozen, 0, 4, NEVER)
    two.advance(np.repeat(rows, 2)[::2], 0, 4, NEVER)
    assert one.digest() == two.digest()


def test_a_slice_is_not_taken_for_its_array(make_state: Make) -> None:
    rows, state = trades(5, 6, 7, 8), make_state()
    assert state.advance(rows[2:], 0, 1, NEVER) == 1
    assert state[0].last_ticks == 7
    assert state.advance(rows, 3, 4, NEVER) == 4
    assert state[0].last_ticks == 8
    rows["price_ticks"], rows["event_time_ns"] = 9, rows["event_time_ns"][3]
    state.advance(rows, 0, 1, NEVER)
    assert state[0].last_ticks == 9


def test_late_trades_count_in_totals_only(make_state: Make) -> None:
    rows, state = trades(5, 6, 7, step_ns=3 * S), make_state()
    rows["event_time_ns"][2] = rows["event_time_ns"][0]
    rows["price_ticks"][2] = 999
    state.advance(rows, 0, 3, NEVER)
    flow = state[0]
    assert flow.counters["late_trades"] == state.source(0).late_trades == 1
    assert flow.cvd_lots() == 3
    assert flow.window(900).buy_lots == 2
    assert flow.last_ticks == 6
    assert flow.bars(1, 9)["high_ticks"].max() == 5


def test_names_and_settings_are_checked(make_state: Make, make_instrument: Make) -> None:
    state = make_state()
    with pytest.raises(UnknownNameError, match="did you mean 'BTC'"):
        state.asset("BTX")
    with pytest.raises(ConfigurationError, match="timeframe"):
        state.subscribe_bars(0, 30)
    with pytest.raises(ConfigurationError, match="different sources"):
        FlowState(InstrumentTable([]), ["a", "a"])
    assert len(state) == 3
    assert state.config == FlowConfig()


def test_copies_are_refused(make_state: Make) -> None:
    state = make_state()
    for attempt in (copy.copy, copy.deepcopy):
        with pytest.raises(InvariantBroken, match="snapshot"):
            attempt(state)
