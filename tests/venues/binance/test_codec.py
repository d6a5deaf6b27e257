"""The feed as a whole: routing, refusals, gaps, state, and any split of the same messages."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.domain.errors import ConfigurationError, SnapshotCorrupt
from undertow.domain.market_event import (
    GAP_BOOK,
    GAP_TRADES,
    BookUpdate,
    EventArray,
    SequenceGap,
    SourceStatus,
)
from undertow.venues.binance.codec import BinanceCodec
from undertow.venues.binance.decoder import Ignored
from undertow.venues.binance.market import BinanceMarket, TimeUnit
from undertow.venues.refusal import Reason

MS = 1_000_000
T0 = 1_700_000_000_000 * MS
DEEP = ([("99.0", "1")], [("101.0", "1")])


def test_a_lost_trade_is_a_gap_with_its_number(feed: Any, wire: Any) -> None:
    first, gap, last = feed.hear(wire.trade(10), wire.trade(14))
    assert gap == SequenceGap(7, 2, T0 + 2 * MS, T0 + 2 * MS, GAP_TRADES, 11, 14, 3)
    assert (first.trade_id, last.trade_id) == (10, 14)
    assert (feed.totals.trade_gaps, feed.totals.lost_trades) == (1, 3)


def test_repeated_and_late_trades_are_dropped(feed: Any, wire: Any) -> None:
    events = feed.hear(*(wire.trade(trade_id) for trade_id in (10, 11, 10, 11, 12)))
    assert [event.trade_id for event in events] == [10, 11, 12]
    assert (feed.totals.duplicates, feed.totals.trades) == (2, 3)


def test_a_lost_depth_message_invalidates_the_book_until_a_snapshot(feed: Any, wire: Any) -> None:
    feed.hear(wire.depth(11, 14, 10), wire.snapshot(12, *DEEP))
    assert feed.codec.needs_snapshot == ()
    lost = feed.hear(wire.depth(21, 24, 20), wire.depth(25, 28, 24), wire.depth(33, 36, 32))
    assert [(gap.expected_id, gap.found_id) for gap in lost] == [(14, 20), (28, 32)]
    assert {gap.stream for gap in lost} == {GAP_BOOK}
    assert feed.codec.needs_snapshot == (7,)
    healed = feed.hear(wire.snapshot(34, *DEEP), wire.depth(37, 40, 36))
    assert [event.last_id for event in healed] == [34, 36, 40]
    assert feed.codec.needs_snapshot == ()
    assert feed.totals.book_gaps == 2


def test_a_snapshot_can_be_asked_for_and_too_old_ones_are_not_taken(feed: Any, wire: Any) -> None:
    feed.hear(wire.depth(21, 24, 20))
    now = feed.receive_ns
    assert len(feed.codec.decode_snapshot(7, wire.snapshot(19, *DEEP), now)) == 0
    assert feed.codec.needs_snapshot == (7,)
    rows = feed.codec.decode_snapshot(7, wire.snapshot(22, *DEEP), now)
    assert rows["sequence"].tolist() == [22] * 4 + [24] * 2
    assert (feed.totals.stale_snapshots, feed.totals.snapshots) == (1, 1)
    assert len(feed.codec.decode_snapshot(7, b"<html>", now)) == 0
    assert feed.refused == {Reason.JSON: 1}


def test_a_crossed_snapshot_is_no_book(feed: Any, wire: Any) -> None:
    events = feed.hear(
        wire.depth(11, 14, 10), wire.snapshot(12, [("101.0", "1")], [("101.0", "1")])
    )
    assert (events, feed.refused) == ([], {Reason.CROSSED: 1})
    assert feed.codec.needs_snapshot == (7,)


def test_a_snapshot_before_any_time_waits_for_it(spot_feed: Any, spot_wire: Any) -> None:
    assert spot_feed.hear(spot_wire.snapshot(12, *DEEP)) == []
    book, trade = spot_feed.hear(spot_wire.trade(1))
    assert isinstance(book, BookUpdate)
    assert (book.event_time_ns, book.receive_time_ns) == (trade.event_time_ns, T0 + MS)


def bad_messages(wire: Any) -> list[tuple[bytes, Reason]]:
    """Messages that must not pass, each with its reason."""
    other = type(wire)(wire.market, wire.symbol.replace("BTC", "ETH"))
    is_coinm = wire.market is BinanceMarket.COINM
    depth, ticker = wire.depth(11, 14, 10, bids=[("99.0", "5")]), wire.book_ticker(5)
    return [
        (b"", Reason.JSON),
        (b"{", Reason.JSON),
        (b"\xff\xfe", Reason.JSON),
        (b"[" * 100_000, Reason.JSON),
        (wire.trade(1)[:-9], Reason.JSON),
        (b"null", Reason.SCHEMA),
        (b"[1]", Reason.SCHEMA),
        (b"{}", Reason.UNKNOWN_EVENT),
        (b'{"stream":"btcusdt@new","data":{"e":"gibberish"}}', Reason.UNKNOWN_EVENT),
        (wire.trade(1, e="gibberish"), Reason.SCHEMA),
        (other.trade(1), Reason.UNKNOWN_SYMBOL),
        (other.snapshot(1, [], []) if is_coinm else other.depth(1, 2, 0), Reason.UNKNOWN_SYMBOL),
        (wire.trade(1, s="ETHUSDT"), Reason.WRONG_SYMBOL),
        (wire.trade(1, "100.15"), Reason.OFF_GRID),
        (wire.trade(1, "1e2.5"), Reason.NUMBER),
        (wire.trade(1, "9" * 25), Reason.RANGE),
        (wire.trade(1, "-100.1"), Reason.NEGATIVE),
        (wire.trade(1, qty="-1"), Reason.NEGATIVE),
        (wire.trade(1, qty="0"), Reason.NEGATIVE),
        (wire.trade(1, p=100.1), Reason.SCHEMA),
        (wire.trade(1, t=-4), Reason.SCHEMA),
        (wire.trade(1, T=1_000), Reason.TIME),
        (wire.trade(1, T=2**62), Reason.TIME),
        (depth.replace(b'"99.0"', b'"99.05"'), Reason.OFF_GRID),
        (depth.replace(b'"5"', b'"-5"'), Reason.NEGATIVE),
        (depth.replace(b'"5"', b"5"), Reason.SCHEMA),
        (depth.replace(b'"u":14', b'"u":3'), Reason.UPDATE_IDS),
        (depth.replace(b'"U":11,', b""), Reason.SCHEMA),
        (ticker.replace(b'"100.2"', b'"100.0"'), Reason.CROSSED),
        (ticker.replace(b'"15"', b'"-15"'), Reason.NEGATIVE),
        (wire.snapshot(5, [("99.05", "1")], []), Reason.OFF_GRID),
    ]


def test_each_bad_message_is_counted_by_its_reason_and_leaves_no_trace(
    feed: Any, wire: Any
) -> None:
    good = [wire.trade(1), wire.depth(11, 14, 10), wire.snapshot(12, *DEEP)]
    feed.hear(*good)
    for message, reason in bad_messages(wire):
        before = dict(feed.refused)
        assert feed.hear(message) == [], message
        assert feed.refused == before | {reason: before.get(reason, 0) + 1}, message
    after = feed.hear(wire.trade(2), wire.depth(15, 18, 14))
    assert [type(event).__name__ for event in after] == ["Trade", "BookUpdate"]
    assert feed.totals.gaps == 0


def test_a_futures_delta_without_its_previous_id_is_refused(usdm_feed: Any, usdm_wire: Any) -> None:
    usdm_feed.hear(usdm_wire.depth(11, 14, 10).replace(b'"pu":10,', b""))
    assert usdm_feed.refused == {Reason.UPDATE_IDS: 1}


def test_a_message_in_the_wrong_stream_is_refused(feed: Any, wire: Any) -> None:
    feed.hear(wire.trade(2, s="ETHUSDT"), wire.trade(2, e="depthUpdate"))
    assert feed.refused == {Reason.WRONG_SYMBOL: 1, Reason.SCHEMA: 1}


def test_the_first_example_of_a_reason_is_kept(feed: Any, wire: Any) -> None:
    feed.hear(wire.trade(1), wire.trade(2, "1.55"), wire.trade(2, "1.77"))
    example = feed.codec.refusals.examples["off_grid"]
    assert example.number == 2
    assert "1.55" in example.text
    assert feed.codec.messages == 3


def test_bare_payloads_and_other_key_orders_are_understood(feed: Any, wire: Any) -> None:
    enveloped = [wire.trade(1), wire.book_ticker(3), wire.depth(11, 14, 10)]
    bare = [message.partition(b'"data":')[2][:-1] for message in enveloped]
    swapped = b'{"data":' + bare[0].replace(b'"t":1', b'"t":2') + b',"stream":"btcusdt@trade"}'
    spaced = wire.trade(3).replace(b":", b": ").replace(b",", b",\n ")
    events = feed.hear(*bare, swapped, spaced)
    assert [event.trade_id for event in events if hasattr(event, "trade_id")] == [1, 2, 3]
    assert (feed.totals.quotes, feed.totals.depth_messages, feed.refused) == (1, 1, {})


def test_all_market_messages_bring_what_is_ours(usdm_feed: Any, make_wire: Any) -> None:
    ours, other = make_wire(BinanceMarket.USDM), make_wire(BinanceMarket.USDM, "ETHUSDT")
    items = [wire.mark_price().partition(b'"data":')[2][:-1] for wire in (other, ours)]
    marks = b"[" + b",".join([*items, b'{"e":"markPriceUpdate","s":"BTCUSDT"}']) + b"]"
    forced = other.force_order().replace(b"ethusdt@forceOrder", b"!forceOrder@arr")
    events = usdm_feed.hear(marks, b'{"stream":"!markPrice@arr","data":' + marks + b"}", forced)
    assert [type(event).__name__ for event in events] == ["MarkPrice"] * 2
    assert usdm_feed.codec.ignored == {Ignored.OTHER_SYMBOL: 3}
    assert usdm_feed.refused == {Reason.SCHEMA: 2}


@pytest.mark.parametrize("name", ["depth20@100ms", "depth5", "rpiDepth@500ms"])
def test_partial_books_are_not_the_book(name: str, feed: Any, wire: Any) -> None:
    partial = wire.depth(11, 14, 10).replace(b"@depth@100ms", f"@{name}".encode())
    top = wire.wrap(name, {"lastUpdateId": 12, "bids": [], "asks": []})
    assert feed.hear(partial, top, partial) == []
    assert feed.codec.ignored == {Ignored.UNUSED_STREAM: 3}
    assert feed.totals.depth_messages == 0


def test_other_streams_and_answers_are_no_fault(feed: Any, wire: Any) -> None:
    ticker = wire.wrap("ticker", {"e": "24hrTicker", "E": 1, "s": wire.symbol, "o": "1.0"})
    feed.hear(ticker, b'{"result":null,"id":4}', b'{"error":{"code":2,"msg":"no"},"id":5}')
    assert feed.codec.ignored == {Ignored.UNUSED_EVENT: 1, Ignored.ANSWER: 2}
    assert [(answer.id, bool(answer.error)) for answer in feed.codec.take_answers()] == [
        *((4, False), (5, True)),
    ]
    assert (feed.codec.take_answers(), feed.refused) == ([], {})


def test_the_server_says_when_it_goes(feed: Any) -> None:
    shutdown = b'{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1770123456789}}'
    feed.hear(shutdown)
    assert feed.codec.is_shutting_down
    feed.codec.connection_restored(feed.receive_ns)
    assert not feed.codec.is_shutting_down


def test_a_lost_connection_ends_the_book_and_keeps_the_trades(feed: Any, wire: Any) -> None:
    feed.hear(wire.trade(1), wire.depth(11, 14, 10), wire.snapshot(12, *DEEP))
    rows = feed.codec.connection_lost(feed.receive_ns)
    assert rows["qty_b"].tolist() == [0]
    assert feed.codec.connection_restored(feed.receive_ns)["qty_b"].tolist() == [1]
    gap, trade = feed.hear(wire.depth(31, 34, 30), wire.trade(9))
    assert (gap.stream, gap.lost, trade.trade_id) == (GAP_TRADES, 7, 9)
    assert feed.codec.needs_snapshot == (7,)
    assert isinstance(SourceStatus(7, 2, 0, 0, is_healthy=True), SourceStatus)


def play(codec: BinanceCodec, messages: list[bytes], cuts: list[int]) -> EventArray:
    """All rows of the messages, decoded in batches that end at the cuts."""
    bounds = [0, *sorted(cut % (len(messages) + 1) for cut in cuts), len(messages)]
    times = [T0 + i * MS for i in range(len(messages))]
    parts = [
        codec.decode(messages[start:stop], times[start:stop]) for start, stop in pairwise(bounds)
    ]
    return np.concatenate(parts)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(list(BinanceMarket)),
    st.integers(0, 10**6),
    st.lists(st.integers(0, 400), max_size=12),
)
def test_any_split_gives_the_same_rows_and_counts(
    make_script: Callable[..., list[bytes]],
    make_instrument: Callable[..., Any],
    market: BinanceMarket,
    seed: int,
    cuts: list[int],
) -> None:
    messages = make_script(market, seed, 120)
    whole, split = (BinanceCodec(market, {0: make_instrument(market)}) for _ in range(2))
    assert np.array_equal(play(whole, messages, []), play(split, messages, cuts))
    assert whole.snapshot() == split.snapshot()
    one_by_one = BinanceCodec(market, {0: make_instrument(market)})
    play(one_by_one, messages, list(range(len(messages))))
    assert whole.snapshot() == one_by_one.snapshot()


@pytest.mark.parametrize("seed", range(8))
def test_restoring_and_going_on_is_never_having_stopped(
    seed: int, market: BinanceMarket, make_script: Any, make_instrument: Any
) -> None:
    messages = make_script(market, seed, 150)
    times = [T0 + i * MS for i in range(len(messages))]
    whole = BinanceCodec(market, {0: make_instrument(market)})
    whole_rows = whole.decode(messages, times)
    half = len(messages) // 2
    first, second = (BinanceCodec(market, {0: make_instrument(market)}) for _ in range(2))
    head = first.decode(messages[:half], times[:half])
    second.restore(first.snapshot())
    tail = second.decode(messages[half:], times[half:])
    assert np.array_equal(np.concatenate([head, tail]), whole_rows)
    assert second.snapshot() == whole.snapshot()


def test_a_state_of_something_else_is_refused(feed: Any, make_instrument: Any) -> None:
    codec = feed.codec
    with pytest.raises(SnapshotCorrupt, match="expected a state of a codec"):
        codec.restore(b"\x01")
    other = BinanceCodec(codec.market, {7: make_instrument(codec.market, "ETH")})
    with pytest.raises(SnapshotCorrupt, match="ETHUSD"):
        codec.restore(other.snapshot())


def test_configurations_that_cannot_be(make_instrument: Any) -> None:
    perpetual = make_instrument(BinanceMarket.USDM)
    with pytest.raises(ConfigurationError, match="each raw symbol once"):
        BinanceCodec(BinanceMarket.USDM, {0: perpetual, 1: perpetual})
    with pytest.raises(ConfigurationError, match="on spot only"):
        BinanceCodec(BinanceMarket.USDM, {0: perpetual}, 0, TimeUnit.MICROSECOND)


def test_a_snapshot_without_a_symbol_needs_a_single_instrument(
    make_instrument: Any, make_wire: Any
) -> None:
    market = BinanceMarket.USDM
    two = {0: make_instrument(market), 1: make_instrument(market, "ETH")}
    codec = BinanceCodec(market, two)
    codec.decode([make_wire(market).snapshot(5, *DEEP)], [T0])
    assert codec.refusals.counts == {Reason.UNKNOWN_SYMBOL: 1}


def test_bytes_that_are_no_text_stop_nothing(feed: Any, wire: Any) -> None:
    broken = wire.trade(11).replace(b'"p":"', b'"p":"\xff')
    first, _, last = feed.hear(wire.trade(10), broken, wire.trade(12))
    assert (first.trade_id, last.trade_id) == (10, 12)
    assert feed.codec.refusals.counts == {Reason.JSON.value: 1}
