import pytest

from undertow.domain.errors import UnknownNameError
from undertow.domain.symbol import SymbolName, parse_symbol


@pytest.mark.parametrize(
    "text",
    [
        "BTC/USDT",
        "BTC/USDT:USDT",
        "BTC/USD:BTC@binance",
        "BTC/USDT:USDT-261225",
        "1000PEPE/USDT@a.b",
    ],
)
def test_public_names_round_trip(text: str) -> None:
    assert parse_symbol(text).text == text


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("BTC-USDT", SymbolName("BTC", "USDT")),
        ("btcusdt", SymbolName("BTC", "USDT")),
        ("ETHBTC", SymbolName("ETH", "BTC")),
        ("BTCUSDT@bybit", SymbolName("BTC", "USDT", venue="bybit")),
    ],
)
def test_other_habits_are_understood(text: str, meant: SymbolName) -> None:
    assert parse_symbol(text) == meant


@pytest.mark.parametrize("text", ["", "BTC", "USDT", "BTC/", "a/b/c", "BTC_USDT"])
def test_what_is_no_symbol_is_refused(text: str) -> None:
    with pytest.raises(UnknownNameError, match="expected a symbol such as"):
        parse_symbol(text)


def test_file_name() -> None:
    assert parse_symbol("BTC/USDT:USDT@binance").file_name == "BTC_USDT_USDT"
