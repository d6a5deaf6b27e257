"""Both directions: what we encode decodes to the same event, in the venue's documented words."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.domain.errors import CallerError
from undertow.domain.event_rows import from_array
from undertow.domain.market_event import (
    BookLevel,
    BookUpdate,
    Liquidation,
    MarketEvent,
    MarkPrice,
    OpenInterest,
    Quote,
    Trade,
)
from undertow.domain.side import Side
from undertow.venues.binance.codec import BinanceCodec
from undertow.venues.binance.encoder import BinanceEncoder, PrintedDigits, fixed_text
from undertow.venues.binance.market import BinanceMarket, TimeUnit
from undertow.venues.binance.streams import Channel
from undertow.venues.kline import Kline

MS = 1_000_000
T0 = 1_700_000_000_000 * MS
HEAD = (7, 2, T0, T0 + 5)
COUNT = st.integers(1, 10**12)
SIDE = st.sampled_from(list(Side))


def trades() -> st.SearchStrategy[Trade]:
    return st.builds(Trade, *map(st.just, HEAD), SIDE, COUNT, COUNT, st.integers(0, 2**62))


def quotes() -> st.SearchStrategy[Quote]:
    def of(bid: int, spread: int, lots: int, update_id: int) -> Quote:
        return Quote(*HEAD, bid, lots, bid + spread, lots + 1, update_id)

    return st.builds(of, COUNT, st.integers(1, 99), COUNT, st.integers(1, 2**62))


def marks() -> st.SearchStrategy[MarkPrice]:
    rate = st.integers(-(10**12), 10**12)
    hours = st.integers(0, 8).map(lambda hour: T0 + hour * 3_600_000 * MS)
    return st.builds(MarkPrice, *map(st.just, HEAD), COUNT, COUNT, rate, hours)


def liquidations() -> st.SearchStrategy[Liquidation]:
    return st.builds(Liquidation, *map(st.just, HEAD), SIDE, COUNT, COUNT)


def books(is_snapshot: bool) -> st.SearchStrategy[BookUpdate]:
    sizes = COUNT if is_snapshot else st.integers(0, 10**12)
    bids = st.lists(st.builds(BookLevel, st.just(Side.BUY), st.integers(1, 900), sizes))
    asks = st.lists(st.builds(BookLevel, st.just(Side.SELL), st.integers(901, 9_999), sizes))

    def of(previous: int, span: int, bids: list[BookLevel], asks: list[BookLevel]) -> BookUpdate:
        last = previous + span
        ids = (last, last, last) if is_snapshot else (previous + 1, last, previous)
        return BookUpdate(*HEAD, *ids, is_snapshot, (*bids, *asks))

    return st.builds(of, st.integers(1, 2**60), st.integers(1, 99), bids, asks)


def there_and_back(market: BinanceMarket, event: MarketEvent, instrument: Any) -> MarketEvent:
    codec = BinanceCodec(market, {7: instrument}, 2)
    encoder = BinanceEncoder(market, {7: instrument})
    # What has no time of its own takes it from a trade; a delta needs a book to be applied to.
    messages = [encoder.encode(Trade(*HEAD, Side.BUY, 1, 1, 0), Channel.AGG_TRADE)]
    if isinstance(event, Trade):
        messages = []
    if isinstance(event, BookUpdate) and not event.is_snapshot:
        ids = (event.previous_id,) * 3
        messages.append(encoder.encode(BookUpdate(*HEAD, *ids, True, ())))
    messages.append(encoder.encode(event))
    events = list(from_array(codec.decode(messages, [event.receive_time_ns] * len(messages))))
    assert codec.refusals.counts == {}
    return events[-1]


ANYWHERE = st.one_of(trades(), quotes(), books(is_snapshot=False), books(is_snapshot=True))


@settings(deadline=None)
@given(event=ANYWHERE)
def test_decoding_what_was_encoded_gives_the_event_back(
    event: MarketEvent, make_instrument: Any
) -> None:
    for market in BinanceMarket:
        assert there_and_back(market, event, make_instrument(market)) == event


@settings(deadline=None)
@given(event=st.one_of(marks(), liquidations()))
def test_the_same_for_what_only_futures_have(event: MarketEvent, make_instrument: Any) -> None:
    for market in (BinanceMarket.USDM, BinanceMarket.COINM):
        assert there_and_back(market, event, make_instrument(market)) == event


def test_a_candle_goes_there_and_back(feed: Any, wire: Any) -> None:
    feed.hear(wire.kline())
    (kline,) = feed.codec.take_klines()
    encoder = BinanceEncoder(feed.codec.market, {7: feed.instrument})
    feed.codec.decode([encoder.encode(kline)], [kline.receive_time_ns])
    assert feed.codec.take_klines() == [kline]
    assert isinstance(kline, Kline)


def samples(wire: Any) -> list[tuple[bytes, ...]]:
    """Messages, each with what must follow it to become an event."""
    levels = {"bids": [("99.0", "5")], "asks": [("100.0", "0"), ("101.0", "7")]}
    alone = [wire.trade(5), wire.agg_trade(6), wire.book_ticker(9), wire.snapshot(14, **levels)]
    if wire.market.is_futures:
        alone += [wire.mark_price(), wire.force_order()]
    return [
        *((message,) for message in alone),
        (wire.depth(11, 14, 10, **levels), wire.snapshot(10, [], [])),
    ]


def words(message: bytes) -> dict[str, Any]:
    """What a message says that we use, numbers as numbers so that zeros at the end do not count."""
    body = json.loads(message)
    data = body.get("data", body)
    data = data["o"] if data.get("e") == "forceOrder" else data
    free = ("E", "T", "M", "X", "f", "l", "P", "ap", "z", "ps", "pair")
    return {key: number(value) for key, value in data.items() if key not in free}


def number(value: Any) -> Any:
    if isinstance(value, list):
        return [number(each) for each in value]
    try:
        return float(value)
    except ValueError:
        return value


def test_encoding_what_was_decoded_says_the_same(
    market: BinanceMarket, wire: Any, feed: Any
) -> None:
    encoder = BinanceEncoder(market, {7: feed.instrument})
    for messages in samples(wire):
        fresh = type(feed)(market)
        fresh.hear(wire.kline())
        event = fresh.hear(*messages)[-1]
        channel = Channel.AGG_TRADE if b"aggTrade" in messages[0] else None
        assert words(encoder.encode(event, channel)) == words(messages[0])


def test_spot_prints_eight_decimals_and_futures_those_of_the_venue(make_instrument: Any) -> None:
    trade = Trade(*HEAD, Side.BUY, 618_002, 6, 1)
    spot = BinanceEncoder(BinanceMarket.SPOT, {7: make_instrument(BinanceMarket.SPOT)})
    assert json.loads(spot.payload(trade))["p"] == "61800.20000000"
    usdm = make_instrument(BinanceMarket.USDM)
    printed = BinanceEncoder(BinanceMarket.USDM, {7: usdm}, {7: PrintedDigits(2, 3)})
    assert json.loads(printed.payload(trade))["p"] == "61800.20"
    assert (
        json.loads(BinanceEncoder(BinanceMarket.USDM, {7: usdm}).payload(trade))["p"] == "61800.2"
    )


def test_microseconds_keep_the_microsecond(make_instrument: Any) -> None:
    instrument = make_instrument(BinanceMarket.SPOT)
    unit = TimeUnit.MICROSECOND
    trade = Trade(7, 0, T0 + 1_000, T0, Side.BUY, 5, 6, 1)
    text = BinanceEncoder(BinanceMarket.SPOT, {7: instrument}, time_unit=unit).encode(trade)
    codec = BinanceCodec(BinanceMarket.SPOT, {7: instrument}, 0, unit)
    assert list(from_array(codec.decode([text], [T0]))) == [trade]


def test_what_the_venue_does_not_stream_is_the_callers_mistake(make_instrument: Any) -> None:
    encoder = BinanceEncoder(BinanceMarket.USDM, {7: make_instrument(BinanceMarket.USDM)})
    with pytest.raises(CallerError, match="found OpenInterest"):
        encoder.encode(OpenInterest(*HEAD, 5))


@pytest.mark.parametrize(
    ("scaled", "digits", "text"),
    [(5, 0, "5"), (5, 3, "0.005"), (-1_234, 2, "-12.34"), (0, 8, "0.00000000")],
)
def test_fixed_texts(scaled: int, digits: int, text: str) -> None:
    assert fixed_text(scaled, digits) == text
