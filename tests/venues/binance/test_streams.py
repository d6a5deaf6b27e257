import json

import pytest

from undertow.domain.errors import ConfigurationError
from undertow.venues.binance.market import BinanceMarket, TimeUnit
from undertow.venues.binance.streams import (
    Channel,
    PathClass,
    SubscriptionAnswer,
    SubscriptionRequest,
    all_stream_names,
    by_path_class,
    decode_answer,
    decode_request,
    encode_answer,
    path_class,
    stream_name,
    stream_url,
    subscribe,
    unsubscribe,
)

SPOT, USDM, COINM = BinanceMarket
FUTURES = "wss://fstream.binance.com"


@pytest.mark.parametrize(
    ("market", "symbol", "channel", "detail", "name"),
    [
        (SPOT, "BTCUSDT", Channel.TRADE, "", "btcusdt@trade"),
        (SPOT, "BTCUSDT", Channel.DEPTH, "100ms", "btcusdt@depth@100ms"),
        (USDM, "BTCUSDT_261225", Channel.AGG_TRADE, "", "btcusdt_261225@aggTrade"),
        (COINM, "BTCUSD_PERP", Channel.MARK_PRICE, "1s", "btcusd_perp@markPrice@1s"),
        (USDM, "BTCUSDT", Channel.KLINE, "1m", "btcusdt@kline_1m"),
    ],
)
def test_names(
    market: BinanceMarket, symbol: str, channel: Channel, detail: str, name: str
) -> None:
    assert stream_name(market, symbol, channel, detail) == name


def test_all_names_of_an_instrument() -> None:
    spot = dict.fromkeys(name for _, name in all_stream_names(SPOT, "BTCUSDT"))
    assert list(spot)[:4] == [
        "btcusdt@trade",
        "btcusdt@aggTrade",
        "btcusdt@depth",
        "btcusdt@depth@100ms",
    ]
    assert "btcusdt@kline_1M" in spot
    usdm = {name: channel for channel, name in all_stream_names(USDM, "BTCUSDT")}
    assert usdm["btcusdt@markPrice@1s"] is Channel.MARK_PRICE
    assert set(usdm.values()) == set(Channel)


@pytest.mark.parametrize(
    ("channel", "detail", "found"),
    [
        (Channel.MARK_PRICE, "", "found markPrice"),
        (Channel.FORCE_ORDER, "", "found forceOrder"),
        (Channel.KLINE, "", "interval"),
        (Channel.DEPTH, "250ms", "found '250ms'"),
    ],
)
def test_a_stream_that_spot_does_not_have(channel: Channel, detail: str, found: str) -> None:
    with pytest.raises(ConfigurationError, match=found):
        stream_name(SPOT, "BTCUSDT", channel, detail)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("btcusdt@depth@100ms", PathClass.PUBLIC),
        ("btcusdt@bookTicker", PathClass.PUBLIC),
        ("!bookTicker", PathClass.PUBLIC),
        ("btcusdt@trade", PathClass.PUBLIC),
        ("btcusdt@aggTrade", PathClass.MARKET),
        ("btcusdt@markPrice@1s", PathClass.MARKET),
        ("!markPrice@arr@1s", PathClass.MARKET),
        ("btcusdt@kline_1m", PathClass.MARKET),
        ("!forceOrder@arr", PathClass.MARKET),
    ],
)
def test_usdm_streams_have_their_path_class(name: str, expected: PathClass) -> None:
    assert path_class(USDM, name) is expected
    assert path_class(SPOT, name) is path_class(COINM, name) is PathClass.ROOT


def test_addresses() -> None:
    book = ["btcusdt@depth@100ms", "ethusdt@bookTicker"]
    assert stream_url(USDM, FUTURES, book) == f"{FUTURES}/public/stream?streams={'/'.join(book)}"
    flow = ["btcusdt@aggTrade"]
    assert stream_url(USDM, FUTURES, flow) == f"{FUTURES}/market/stream?streams=btcusdt@aggTrade"
    spot = stream_url(SPOT, "ws://127.0.0.1:9", ["btcusdt@trade"], TimeUnit.MICROSECOND)
    assert spot == "ws://127.0.0.1:9/stream?streams=btcusdt@trade&timeUnit=MICROSECOND"


def test_streams_of_two_classes_do_not_share_a_connection() -> None:
    names = ["btcusdt@depth", "btcusdt@aggTrade", "btcusdt@bookTicker"]
    with pytest.raises(ConfigurationError, match="found /market, /public"):
        stream_url(USDM, FUTURES, names)
    groups = by_path_class(USDM, names)
    assert groups == {PathClass.PUBLIC: [names[0], names[2]], PathClass.MARKET: [names[1]]}


def test_an_address_needs_a_stream_and_futures_have_no_microseconds() -> None:
    with pytest.raises(ConfigurationError, match="found no stream"):
        stream_url(SPOT, "wss://x", [])
    with pytest.raises(ConfigurationError, match="on spot only"):
        stream_url(COINM, "wss://x", ["btcusd_perp@trade"], TimeUnit.MICROSECOND)


def test_requests_are_the_documented_ones() -> None:
    names = ["btcusdt@aggTrade", "btcusdt@depth"]
    assert json.loads(subscribe(names, 1)) == {"method": "SUBSCRIBE", "params": names, "id": 1}
    assert decode_request(unsubscribe(names, 312)) == SubscriptionRequest(
        "UNSUBSCRIBE", tuple(names), 312
    )


@pytest.mark.parametrize("answer", [SubscriptionAnswer(3), SubscriptionAnswer(4, "no such thing")])
def test_answers_go_there_and_back(answer: SubscriptionAnswer) -> None:
    found = decode_answer(encode_answer(answer))
    assert found.id == answer.id
    assert answer.error in found.error
    assert bool(found.error) is bool(answer.error)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b'{"result":null,"id":312}', SubscriptionAnswer(312)),
        (b'{"code":2,"msg":"Invalid request","id":7}', SubscriptionAnswer(7, "2: Invalid request")),
        (b'{"code":3,"msg":"Invalid JSON"}', SubscriptionAnswer(0, "3: Invalid JSON")),
        (b'{"result":["a@trade"],"id":"x"}', SubscriptionAnswer(0)),
    ],
)
def test_documented_answers(text: bytes, expected: SubscriptionAnswer) -> None:
    assert decode_answer(text) == expected
