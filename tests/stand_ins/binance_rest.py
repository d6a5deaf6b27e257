"""A server on this machine that answers as Binance's REST interface does, with faults on request.

Klines of every interval, mark klines, funding and aggregated trades are made of a formula of the
time, so that any page can be checked. Limits of pages are those of the venue's documentation.
"""

import asyncio
import threading
from typing import Any

from aiohttp import web

MOST_ROWS = {"spot": 1_000, "usdm": 1_500, "coinm": 1_500}
ROOTS = {"spot": "/api/v3", "usdm": "/fapi/v1", "coinm": "/dapi/v1"}
INTERVALS_MS = {"1m": 60_000, "5m": 300_000, "1h": 3_600_000, "8h": 28_800_000}
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
TRADE_EVERY_MS = 250
CODES = {"429": -1003, "418": -1003, "500": -1000, "503": -1001}
"""The venue's own numbers of errors."""


def price(at_ms: int) -> float:
    """The price at a time: whole tenths between 40,000 and 50,000."""
    return 40_000 + (at_ms // 1_000 * 7_919 % 100_000) / 10


def kline(at_ms: int, length_ms: int) -> list[Any]:
    """One row of klines."""
    first, last = price(at_ms), price(at_ms + length_ms - 1_000)
    high, low = max(first, last) + 1, min(first, last) - 1
    texts = [f"{value:.2f}" for value in (first, high, low, last)]
    return [
        at_ms, *texts, "12.50000", at_ms + length_ms - 1, "1.0", 42, "5.25000", "1.0", "0",
    ]  # fmt: skip


class BinanceRest:
    """Start with `with`; `url` is its address. faults: words for the next requests, in order.

    now_ms: the venue's present; listed_ms: when trading began. requests: what was asked for.
    """

    def __init__(self, listed_ms: int, now_ms: int) -> None:
        self.listed_ms = listed_ms
        self.now_ms = now_ms
        self.faults: list[str] = []
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.used_weight = 0
        self.holes: set[int] = set()
        self.url = ""
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> "BinanceRest":
        self._thread.start()
        assert self._ready.wait(20)
        return self

    def __exit__(self, *error: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(20)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        app = web.Application(middlewares=[self._faulty])
        for market, root in ROOTS.items():
            for name in ("klines", "markPriceKlines", "aggTrades", "fundingRate", "exchangeInfo"):
                app.router.add_get(f"{root}/{name}", getattr(self, f"_{name}_of")(market))
        runner = web.AppRunner(app)
        self._loop.run_until_complete(runner.setup())
        site = web.TCPSite(runner, "127.0.0.1", 0)
        self._loop.run_until_complete(site.start())
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())
        self._loop.close()

    @web.middleware
    async def _faulty(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.requests.append((request.path, dict(request.query)))
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "drop":
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        if fault == "short":
            answer = web.StreamResponse(headers={"Content-Length": "100"})
            await answer.prepare(request)
            await answer.write(b"[[1")
            assert request.transport is not None
            request.transport.close()
            return answer
        if fault == "cut":
            whole: web.Response = await handler(request)
            assert isinstance(whole.body, bytes)
            return web.Response(body=whole.body[:-20], content_type="application/json")
        if fault:
            headers = {"Retry-After": "7"} if fault in ("429", "418") else {}
            body = {"code": CODES.get(fault, -1121), "msg": fault}
            return web.json_response(body, status=int(fault), headers=headers)
        found: web.StreamResponse = await handler(request)
        found.headers["X-MBX-USED-WEIGHT-1M"] = str(self.used_weight)
        return found

    def _klines_of(self, market: str) -> Any:
        async def answer(request: web.Request) -> web.Response:
            return web.json_response(self._klines(market, request.query))

        return answer

    _markPriceKlines_of = _klines_of  # noqa: N815

    def _klines(self, market: str, asked: Any) -> list[list[Any]]:
        length = INTERVALS_MS[asked["interval"]]
        limit = int(asked.get("limit", 500))
        assert limit <= MOST_ROWS[market]
        start = int(asked.get("startTime", 0))
        stop = int(asked.get("endTime", 1 << 60))
        if market == "coinm":
            assert stop - start <= 200 * DAY_MS
        first = max(-(-start // length) * length, -(-self.listed_ms // length) * length)
        rows: list[list[Any]] = []
        at = first
        most = 1 << 30 if market == "coinm" else limit
        while at <= min(stop, self.now_ms) and len(rows) < most:
            if at not in self.holes:
                rows.append(kline(at, length))
            at += length
        # COIN-M gives the newest rows before the end (developers.binance.com, Kline Data).
        return rows[-limit:] if market == "coinm" else rows

    def _fundingRate_of(self, market: str) -> Any:
        async def answer(request: web.Request) -> web.Response:
            start = int(request.query["startTime"])
            stop = int(request.query.get("endTime", self.now_ms))
            step = 8 * HOUR_MS
            first = max(-(-start // step), -(-self.listed_ms // step))
            times = range(first * step, min(stop, self.now_ms) + 1, step)
            rows = [
                {
                    "symbol": request.query["symbol"],
                    "fundingTime": at + 3,
                    "fundingRate": f"{(at // step % 21 - 10) / 100_000:.8f}",
                    "markPrice": f"{price(at):.8f}",
                }
                for at in list(times)[: int(request.query["limit"])]
                if at + 3 >= start
            ]
            return web.json_response(rows)

        return answer

    def _aggTrades_of(self, market: str) -> Any:
        async def answer(request: web.Request) -> web.Response:
            limit, step = int(request.query.get("limit", 500)), TRADE_EVERY_MS
            if "fromId" in request.query:
                first, stop = int(request.query["fromId"]), self.now_ms
            else:
                start = int(request.query["startTime"])
                stop = int(request.query.get("endTime", self.now_ms))
                assert market == "spot" or stop - start <= HOUR_MS
                first = max(-(-start // step), -(-self.listed_ms // step))
            ids = range(first, min(first + limit, min(stop, self.now_ms) // step + 1))
            rows = [
                {
                    "a": number,
                    "p": f"{price(number * step):.2f}",
                    "q": f"0.{1 + number % 900:03d}",
                    "f": number,
                    "l": number,
                    "T": number * step // 1_000 * 1_000,
                    "m": number % 3 == 0,
                }
                for number in ids
            ]
            return web.json_response(rows)

        return answer

    def _exchangeInfo_of(self, market: str) -> Any:
        async def answer(request: web.Request) -> web.Response:
            return web.json_response({"timezone": "UTC", "symbols": [_symbol(market)]})

        return answer


def _symbol(market: str) -> dict[str, Any]:
    is_coin = market == "coinm"
    filters = [
        {"filterType": "PRICE_FILTER", "tickSize": "0.10", "minPrice": "0.1", "maxPrice": "1e6"},
        {"filterType": "LOT_SIZE", "stepSize": "0.001", "minQty": "0.001", "maxQty": "1000"},
    ]
    found = {
        "symbol": "BTCUSD_PERP" if is_coin else "BTCUSDT",
        "pair": "BTCUSD" if is_coin else "BTCUSDT",
        "status": "TRADING",
        "baseAsset": "BTC",
        "quoteAsset": "USD" if is_coin else "USDT",
        "baseAssetPrecision": 8,
        "quotePrecision": 8,
        "pricePrecision": 1,
        "quantityPrecision": 3,
        "filters": filters,
        "orderTypes": ["LIMIT", "MARKET"],
        "isSpotTradingAllowed": True,
        "permissions": ["SPOT"],
    }
    if market != "spot":
        found["marginAsset"] = "BTC" if is_coin else "USDT"
        found |= {"contractStatus": "TRADING", "contractType": "PERPETUAL", "onboardDate": 0}
        found["deliveryDate"] = 4_133_404_800_000
    if is_coin:
        found["contractSize"] = 100
    return found
