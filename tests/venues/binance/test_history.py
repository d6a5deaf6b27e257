"""Pages of the three markets against the stand-in's formula; costs against the venue's table."""

from collections.abc import Iterator

import pytest
from tests.stand_ins.binance_rest import BinanceRest, kline, price

from undertow.domain.errors import UnknownNameError, VenueRefused
from undertow.domain.instrument import Instrument
from undertow.domain.time import NS_PER_MS
from undertow.venues.binance.history import (
    USED_HEADERS,
    BinanceHistory,
    budget_limits,
    cheapest_page,
)
from undertow.venues.binance.limits import WEIGHT, request_cost
from undertow.venues.binance.market import BinanceMarket
from undertow.venues.history_source import CANDLES, INDEX, MARK, HistoryRequest
from undertow.wire.http_client import HttpClient
from undertow.wire.http_transport import StandardTransport
from undertow.wire.pace import CountedPace
from undertow.wire.request_budget import RequestBudget

LISTED = 1_704_067_200_000
NOW = LISTED + 3 * 86_400_000 + 30_000


@pytest.fixture(scope="module")
def venue() -> Iterator[BinanceRest]:
    with BinanceRest(LISTED, NOW) as found:
        yield found


TRANSPORT = StandardTransport(5.0)


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    TRANSPORT.close()


def source(venue: BinanceRest, market: BinanceMarket) -> BinanceHistory:
    pace = CountedPace()
    budget = RequestBudget(budget_limits(market), pace)
    client = HttpClient(TRANSPORT, pace, budget, used_headers=USED_HEADERS)
    return BinanceHistory(market, client, lambda: NOW * NS_PER_MS, venue.url)


def asked(one: Instrument, start: int, stop: int, **more: object) -> HistoryRequest:
    return HistoryRequest(one, start * NS_PER_MS, stop * NS_PER_MS, **more)  # type: ignore[arg-type]


def test_pages_are_as_large_as_is_cheapest_by_row() -> None:
    assert cheapest_page(request_cost(BinanceMarket.USDM, "klines")) == 499
    assert cheapest_page(request_cost(BinanceMarket.SPOT, "klines")) == 1_000
    assert budget_limits(BinanceMarket.USDM)[WEIGHT] == (2_400, 60.0)


@pytest.mark.parametrize(
    ("market", "identity", "rows"),
    [
        (BinanceMarket.SPOT, "BTC/USDT@binance", 1_000),
        (BinanceMarket.USDM, "BTC/USDT:USDT@binance", 499),
        (BinanceMarket.COINM, "BTC/USD:BTC@binance", 499),
    ],
)
def test_klines(venue: BinanceRest, market: BinanceMarket, identity: str, rows: int) -> None:
    history = source(venue, market)
    (one,) = history.instruments()
    assert one.instrument_id == identity
    page = history.candles(asked(one, LISTED, NOW, timeframe="1m"))
    assert len(page.times_ns) == rows
    assert page.next_ns == int(page.times_ns[-1]) + NS_PER_MS
    expected = kline(LISTED + 60_000, 60_000)
    values = [float(getattr(page, name)[1]) for name in ("open", "high", "low", "close", "volume")]
    assert values == [float(text) for text in expected[1:6]]
    assert (page.bought[1], page.trades[1]) == (5.25, 42)


def test_the_unfinished_candle_is_left_out(venue: BinanceRest) -> None:
    history = source(venue, BinanceMarket.SPOT)
    (one,) = history.instruments()
    page = history.candles(asked(one, NOW - 300_000, NOW, timeframe="1m"))
    assert int(page.times_ns[-1]) // NS_PER_MS + 60_000 <= NOW
    assert page.next_ns == NOW * NS_PER_MS


def test_marks_have_no_volume_and_spot_has_no_marks(venue: BinanceRest) -> None:
    history = source(venue, BinanceMarket.USDM)
    (one,) = history.instruments()
    page = history.candles(asked(one, LISTED, NOW, timeframe="8h", kind=MARK))
    assert set(page.volume.tolist()) == {0.0}
    spot = source(venue, BinanceMarket.SPOT)
    with pytest.raises(UnknownNameError, match="expected candles on spot"):
        spot.candles(asked(one, LISTED, NOW, timeframe="8h", kind=INDEX))
    assert CANDLES == "candles"


@pytest.mark.parametrize(("timeframe", "days"), [("8h", 499 / 3), ("1h", 499 / 24)])
def test_coin_margined_pages_hold_all_that_lies_between(
    venue: BinanceRest, timeframe: str, days: float
) -> None:
    history = source(venue, BinanceMarket.COINM)
    (one,) = history.instruments()
    start = LISTED - 300 * 86_400_000
    page = history.candles(asked(one, start, NOW, timeframe=timeframe))
    assert len(page.times_ns) == 0
    assert page.next_ns == (start + round(days * 86_400_000)) * NS_PER_MS
    first = history.candles(asked(one, LISTED, NOW, timeframe="1m"))
    assert int(first.times_ns[0]) == LISTED * NS_PER_MS


def test_funding(venue: BinanceRest) -> None:
    history = source(venue, BinanceMarket.USDM)
    (one,) = history.instruments()
    page = history.funding(asked(one, LISTED, NOW))
    assert len(page.times_ns) == 10
    assert int(page.times_ns[0]) == (LISTED + 3) * NS_PER_MS
    assert page.marks[0] == price(LISTED)
    assert page.next_ns == NOW * NS_PER_MS


def test_coin_margined_funding_is_asked_in_stretches(venue: BinanceRest) -> None:
    history = source(venue, BinanceMarket.COINM)
    (one,) = history.instruments()
    start = LISTED - 50 * 86_400_000
    page = history.funding(asked(one, start, NOW))
    assert page.next_ns == (start + 1_000 * 3_600_000) * NS_PER_MS
    assert len(history.funding(asked(one, LISTED, NOW)).times_ns) == 10


def test_trades_by_time_then_by_id(venue: BinanceRest) -> None:
    history = source(venue, BinanceMarket.USDM)
    (one,) = history.instruments()
    first = history.trades(asked(one, LISTED + 1_000, LISTED + 600_000))
    assert len(first.id) == 1_000
    assert int(first.times_ns[0]) // NS_PER_MS == LISTED + 1_000
    second = history.trades(asked(one, LISTED, LISTED + 600_000, after_id=first.last_id))
    assert int(second.id[0]) == first.last_id + 1
    assert int(second.times_ns[-1]) < (LISTED + 600_000) * NS_PER_MS


def test_a_refusal_is_told(venue: BinanceRest) -> None:
    history = source(venue, BinanceMarket.SPOT)
    (one,) = history.instruments()
    venue.faults = ["400"]
    with pytest.raises(VenueRefused, match="found 400"):
        history.candles(asked(one, LISTED, NOW, timeframe="1m"))
