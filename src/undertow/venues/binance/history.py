"""Binance's REST history: klines, mark and index klines, funding rates, aggregated trades.

Sources: the venue's API documentation of the three markets, as read in November 2026.

* Pages of klines are as large as is cheapest by row: on the futures 499 rows cost 2 and 1,500 cost
  10, on spot 1,000 cost 2.
* COIN-M answers with the newest rows before the end that was asked for, and for 200 days at most:
  the end is set so that a page holds all that lies between, the same for its funding, of which
  the order is not documented. Elsewhere pages begin at the start.
* A kline is finished when its close time is before the venue's answer, taken from our clock.
* Aggregated trades are asked for by time once (an hour at most on the futures) and then by id.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import UnknownNameError
from undertow.domain.instrument import Instrument
from undertow.domain.time import NS_PER_DAY, NS_PER_HOUR, NS_PER_MINUTE, NS_PER_MS
from undertow.venues.binance.instruments import VENUE, decode_exchange_info
from undertow.venues.binance.limits import LIMITS, WEIGHT, request_cost
from undertow.venues.binance.market import PRODUCTION, REST_ROOT, BinanceMarket
from undertow.venues.history_source import (
    CANDLES,
    INDEX,
    MARK,
    CandlePage,
    FundingPage,
    HistoryRequest,
    TradePage,
)
from undertow.venues.rate_limit import RequestCost
from undertow.wire.http_client import HttpClient

USED_HEADERS = {"x-mbx-used-weight-1m": WEIGHT}
_COINM_SPAN_NS = 200 * NS_PER_DAY
_UNITS_NS = {"m": NS_PER_MINUTE, "h": NS_PER_HOUR, "d": NS_PER_DAY, "w": 7 * NS_PER_DAY}
INTERVALS_NS = {
    name: int(name[:-1]) * _UNITS_NS[name[-1]]
    for name in (
        *("1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h"),
        *("1d", "3d", "1w"),
    )
} | {"1M": 28 * NS_PER_DAY, "1s": NS_PER_MINUTE // 60}
"""Intervals of klines; of a month its least length."""
_PATHS = {CANDLES: "klines", MARK: "markPriceKlines", INDEX: "indexPriceKlines"}
_FUNDING_PAGE, _TRADES_PAGE = 1_000, 1_000

_decode_rows = msgspec.json.Decoder(list[list[Any]]).decode
_decode_objects = msgspec.json.Decoder(list[dict[str, Any]]).decode


def budget_limits(market: BinanceMarket) -> dict[str, tuple[int, float]]:
    """The market's limits as a `RequestBudget` takes them."""
    return {one.limit_id: (one.limit, float(one.interval_s)) for one in LIMITS[market]}


def cheapest_page(cost: RequestCost, most: int = 1_000) -> int:
    """The number of rows whose page costs least by row; `most` where size costs nothing."""
    if not cost.steps:
        return most
    return min(cost.steps, key=lambda step: step[1] / step[0])[0]


class BinanceHistory:
    """A `HistorySource` of one market. now_ns: our clock, to leave out unfinished candles."""

    venue = VENUE

    def __init__(
        self,
        market: BinanceMarket,
        client: HttpClient,
        now_ns: Callable[[], int],
        rest: str = "",
    ) -> None:
        self._market = market
        self._client = client
        self._now_ns = now_ns
        self._root = (rest or PRODUCTION[market].rest) + REST_ROOT[market]

    def instruments(self) -> Sequence[Instrument]:
        """The market's list."""
        charges = self._charges("exchangeInfo")
        body = self._client.get(f"{self._root}/exchangeInfo", {}, charges, _json)
        info = decode_exchange_info(self._market, body)
        return [one.instrument for one in info.listings]

    def candles(self, request: HistoryRequest) -> CandlePage:
        """See `HistorySource`."""
        if request.kind != CANDLES and not self._market.is_futures:
            raise UnknownNameError(f"expected candles on spot, found {request.kind}")
        size = cheapest_page(request_cost(self._market, "klines"))
        symbol = request.instrument.raw_symbol
        key = "symbol"
        if request.kind == INDEX:
            key, symbol = "pair", symbol.partition("_")[0]
        params = {
            key: symbol,
            "interval": request.timeframe,
            **self._times(request.start_ns, self._kline_stop(request)),
            "limit": size,
        }
        path = f"{self._root}/{_PATHS[request.kind]}"
        rows = self._client.get(path, params, self._charges("klines", size), _decode_rows)
        now_ms = self._now_ns() // NS_PER_MS
        closed = [row for row in rows if int(row[6]) < now_ms]
        return self._candle_page(closed, rows, request)

    def funding(self, request: HistoryRequest) -> FundingPage:
        """See `HistorySource`."""
        stop = request.stop_ns
        if self._market is BinanceMarket.COINM:
            stop = min(stop, request.start_ns + _FUNDING_PAGE * NS_PER_HOUR)
        params = {
            "symbol": request.instrument.raw_symbol,
            **self._times(request.start_ns, stop),
            "limit": _FUNDING_PAGE,
        }
        path = f"{self._root}/fundingRate"
        rows = self._client.get(path, params, self._charges("fundingRate"), _decode_objects)
        rows.sort(key=lambda row: int(row["fundingTime"]))
        times = np.array([int(row["fundingTime"]) for row in rows], np.int64) * NS_PER_MS
        rates = np.array([float(row["fundingRate"]) for row in rows], np.float64)
        marks = np.array([float(row.get("markPrice") or 0.0) for row in rows], np.float64)
        return FundingPage(times, rates, marks, _next(times, _FUNDING_PAGE, stop))

    def trades(self, request: HistoryRequest) -> TradePage:
        """See `HistorySource`."""
        params: dict[str, object] = {"symbol": request.instrument.raw_symbol, "limit": _TRADES_PAGE}
        stop = min(request.stop_ns, request.start_ns + NS_PER_HOUR)
        if request.after_id:
            params["fromId"] = request.after_id + 1
        else:
            params["startTime"] = request.start_ns // NS_PER_MS
            params["endTime"] = stop // NS_PER_MS - 1
        charges = self._charges("aggTrades")
        rows = self._client.get(f"{self._root}/aggTrades", params, charges, _decode_objects)
        times = np.array([int(row["T"]) for row in rows], np.int64) * NS_PER_MS
        next_ns = int(times[-1]) if len(times) else stop
        if request.after_id and len(rows) == 0:
            next_ns = request.stop_ns
        ids = np.array([int(row["a"]) for row in rows], np.int64)
        inside = times < request.stop_ns
        return TradePage(
            times_ns=times[inside],
            price=np.array([float(row["p"]) for row in rows], np.float64)[inside],
            qty=np.array([float(row["q"]) for row in rows], np.float64)[inside],
            side=np.array([-1 if row["m"] else 1 for row in rows], np.int64)[inside],
            id=ids[inside],
            next_ns=next_ns,
            last_id=int(ids[-1]) if len(ids) else request.after_id,
        )

    def _kline_stop(self, request: HistoryRequest) -> int:
        if self._market is not BinanceMarket.COINM:
            return request.stop_ns
        size = cheapest_page(request_cost(self._market, "klines"))
        longest = min(size * INTERVALS_NS[request.timeframe], _COINM_SPAN_NS)
        return min(request.stop_ns, request.start_ns + longest)

    def _times(self, start_ns: int, stop_ns: int) -> dict[str, int]:
        return {"startTime": start_ns // NS_PER_MS, "endTime": stop_ns // NS_PER_MS - 1}

    def _charges(self, name: str, size: int = 0) -> dict[str, int]:
        charges = request_cost(self._market, name).charges_for(size)
        return {one.limit_id: one.weight for one in charges}

    def _candle_page(
        self, closed: list[list[Any]], rows: list[list[Any]], request: HistoryRequest
    ) -> CandlePage:
        times = np.array([int(row[0]) for row in rows], np.int64) * NS_PER_MS
        size = cheapest_page(request_cost(self._market, "klines"))
        is_traded = request.kind == CANDLES
        nothing = np.full(len(closed), np.nan)
        return CandlePage(
            times_ns=times[: len(closed)],
            open=_column(closed, 1),
            high=_column(closed, 2),
            low=_column(closed, 3),
            close=_column(closed, 4),
            volume=_column(closed, 5) if is_traded else np.zeros(len(closed)),
            bought=_column(closed, 9) if is_traded else nothing,
            trades=_column(closed, 8) if is_traded else nothing,
            next_ns=_next(times, size, self._kline_stop(request)),
        )


def _next(times: NDArray[np.int64], size: int, stop_ns: int) -> int:
    # A full page goes on after its last row; a short one reached the end that was asked for.
    return int(times[-1]) + NS_PER_MS if len(times) >= size else stop_ns


def _json(body: bytes) -> bytes:
    # A cut body is found here, where it can be asked for again.
    msgspec.json.decode(body)
    return body


def _column(rows: list[list[Any]], place: int) -> NDArray[np.float64]:
    return np.array([float(row[place]) for row in rows], np.float64)
