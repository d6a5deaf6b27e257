import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from undertow.domain.errors import DataError
from undertow.domain.fixed import Step
from undertow.domain.instrument import MarketKind
from undertow.domain.symbol import parse_symbol
from undertow.venues.binance.encoder import PrintedDigits
from undertow.venues.binance.instruments import decode_exchange_info, encode_exchange_info
from undertow.venues.binance.market import BinanceMarket
from undertow.venues.rate_limit import RateLimit

SPOT, USDM, COINM = BinanceMarket
Filters = list[dict[str, Any]]


def filters(tick: str, step: str, low: str, high: str, *more: dict[str, Any]) -> Filters:
    price = {"filterType": "PRICE_FILTER", "minPrice": "0", "maxPrice": "0", "tickSize": tick}
    lot = {"filterType": "LOT_SIZE", "stepSize": step, "minQty": low, "maxQty": high}
    return [{"filterType": "MAX_NUM_ORDERS", "limit": 200}, price, lot, *more]


def symbol(name: str, base: str, quote: str, found: Filters, **other: Any) -> dict[str, Any]:
    body = {"symbol": name, "baseAsset": base, "quoteAsset": quote, "filters": found}
    return body | {"orderTypes": ["LIMIT"]} | other


def futures(name: str, contract: str, *, delivery: int = 4_133_404_800_000) -> dict[str, Any]:
    found = filters(
        "0.10", "0.001", "0.001", "1000", {"filterType": "MIN_NOTIONAL", "notional": "5"}
    )
    numbers = {"pricePrecision": 2, "quantityPrecision": 3, "requiredMarginPercent": "5.0000"}
    dates = {"status": "TRADING", "contractType": contract, "deliveryDate": delivery}
    return symbol(name, "BTC", "USDT", found, marginAsset="USDT", **numbers, **dates)


def answer(*symbols: dict[str, Any]) -> bytes:
    limit = {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 6}
    return json.dumps({"timezone": "UTC", "rateLimits": [limit], "symbols": symbols}).encode()


def test_spot() -> None:
    notional = {"filterType": "NOTIONAL", "minNotional": "5.00000000", "applyMinToMarket": True}
    found = filters("0.01000000", "0.00001000", "0.00001000", "9000.00000000", notional)
    info = decode_exchange_info(
        SPOT, answer(symbol("BTCUSDT", "BTC", "USDT", found, status="BREAK"))
    )
    (listing,) = info.listings
    coin = listing.instrument
    assert (coin.instrument_id, coin.raw_symbol) == ("BTC/USDT@binance", "BTCUSDT")
    assert (coin.kind, coin.settle, coin.max_leverage) == (MarketKind.SPOT, "USDT", 1)
    assert (coin.price_step, coin.qty_step) == (Step(1, 2), Step(1, 5))
    assert (coin.min_lots, coin.max_lots, coin.min_notional) == (1, 900_000_000, "5")
    assert (listing.is_trading, listing.printed) == (False, PrintedDigits(8, 8))
    assert info.rate_limits == (RateLimit("REQUEST_WEIGHT", 6, 60),)


def test_usdm_perpetual_and_dated_contracts() -> None:
    dated = futures("BTCUSDT_261225", "CURRENT_QUARTER", delivery=1_798_185_600_000)
    leaving = futures("BTCUSDT", "PERPETUAL_DELIVERING", delivery=1_700_000_000_000)
    info = decode_exchange_info(USDM, answer(futures("BTCUSDT", "PERPETUAL"), dated, leaving))
    assert [each.instrument.symbol for each in info.listings] == [
        *("BTC/USDT:USDT", "BTC/USDT:USDT-261225", "BTC/USDT:USDT"),
    ]
    perpetual = info.listings[0].instrument
    assert (perpetual.kind, perpetual.contract_size) == (MarketKind.LINEAR, Step(1, 0))
    assert (perpetual.min_notional, perpetual.max_leverage) == ("5", 20)
    assert perpetual.price_text(618_002) == "61800.2"


def test_coinm_contracts_are_inverse_and_counted_in_contracts() -> None:
    body = symbol("BTCUSD_PERP", "BTC", "USD", filters("0.1", "1", "1", "1000000"))
    body |= {"marginAsset": "BTC", "contractStatus": "TRADING", "contractSize": 100}
    body |= {"contractType": "PERPETUAL", "pricePrecision": 1, "quantityPrecision": 0}
    (listing,) = decode_exchange_info(COINM, answer(body)).listings
    coin = listing.instrument
    assert (coin.symbol, coin.kind, listing.is_trading) == ("BTC/USD:BTC", MarketKind.INVERSE, True)
    assert coin.notional(500_000, 3).text == "300"
    assert coin.cost(500_000, 3).text == "0.006"


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (filters("0", "0.001", "1", "2"), "positive step"),
        (filters("x", "0.001", "1", "2"), "decimal number"),
        ([], "PRICE_FILTER"),
    ],
)
def test_a_symbol_without_a_grid_is_named_and_left_out(found: Filters, why: str) -> None:
    good = symbol("BTCUSDT", "BTC", "USDT", filters("0.01", "0.1", "0.1", "9"))
    info = decode_exchange_info(SPOT, answer(symbol("ODDUSDT", "ODD", "USDT", found), good))
    assert [each.instrument.raw_symbol for each in info.listings] == ["BTCUSDT"]
    assert why in info.refused["ODDUSDT"]


def test_a_future_without_margin_or_date_is_left_out() -> None:
    undated = futures("BTCUSDT_261225", "CURRENT_QUARTER")
    marginless = futures("BTCUSDT", "PERPETUAL") | {"marginAsset": ""}
    info = decode_exchange_info(USDM, answer(undated, marginless))
    assert (info.listings, set(info.refused)) == ((), {"BTCUSDT_261225", "BTCUSDT"})


def test_bounds_off_the_lot_grid_are_narrowed() -> None:
    found = filters("0.01", "0.3", "0.5", "2")
    (listing,) = decode_exchange_info(SPOT, answer(symbol("AB", "A", "B", found))).listings
    assert (listing.instrument.min_lots, listing.instrument.max_lots) == (2, 6)


def test_something_else_is_no_list() -> None:
    with pytest.raises(DataError, match="expected an exchangeInfo answer"):
        decode_exchange_info(SPOT, b'{"code":-1003,"msg":"Too many requests"}')


def test_lists_go_there_and_back() -> None:
    coin = symbol("BTCUSD_PERP", "BTC", "USD", filters("0.1", "1", "1", "1000000"))
    coin |= {"marginAsset": "BTC", "contractStatus": "TRADING", "contractSize": 100}
    coin |= {"contractType": "PERPETUAL", "requiredMarginPercent": "3.3333", "pricePrecision": 1}
    notional = {"filterType": "NOTIONAL", "minNotional": "5.0"}
    spot = symbol("AB", "A", "B", filters("0.01", "0.3", "0.5", "2", notional), status="BREAK")
    cases = {
        SPOT: spot,
        USDM: futures("BTCUSDT", "PERPETUAL"),
        COINM: coin | {"quantityPrecision": 0},
    }
    for market, body in cases.items():
        info = decode_exchange_info(market, answer(body))
        limits = (*info.rate_limits, RateLimit("ORDERS", 9, 10), RateLimit("DAILY", 7, 86_400))
        written = encode_exchange_info(market, info.listings, limits, 1_700_000_000_000)
        again = decode_exchange_info(market, written)
        assert (again.listings, again.rate_limits) == (info.listings, limits)


def test_a_limit_of_part_of_a_second_cannot_be_said() -> None:
    with pytest.raises(DataError, match="unit of time"):
        encode_exchange_info(SPOT, (), (RateLimit("ODD", 1, 0),))


def test_counting_in_printed_decimals_keeps_every_value() -> None:
    (listing,) = decode_exchange_info(USDM, answer(futures("BTCUSDT", "PERPETUAL"))).listings
    fine, coin = listing.on_printed_grid, listing.instrument
    assert (fine.price_step, fine.qty_step) == (Step(1, 2), Step(1, 3))
    assert fine.ticks("61800.25") == 6_180_025
    assert fine.qty_text(fine.max_lots) == coin.qty_text(coin.max_lots) == "1000"
    assert fine.instrument_id == coin.instrument_id


FILES = {SPOT: "BINANCE", USDM: "BINANCE_FUTURES", COINM: "BINANCE_DELIVERY"}


@pytest.mark.recorded
def test_recorded_lists_are_read_whole_and_written_back(
    market: BinanceMarket, recorded: Path
) -> None:
    with gzip.open(recorded / "cryptofeed" / f"{FILES[market]}.0.gz") as file:
        body = file.readline().partition(b": ")[2]
    info = decode_exchange_info(market, body)
    assert len(info.listings) == {SPOT: 1_695, USDM: 122, COINM: 36}[market]
    assert info.refused == {}
    for listing in info.listings:
        name = parse_symbol(listing.instrument.symbol)
        assert name.symbol == listing.instrument.symbol
        assert name.base == listing.instrument.base
    written = encode_exchange_info(market, info.listings, info.rate_limits)
    assert decode_exchange_info(market, written) == info


@pytest.mark.recorded
def test_a_documentation_sample_without_filters_is_named(recorded: Path) -> None:
    folder = recorded / "nautilus_messages" / "binance" / "spot" / "http_json"
    body = json.loads((folder / "exchange_info_response.json").read_text())
    info = decode_exchange_info(SPOT, json.dumps(body.get("data", body)).encode())
    assert list(info.refused) == ["ETHBTC"]
