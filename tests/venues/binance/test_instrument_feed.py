from typing import Any

import msgspec
import numpy as np

from undertow.venues.binance.instrument_feed import FeedState, FeedTotals, InstrumentFeed
from undertow.venues.binance.market import BinanceMarket
from undertow.venues.binance.streams import Channel
from undertow.venues.book_sequence import Delta


def test_everything_survives_a_dump(make_instrument: Any) -> None:
    instrument = make_instrument(BinanceMarket.USDM)
    feed, other = (InstrumentFeed(3, instrument, 1) for _ in range(2))
    feed.trade_channel, feed.next_trade_id, feed.quote_id = Channel.AGG_TRADE, 77, 5
    kept = Delta(11, 14, 10, 99)
    kept.set_levels(1, np.array([5, 6]), np.array([7, 0]))
    feed.book.next_delta(kept)
    feed.sizes["0.0001"]
    feed.totals.trades = 4
    state = msgspec.msgpack.encode(feed.dump())
    other.load(msgspec.msgpack.decode(state, type=FeedState))
    assert msgspec.msgpack.encode(other.dump()) == state
    assert other.trade_channel is Channel.AGG_TRADE
    assert (other.book.kept[0].ticks.tolist(), other.book.kept[0].bids) == ([5, 6], 1)
    assert other.counted() == FeedTotals(trades=4, inexact_sizes=1)


def test_losing_the_connection_forgets_book_and_quotes_and_keeps_the_trade_id(
    make_instrument: Any,
) -> None:
    feed = InstrumentFeed(0, make_instrument(BinanceMarket.SPOT), 0)
    feed.next_trade_id, feed.quote_id = 77, 5
    feed.book.take_snapshot(9)
    feed.lose()
    assert (feed.next_trade_id, feed.quote_id, feed.book.is_synced) == (77, 0, False)


def test_gaps_are_those_of_both_streams() -> None:
    assert FeedTotals(book_gaps=2, trade_gaps=3).gaps == 5
