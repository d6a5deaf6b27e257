"""ccxt itself, pointed at the stand-in for Binance by `urls`; rows against its formula."""

from collections.abc import Iterator

import pytest
from tests.stand_ins.binance_rest import BinanceRest, kline

from undertow.domain.errors import ConnectionLost, UnknownNameError, VenueRefused
from undertow.domain.fixed import Step
from undertow.domain.instrument import MarketKind
from undertow.domain.time import NS_PER_MS
from undertow.venues.ccxt_history import PAGE, CcxtHistory
from undertow.venues.history_source import HistoryRequest

LISTED = 1_704_067_200_000
NOW = LISTED + 700 * 60_000 + 30_000

pytest.importorskip("ccxt")


@pytest.fixture(scope="module")
def venue() -> Iterator[BinanceRest]:
    with BinanceRest(LISTED, NOW) as found:
        yield found


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def spot(venue: BinanceRest, waits: list[float]) -> CcxtHistory:
    return history(venue, "binance", ["spot"], waits)


def history(venue: BinanceRest, name: str, types: list[str], waits: list[float]) -> CcxtHistory:
    api = {
        "public": f"{venue.url}/api/v3",
        "fapiPublic": f"{venue.url}/fapi/v1",
        "dapiPublic": f"{venue.url}/dapi/v1",
    }
    options = {
        "urls": {"api": api},
        "enableRateLimit": False,
        "options": {"fetchMarkets": {"types": types}, "fetchMargins": False},
    }
    return CcxtHistory(name, lambda: NOW * NS_PER_MS, waits.append, options)


def asked(
    source: CcxtHistory, start: int, stop: int = NOW, timeframe: str = "1m"
) -> HistoryRequest:
    (one,) = source.instruments()
    return HistoryRequest(one, start * NS_PER_MS, stop * NS_PER_MS, timeframe)


def test_instruments_and_steps(spot: CcxtHistory) -> None:
    (one,) = spot.instruments()
    assert (one.instrument_id, one.raw_symbol) == ("BTC/USDT@binance", "BTCUSDT")
    assert (one.price_step, one.qty_step, one.kind) == (Step(1, 1), Step(1, 3), MarketKind.SPOT)


def test_candles_page_by_page(spot: CcxtHistory) -> None:
    first = spot.candles(asked(spot, LISTED))
    assert len(first.times_ns) == PAGE
    assert first.next_ns == (LISTED + PAGE * 60_000) * NS_PER_MS
    assert first.close[3] == float(kline(LISTED + 180_000, 60_000)[4])
    second = spot.candles(asked(spot, first.next_ns // NS_PER_MS))
    assert len(second.times_ns) == 700 - PAGE  # the one that is not finished is left out
    assert spot.candles(asked(spot, NOW - 10_000)).next_ns == NOW * NS_PER_MS


def test_trades(spot: CcxtHistory) -> None:
    page = spot.trades(asked(spot, LISTED, LISTED + 60_000))
    assert len(page.id) == 240
    assert set(page.side.tolist()) == {1, -1}
    assert page.next_ns > LISTED * NS_PER_MS


def test_funding_of_a_perpetual(venue: BinanceRest, waits: list[float]) -> None:
    usdm = history(venue, "binanceusdm", ["linear"], waits)
    (one,) = usdm.instruments()
    assert one.instrument_id == "BTC/USDT:USDT@binanceusdm"
    page = usdm.funding(asked(usdm, LISTED))
    assert page.times_ns.tolist() == [(LISTED + 3) * NS_PER_MS, (LISTED + 28_800_003) * NS_PER_MS]


def test_a_lost_connection_is_tried_again(
    spot: CcxtHistory, venue: BinanceRest, waits: list[float]
) -> None:
    request = asked(spot, LISTED)
    venue.faults = ["503", "429"]
    assert len(spot.candles(request).times_ns) == PAGE
    assert waits == [0.5, 1.0]
    venue.faults = ["503"] * 4
    with pytest.raises(ConnectionLost, match="expected an answer of binance"):
        spot.candles(request)
    venue.faults = ["400"]
    with pytest.raises(VenueRefused, match="binance"):
        spot.candles(request)


def test_unknown_exchanges() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'binance'"):
        CcxtHistory("binanse", lambda: 0, lambda seconds: None)
