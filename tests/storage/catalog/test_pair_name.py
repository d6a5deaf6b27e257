"""What habits write and what it means: FIELD's forms, one by one."""

import pytest

from undertow.domain.errors import UnknownNameError
from undertow.storage.catalog.pair_name import choose, may_mean, symbol_of
from undertow.storage.layouts.source_series import instrument_of


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("BTC/USDT", "BTC/USDT"),
        ("btc/usdt", "BTC/USDT"),
        ("BTC-USDT", "BTC/USDT"),
        ("BTCUSDT", "BTC/USDT"),
        ("BTC_USDT", "BTC/USDT"),
        ("BTC_USDT_USDT", "BTC/USDT:USDT"),
        ("BTC/USDT:USDT", "BTC/USDT:USDT"),
        ("BTC-USDT-SWAP", "BTC/USDT:USDT"),
        ("BTCUSD_PERP", "BTC/USD:BTC"),
        ("BTC-PERPETUAL", "BTC/USD:BTC"),
        ("XBTUSD", "BTC/USD"),
        ("EURUSD", "EUR/USD"),
        ("1000PEPEUSDT", "1000PEPE/USDT"),
        ("BTC/USDT:USDT-261225", "BTC/USDT:USDT-261225"),
    ],
)
def test_forms(text: str, symbol: str) -> None:
    assert symbol_of(text).symbol == symbol
    assert symbol_of(f"{text}@Bybit").venue == "bybit"


OFFERED = [
    instrument_of(symbol_of(symbol), venue)
    for symbol, venue in (
        ("BTC/USDT", "binance"),
        ("BTC/USDT:USDT", "binance"),
        ("BTC/USDT:USDT", "bybit"),
        ("ETH/USDT:USDT", "bybit"),
        ("SOL/USDC", "okx"),
    )
]


def ids(pairs: list[str]) -> list[str]:
    return [str(one.instrument_id) for one in choose(pairs, OFFERED).instruments]


def test_a_plain_pair_is_spot_and_without_spot_the_perpetual() -> None:
    assert ids(["BTCUSDT"]) == ["BTC/USDT@binance"]
    assert ids(["ETH/USDT"]) == ["ETH/USDT:USDT@bybit"]
    assert choose(["ETH/USDT"], OFFERED).understood == ("ETH/USDT is taken as ETH/USDT:USDT@bybit",)
    assert choose(["SOL/USDC@okx"], OFFERED).understood == ()


def test_without_a_venue_every_venue_is_meant() -> None:
    assert ids(["BTC/USDT:USDT"]) == ["BTC/USDT:USDT@binance", "BTC/USDT:USDT@bybit"]
    assert ids(["BTC/USDT:USDT@bybit"]) == ["BTC/USDT:USDT@bybit"]


def test_regular_expressions_and_order() -> None:
    assert ids([".*/USDT:USDT", "SOLUSDC"]) == [
        "BTC/USDT:USDT@binance", "BTC/USDT:USDT@bybit", "ETH/USDT:USDT@bybit", "SOL/USDC@okx",
    ]  # fmt: skip
    assert ids(["(BTC|ETH)/.*@bybit"]) == ["BTC/USDT:USDT@bybit", "ETH/USDT:USDT@bybit"]
    assert len(ids([])) == 5


@pytest.mark.parametrize("pair", ["DOGE/USDT", "BTC/USDT:USDT@okx", "XX.*", "(", "?"])
def test_what_is_not_there_is_an_error(pair: str) -> None:
    with pytest.raises(UnknownNameError):
        choose([pair], OFFERED)


def test_a_near_name_is_suggested() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'SOL/USDC'"):
        choose(["SOL/USDT"], OFFERED)


def test_the_quick_look_leaves_none_out() -> None:
    for pairs in (["BTCUSDT"], [".*/USDC"], ["ETH/USDT", "SOL-USDC"], []):
        chosen = set(ids(pairs))
        looked = {one.instrument_id for one in OFFERED if may_mean(pairs, one)}
        assert chosen <= looked
    assert not may_mean(["DOGE/USDT", "XRP.*"], OFFERED[0])
