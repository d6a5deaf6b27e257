"""Rate limits and request weights of the three markets, as data (README.md here has the dates).

The list of instruments carries the current limits too (`ExchangeInfo.rate_limits`); these are what
holds until it was read.
"""

import msgspec

from undertow.domain.errors import UnknownNameError
from undertow.domain.suggestion import did_you_mean
from undertow.venues.binance.market import BinanceMarket
from undertow.venues.rate_limit import LinkedLimit, RateLimit, RequestCost

WEIGHT = "REQUEST_WEIGHT"
RAW = "RAW_REQUESTS"
ORDERS = "ORDERS"
ORDERS_24HR = "ORDERS_24HR"
FUNDING = "FUNDING"
"""500 requests in 5 minutes, shared by USD-M's requests about funding rates."""

LIMITS = {
    BinanceMarket.SPOT: (
        RateLimit(WEIGHT, 6_000, 60),
        RateLimit(RAW, 61_000, 300),
        RateLimit(ORDERS, 100, 10),
        RateLimit(ORDERS_24HR, 200_000, 86_400),
    ),
    BinanceMarket.USDM: (
        RateLimit(WEIGHT, 2_400, 60),
        RateLimit(ORDERS, 300, 10),
        RateLimit("ORDERS_1M", 1_200, 60),
        RateLimit(FUNDING, 500, 300),
    ),
    BinanceMarket.COINM: (RateLimit(WEIGHT, 2_400, 60), RateLimit("ORDERS_1M", 1_200, 60)),
}

_ONE_RAW = (LinkedLimit(RAW, 1),)
_FUTURES_DEPTH = ((50, 2), (100, 5), (500, 10), (1_000, 20))
COSTS = {
    BinanceMarket.SPOT: (
        RequestCost("exchangeInfo", (LinkedLimit(WEIGHT, 20), *_ONE_RAW)),
        RequestCost("depth", _ONE_RAW, WEIGHT, ((100, 5), (500, 25), (1_000, 50), (5_000, 250))),
        RequestCost("klines", (LinkedLimit(WEIGHT, 2), *_ONE_RAW)),
        RequestCost("aggTrades", (LinkedLimit(WEIGHT, 4), *_ONE_RAW)),
    ),
    BinanceMarket.USDM: (
        RequestCost("exchangeInfo", (LinkedLimit(WEIGHT, 1),)),
        RequestCost("depth", (), WEIGHT, _FUTURES_DEPTH),
        RequestCost("klines", (), WEIGHT, ((99, 1), (499, 2), (1_000, 5), (1_500, 10))),
        RequestCost("aggTrades", (LinkedLimit(WEIGHT, 20),)),
        RequestCost("fundingRate", (LinkedLimit(FUNDING, 1),)),
    ),
    BinanceMarket.COINM: (
        RequestCost("exchangeInfo", (LinkedLimit(WEIGHT, 1),)),
        RequestCost("depth", (), WEIGHT, _FUTURES_DEPTH),
        RequestCost("klines", (), WEIGHT, ((99, 1), (499, 2), (1_000, 5), (1_500, 10))),
        RequestCost("aggTrades", (LinkedLimit(WEIGHT, 20),)),
        RequestCost("fundingRate", (LinkedLimit(WEIGHT, 1),)),
    ),
}


class ConnectionLimits(msgspec.Struct, frozen=True, gc=False):
    """Limits of one market-data connection.

    requests_per_s: subscribe requests, pings and pongs together, that we may send.
    lifetime_s: the server ends every connection after this long.
    """

    streams: int
    requests_per_s: int
    lifetime_s: int = 86_400


CONNECTIONS = {
    BinanceMarket.SPOT: ConnectionLimits(streams=1_024, requests_per_s=5),
    BinanceMarket.USDM: ConnectionLimits(streams=200, requests_per_s=10),
    BinanceMarket.COINM: ConnectionLimits(streams=200, requests_per_s=10),
}


def request_cost(market: BinanceMarket, request: str) -> RequestCost:
    """What the request of that name costs; raises `UnknownNameError` with the nearest name."""
    costs = {cost.request: cost for cost in COSTS[market]}
    if request not in costs:
        raise UnknownNameError(
            f"expected a request of {market.value}, found {request!r};"
            f"{did_you_mean(request, costs)}"
        )
    return costs[request]
