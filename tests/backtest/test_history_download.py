"""Downloads from a real server on this machine: interruptions, faults, limits, what is there."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from tests.stand_ins.binance_rest import BinanceRest, kline

from undertow.backtest.history_download import Downloaded, HistoryDownload
from undertow.domain.errors import ConnectionLost, UnknownNameError
from undertow.domain.time import NS_PER_MS
from undertow.storage.catalog.candles import Candles, joined
from undertow.storage.catalog.catalog import Catalog
from undertow.storage.catalog.series_store import AddedRows, candles_of
from undertow.storage.catalog.time_range import TimeRange
from undertow.storage.open_data import open_market_data
from undertow.venues.binance.history import USED_HEADERS, BinanceHistory, budget_limits
from undertow.venues.binance.market import BinanceMarket
from undertow.wire.http_client import HttpClient, RetryRules
from undertow.wire.http_transport import StandardTransport
from undertow.wire.pace import CountedPace
from undertow.wire.request_budget import RequestBudget

MINUTE = 60_000
LISTED = 1_704_067_200_000
BARS = 4_000
NOW = LISTED + BARS * MINUTE + 20_000
SPAN = TimeRange(LISTED * NS_PER_MS, NOW * NS_PER_MS)


@pytest.fixture
def venue() -> Iterator[BinanceRest]:
    with BinanceRest(LISTED, NOW) as found:
        yield found


TRANSPORT = StandardTransport(5.0)


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    TRANSPORT.close()


class Job:
    """A download of one market, and the pace it waited on."""

    def __init__(
        self, venue: BinanceRest, folder: Path, market: BinanceMarket, tries: int = 6
    ) -> None:
        self.pace = CountedPace()
        budget = RequestBudget(budget_limits(market), self.pace)
        rules = RetryRules(most_tries=tries)
        client = HttpClient(TRANSPORT, self.pace, budget, rules, USED_HEADERS)
        self.source = BinanceHistory(market, client, lambda: NOW * NS_PER_MS, venue.url)
        self.catalog = Catalog(folder)
        self.download = HistoryDownload(self.catalog, self.source)
        (self.instrument,), _ = self.download.choose(("BTC/.*",))

    def candles(self, span: TimeRange = SPAN) -> Downloaded:
        return self.download.candles(self.instrument, "1m", span)

    def stored(self) -> Candles:
        (series,) = self.catalog.series()
        return joined([candles_of(*part) for part in series.store.parts()])


def check(candles: Candles, bars: int = BARS) -> None:
    assert (candles.opens_ns // NS_PER_MS).tolist() == [LISTED + n * MINUTE for n in range(bars)]
    expected = [float(kline(LISTED + n * MINUTE, MINUTE)[4]) for n in range(bars)]
    assert candles.price("close").tolist() == expected


def test_everything_and_then_nothing(venue: BinanceRest, tmp_path: Path) -> None:
    job = Job(venue, tmp_path, BinanceMarket.SPOT)
    done = job.candles()
    assert (done.pages, done.counts) == (5, AddedRows(added=BARS))
    check(job.stored())
    before = len(venue.requests)
    again = job.candles()
    # Only the candle that is not finished is asked for.
    assert (again.pages, again.counts) == (1, AddedRows())
    assert len(venue.requests) - before == 1
    data = open_market_data(tmp_path, ["BTC/USDT"])
    assert data.table[0].min_notional == "0"
    assert len(data.candles(0)) == BARS


def test_faults_of_every_kind_on_the_way(venue: BinanceRest, tmp_path: Path) -> None:
    job = Job(venue, tmp_path, BinanceMarket.USDM)
    venue.faults = ["429", "", "500", "cut", "", "drop", "418", "", "short", "503", "cut"]
    done = job.candles()
    assert done.counts == AddedRows(added=BARS)
    check(job.stored())
    assert job.pace.waits.count(7.0) == 2  # what Retry-After said, of 429 and 418


def test_coin_margined_history_has_no_holes(venue: BinanceRest, tmp_path: Path) -> None:
    job = Job(venue, tmp_path, BinanceMarket.COINM)
    before = TimeRange(SPAN.start_ns - 3_600 * 10**9, SPAN.stop_ns)
    assert job.candles(before).counts == AddedRows(added=BARS)
    check(job.stored())


def test_an_interruption_loses_nothing(venue: BinanceRest, tmp_path: Path) -> None:
    job = Job(venue, tmp_path, BinanceMarket.SPOT, tries=1)
    venue.faults = ["", "", "drop"]
    with pytest.raises(ConnectionLost):
        job.candles()
    check(job.stored(), 2_000)
    pages = job.candles().pages
    assert pages == 3
    check(job.stored())


def test_only_what_is_missing_is_asked_for(venue: BinanceRest, tmp_path: Path) -> None:
    job = Job(venue, tmp_path, BinanceMarket.SPOT)
    middle = TimeRange((LISTED + 1_000 * MINUTE) * NS_PER_MS, (LISTED + 2_000 * MINUTE) * NS_PER_MS)
    assert job.candles(middle).counts == AddedRows(added=1_000)
    venue.requests.clear()
    assert job.candles().counts == AddedRows(added=3_000)
    starts = [(int(query["startTime"]) - LISTED) // MINUTE for _, query in venue.requests]
    assert starts == [0, 2_000, 3_000, 4_000]
    check(job.stored())


def test_holes_of_the_venue_do_not_stop_it(venue: BinanceRest, tmp_path: Path) -> None:
    venue.holes = {LISTED + n * MINUTE for n in (*range(700, 720), 1_500)}
    job = Job(venue, tmp_path, BinanceMarket.SPOT)
    assert job.candles().counts == AddedRows(added=BARS - 21)
    assert job.candles().counts.added == 0


def test_the_limit_is_kept(venue: BinanceRest, tmp_path: Path) -> None:
    venue.used_weight = 2_399
    job = Job(venue, tmp_path, BinanceMarket.USDM)
    job.candles()
    assert sum(job.pace.waits) >= 60.0
    sizes = {int(query["limit"]) for path, query in venue.requests if path.endswith("klines")}
    assert sizes == {499}


def test_funding_goes_on_after_the_last(venue: BinanceRest, tmp_path: Path) -> None:
    job = Job(venue, tmp_path, BinanceMarket.USDM)
    half = TimeRange(SPAN.start_ns, (LISTED + 30 * 3_600_000) * NS_PER_MS)
    assert job.download.funding(job.instrument, half).counts == AddedRows(added=4)
    assert job.download.funding(job.instrument, SPAN).counts == AddedRows(added=5)
    assert job.download.funding(job.instrument, SPAN).counts == AddedRows()
    job.candles()
    kinds = np.concatenate([rows["kind"] for rows in open_market_data(tmp_path).blocks()])
    assert (kinds == 9).sum() == 9


def test_marks_and_names(venue: BinanceRest, tmp_path: Path) -> None:
    job = Job(venue, tmp_path, BinanceMarket.USDM)
    done = job.download.candles(job.instrument, "8h", SPAN, "mark")
    assert (done.series, done.counts.added) == ("mark-8h", 8)
    for pairs in ((), ("ETHUSDT",)):
        with pytest.raises(UnknownNameError):
            job.download.choose(pairs)


def test_trades_are_resumed_by_id(venue: BinanceRest, tmp_path: Path) -> None:
    job = Job(venue, tmp_path, BinanceMarket.SPOT, tries=1)
    hour = TimeRange(SPAN.start_ns, SPAN.start_ns + 3_600 * 10**9)
    venue.faults = ["", "", "", "drop"]
    with pytest.raises(ConnectionLost):
        job.download.trades(job.instrument, hour)
    rest = job.download.trades(job.instrument, hour)
    assert rest.counts == AddedRows(added=14_400 - 3_000)
    rows = np.concatenate(list(open_market_data(tmp_path, rows="ticks").blocks()))
    first = LISTED // 250
    assert rows["sequence"].tolist() == [first + n for n in range(14_400)]
    assert (np.diff(rows["receive_time_ns"]) >= 0).all()


def test_what_is_told_on_the_way(venue: BinanceRest, tmp_path: Path) -> None:
    heard: list[tuple[int, int, str]] = []
    job = Job(venue, tmp_path, BinanceMarket.SPOT)
    HistoryDownload(job.catalog, job.source, lambda *said: heard.append(said)).candles(
        job.instrument, "1m", SPAN
    )
    shares = [done for done, _, _ in heard]
    assert shares == sorted(shares)
    assert heard[-1] == (1_000, 1_000, "BTC/USDT@binance")
