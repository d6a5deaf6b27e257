"""Each event of the venue, from bytes written by hand to the exact event."""

from typing import Any

import pytest

from undertow.domain.market_event import (
    BookLevel,
    Liquidation,
    MarkPrice,
    Quote,
    Trade,
)
from undertow.domain.side import Side
from undertow.venues.binance.decoder import Ignored
from undertow.venues.binance.market import BinanceMarket, TimeUnit

MS = 1_000_000
T0 = 1_700_000_000_000 * MS
BID, ASK = Side.BUY, Side.SELL


def test_a_trade_has_the_aggressors_side_and_the_engines_time(feed: Any, wire: Any) -> None:
    bought, sold = feed.hear(
        wire.trade(41, "100.1", "7", m=False), wire.trade(42, "99.0", "3", m=True)
    )
    assert bought == Trade(7, 2, T0 + MS, T0 + MS, Side.BUY, 1_001, feed.instrument.lots("7"), 41)
    assert sold == Trade(
        7, 2, T0 + 2 * MS, T0 + 2 * MS, Side.SELL, 990, feed.instrument.lots("3"), 42
    )
    assert (feed.totals.trades, feed.totals.buy_lots) == (2, feed.instrument.lots("7"))


def test_quantities_are_exact_decimals(spot_feed: Any, spot_wire: Any) -> None:
    (trade,) = spot_feed.hear(spot_wire.trade(1, "61837.60000000", "0.02300000"))
    assert (trade.price_ticks, trade.qty_lots) == (618_376, 23)


def test_an_aggregate_trade_is_a_trade_by_its_own_id(feed: Any, wire: Any) -> None:
    (trade,) = feed.hear(wire.agg_trade(5_933_014, "100.1", "2"))
    assert (trade.trade_id, trade.side, trade.price_ticks) == (5_933_014, Side.SELL, 1_001)


def test_only_one_of_the_two_trade_streams_counts(feed: Any, wire: Any) -> None:
    events = feed.hear(
        wire.agg_trade(1, qty="2"), wire.trade(900, qty="2"), wire.agg_trade(2, qty="2")
    )
    assert [event.trade_id for event in events] == [1, 2]
    assert feed.codec.ignored == {Ignored.SECOND_TRADE_STREAM: 1}


@pytest.mark.parametrize("execution", ["NA", "INSURANCE_FUND", "ADL"])
def test_off_book_trades_are_left_out_without_a_gap(
    execution: str, usdm_feed: Any, usdm_wire: Any
) -> None:
    events = usdm_feed.hear(
        usdm_wire.trade(1), usdm_wire.trade(2, "0", "0", X=execution), usdm_wire.trade(3)
    )
    assert [event.trade_id for event in events] == [1, 3]
    assert usdm_feed.codec.ignored == {Ignored.OFF_BOOK_TRADE: 1}
    assert (usdm_feed.totals.gaps, usdm_feed.refused) == (0, {})


def test_snapshot_and_deltas_become_one_book(feed: Any, wire: Any) -> None:
    events = feed.hear(
        wire.depth(11, 14, 10, bids=[("99.0", "5")], asks=[]),
        wire.depth(15, 18, 14, bids=[("98.0", "4")], asks=[("101.0", "0"), ("101.1", "6")]),
        wire.snapshot(16, [("99.9", "1"), ("99.0", "5")], [("100.0", "2")]),
        wire.depth(19, 19, 18, asks=[("100.0", "0")]),
    )
    snapshot, bridge, delta = events
    one = feed.instrument.lots("1")
    assert snapshot.levels == (
        *(BookLevel(BID, 999, one), BookLevel(BID, 990, 5 * one), BookLevel(ASK, 1_000, 2 * one)),
    )
    assert (snapshot.is_snapshot, snapshot.first_id, snapshot.last_id) == (True, 16, 16)
    assert (bridge.first_id, bridge.last_id, bridge.previous_id) == (15, 18, 16)
    assert bridge.levels == (
        *(BookLevel(BID, 980, 4 * one), BookLevel(ASK, 1_010, 0), BookLevel(ASK, 1_011, 6 * one)),
    )
    assert (delta.first_id, delta.last_id, delta.previous_id) == (19, 19, 18)
    assert (delta.event_time_ns, delta.receive_time_ns) == (T0 + 4 * MS, T0 + 4 * MS)
    assert (delta.is_snapshot, delta.levels) == (False, (BookLevel(ASK, 1_000, 0),))


def test_kept_deltas_are_received_when_the_snapshot_is(feed: Any, wire: Any) -> None:
    events = feed.hear(wire.depth(11, 14, 10), wire.snapshot(12, [("1", "1")], []))
    assert [event.receive_time_ns for event in events] == [T0 + 2 * MS] * 2
    assert events[1].event_time_ns <= events[1].receive_time_ns


def test_a_futures_quote_has_its_own_time(usdm_feed: Any, usdm_wire: Any) -> None:
    assert usdm_feed.hear(usdm_wire.book_ticker(400_900_217)) == [
        Quote(7, 2, T0 + MS, T0 + MS, 1_000, 15_000, 1_002, 2_000, 400_900_217)
    ]


def test_a_spot_quote_takes_the_last_known_time(spot_feed: Any, spot_wire: Any) -> None:
    assert spot_feed.hear(spot_wire.book_ticker(1)) == []
    assert spot_feed.codec.ignored == {Ignored.QUOTE_BEFORE_TIME: 1}
    trade, quote = spot_feed.hear(spot_wire.trade(1), spot_wire.book_ticker(2))
    assert quote == Quote(7, 2, trade.event_time_ns, T0 + 3 * MS, 1_000, 15_000, 1_002, 2_000, 2)


def test_an_empty_side_is_a_quote_of_zero(usdm_feed: Any, usdm_wire: Any) -> None:
    (quote,) = usdm_feed.hear(usdm_wire.book_ticker(1, bid="100.0", ask="0.0"))
    assert (quote.bid_ticks, quote.ask_ticks) == (1_000, 0)


def test_an_old_quote_is_dropped(usdm_feed: Any, usdm_wire: Any) -> None:
    wire = usdm_wire
    events = usdm_feed.hear(*(wire.book_ticker(update_id) for update_id in (5, 7, 6, 7, 8)))
    assert [event.update_id for event in events] == [5, 7, 8]
    assert usdm_feed.totals.duplicates == 2


def test_mark_price_in_its_own_units(usdm_feed: Any, usdm_wire: Any) -> None:
    (mark,) = usdm_feed.hear(usdm_wire.mark_price())
    assert mark == MarkPrice(
        *(7, 2, T0 + MS, T0 + MS, 10_012_345_678, 10_000_000_001, 381_670_000),
        next_funding_ns=T0 + 3_600_000 * MS,
    )


def test_a_dated_contract_has_no_funding(usdm_feed: Any, usdm_wire: Any) -> None:
    (mark,) = usdm_feed.hear(usdm_wire.mark_price(r="", T=0))
    assert (mark.funding_rate_e12, mark.next_funding_ns) == (0, 0)


def test_a_forced_order(usdm_feed: Any, usdm_wire: Any) -> None:
    assert usdm_feed.hear(usdm_wire.force_order("SELL"), usdm_wire.force_order("BUY")) == [
        Liquidation(7, 2, T0 + MS, T0 + MS, Side.SELL, 999, 3_000),
        Liquidation(7, 2, T0 + 2 * MS, T0 + 2 * MS, Side.BUY, 999, 3_000),
    ]


def test_a_candle_goes_beside_the_rows(feed: Any, wire: Any) -> None:
    assert feed.hear(wire.kline(is_closed=False), wire.kline()) == []
    first, last = feed.codec.take_klines()
    assert (first.is_closed, last.is_closed) == (False, True)
    assert (last.interval, last.trades, last.turnover, last.instrument) == ("1m", 101, "1200.5", 7)
    prices = (last.open_ticks, last.high_ticks, last.low_ticks, last.close_ticks)
    assert prices == (1_000, 1_009, 998, 1_003)
    assert (last.open_time_ns, last.close_time_ns) == (T0, T0 + 59_999 * MS)
    assert feed.codec.take_klines() == []


def test_microseconds_on_spot(make_wire: Any, spot_feed: Any) -> None:
    feed = type(spot_feed)(BinanceMarket.SPOT, TimeUnit.MICROSECOND)
    wire = make_wire(BinanceMarket.SPOT)
    (trade,) = feed.hear(wire.trade(1, T=T0 // 1_000 + 1_234))
    assert trade.event_time_ns == T0 + 1_234_000


def test_an_off_book_trade_follows_the_ids_too(usdm_feed: Any, usdm_wire: Any) -> None:
    wire = usdm_wire
    events = usdm_feed.hear(
        wire.trade(5), wire.trade(5, X="ADL"), wire.trade(8, X="ADL"), wire.trade(9, X="ADL", s="X")
    )
    assert [type(event).__name__ for event in events] == ["Trade", "SequenceGap"]
    assert (usdm_feed.totals.duplicates, usdm_feed.totals.lost_trades) == (1, 2)
    assert usdm_feed.refused == {"wrong_symbol": 1}


def refusals(wire: Any) -> list[tuple[bytes, str]]:
    """Futures messages that must not pass."""
    low = wire.kline().replace(b'"l":"99.8"', b'"l":"-99.8"')
    return [
        (wire.mark_price(p="-1"), "negative"),
        (wire.mark_price(p="0"), "negative"),
        (wire.mark_price(s="ETHUSDT"), "wrong_symbol"),
        (wire.mark_price(T=2**60), "time"),
        (wire.mark_price(r="x"), "number"),
        (wire.mark_price(p="1.123456789"), "off_grid"),
        (wire.force_order("NEITHER"), "schema"),
        (wire.force_order(p="0"), "negative"),
        (wire.force_order(q="-3"), "negative"),
        (wire.force_order(p="99.95"), "off_grid"),
        (wire.force_order(s="ETHUSDT"), "wrong_symbol"),
        (low, "negative"),
        (wire.kline().replace(b'"o":"100.0"', b'"o":"100.05"'), "off_grid"),
        (wire.kline().replace(b'"s":"BTCUSDT"', b'"s":"ETHUSDT"', 1), "wrong_symbol"),
        (wire.book_ticker(5).replace(b'"s":"BTCUSDT"', b'"s":"ETHUSDT"'), "wrong_symbol"),
        (wire.depth(1, 2, 0).replace(b'"s":"BTCUSDT"', b'"s":"ETHUSDT"'), "wrong_symbol"),
    ]


def test_futures_messages_that_are_not_true(usdm_feed: Any, usdm_wire: Any) -> None:
    for message, reason in refusals(usdm_wire):
        before = usdm_feed.refused.get(reason, 0)
        assert usdm_feed.hear(message) == [], message
        assert usdm_feed.refused[reason] == before + 1, message
    assert usdm_feed.codec.take_klines() == []


def test_a_snapshot_of_another_symbol_is_not_ours(make_wire: Any, feed: Any) -> None:
    body = make_wire(BinanceMarket.COINM, "ETHUSD_PERP").snapshot(5, [], [])
    assert len(feed.codec.decode_snapshot(7, body, T0)) == 0
    assert feed.refused == {"wrong_symbol": 1}
