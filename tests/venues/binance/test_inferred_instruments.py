from typing import Any

import pytest

from undertow.domain.errors import DataError
from undertow.domain.fixed import Step
from undertow.domain.instrument import Instrument, MarketKind
from undertow.venues.binance.inferred_instruments import InstrumentInference, split_pair
from undertow.venues.binance.market import BinanceMarket, TimeUnit

SPOT, USDM, COINM = BinanceMarket


def infer(market: BinanceMarket, *messages: bytes) -> tuple[Instrument, ...]:
    inference = InstrumentInference(market)
    for message in messages:
        inference.add(message)
    return inference.instruments()


def test_the_finest_decimals_of_all_messages_are_the_grid(make_wire: Any) -> None:
    wire = make_wire(SPOT)
    (coin,) = infer(
        SPOT,
        wire.trade(1, "61837.63000000", "0.02000000"),
        wire.depth(1, 2, bids=[("61800.00000000", "3.00000000"), ("61800.10", "25.42618900")]),
        wire.book_ticker(5, "61837.60000000", "61837.70000000"),
    )
    assert (coin.price_step, coin.qty_step) == (Step(1, 2), Step(1, 6))
    assert (coin.instrument_id, coin.raw_symbol) == ("BTC/USDT@binance", "BTCUSDT")


@pytest.mark.parametrize(
    "levels",
    [
        {"bids": [("1.00", "2"), ("1.25", "3")]},
        {"asks": [("1.00", "2.0"), ("1.250", "3")]},
    ],
)
def test_prices_are_found_on_either_side(levels: Any, make_wire: Any) -> None:
    (coin,) = infer(SPOT, make_wire(SPOT).depth(1, 2, **levels))
    assert (coin.price_step, coin.qty_step) == (Step(1, 2), Step(1, 0))


def test_quotes_count_and_the_quantity_is_not_taken_for_a_price(make_wire: Any) -> None:
    wire = make_wire(USDM)
    quote = wire.book_ticker(5, "100.5", "100.75").replace(b'"15"', b'"15.001"')
    (coin,) = infer(USDM, quote)
    assert (coin.price_step, coin.qty_step) == (Step(1, 2), Step(1, 3))


def test_a_snapshot_that_names_no_symbol_belongs_to_the_only_one(make_wire: Any) -> None:
    wire = make_wire(SPOT)
    snapshot = wire.snapshot(5, [("99.5", "0.0001")], [])
    (coin,) = infer(SPOT, snapshot, wire.trade(1, "100", "1"))
    assert (coin.price_step, coin.qty_step) == (Step(1, 1), Step(1, 4))


def test_what_is_not_on_the_books_grid_does_not_count(make_wire: Any) -> None:
    wire = make_wire(USDM)
    (coin,) = infer(
        USDM, wire.trade(1, "100.1", "5"), wire.mark_price(), wire.force_order(), wire.kline()
    )
    assert (coin.price_step, coin.qty_step) == (Step(1, 1), Step(1, 0))


def test_contracts(make_wire: Any) -> None:
    names = ("BTCUSD_PERP", "ETHUSD_PERP", "BTCUSD_261225")
    found = infer(COINM, *(make_wire(COINM, name).trade(1) for name in names))
    assert [coin.symbol for coin in found] == ["BTC/USD:BTC", "ETH/USD:ETH", "BTC/USD:BTC-261225"]
    assert [coin.contract_size for coin in found] == [Step(100, 0), Step(10, 0), Step(100, 0)]
    assert {coin.kind for coin in found} == {MarketKind.INVERSE}


def test_a_stray_symbol_is_none(make_wire: Any) -> None:
    ours, stray = make_wire(USDM), make_wire(USDM, "ETHUSDT")
    messages = [ours.trade(trade_id) for trade_id in range(5)] + [stray.trade(1), stray.trade(2)]
    assert [coin.raw_symbol for coin in infer(USDM, *messages)] == ["BTCUSDT"]
    assert len(infer(USDM, *messages, stray.trade(3))) == 2


def test_absurd_decimals_do_not_refine_the_grid(make_wire: Any) -> None:
    wire = make_wire(SPOT)
    (coin,) = infer(SPOT, wire.trade(1, "100.5", "1"), wire.trade(2, "100." + "1" * 30, "1"))
    assert coin.price_step == Step(1, 1)


def test_the_unit_of_times_is_told_by_their_size(make_wire: Any) -> None:
    for digits, unit in ((b"", TimeUnit.MILLISECOND), (b"000", TimeUnit.MICROSECOND)):
        inference = InstrumentInference(SPOT)
        message = make_wire(SPOT).trade(1)
        inference.add(message.replace(b"1700000000002", b"1700000000002" + digits))
        assert inference.time_unit is unit


def test_nothing_of_the_market_is_an_error() -> None:
    with pytest.raises(DataError, match=r"expected messages of binance\.spot"):
        infer(SPOT, b"{}", b"garbage", b'{"e":"kline","s":"BTCUSDT"}')


@pytest.mark.parametrize(
    ("pair", "parts"),
    [
        ("BTCUSDT", ("BTC", "USDT")),
        ("BTCFDUSD", ("BTC", "FDUSD")),
        ("ETHBTC", ("ETH", "BTC")),
        ("1000SHIBUSDC", ("1000SHIB", "USDC")),
        ("BTCUSD", ("BTC", "USD")),
        ("BTCTRY", ("BTC", "TRY")),
    ],
)
def test_pairs_are_split_at_a_known_quote(pair: str, parts: tuple[str, str]) -> None:
    assert split_pair(pair) == parts


def test_an_unknown_quote_is_said() -> None:
    with pytest.raises(DataError, match="found 'ABCXYZ'"):
        split_pair("ABCXYZ")
