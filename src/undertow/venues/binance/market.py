"""The three Binance markets: hosts and paths, as data. Sources and dates: README.md here.

Hosts are data so that the same code talks to production, demo trading or an emulator.
"""

from enum import StrEnum

import msgspec

from undertow.domain.errors import UnknownNameError
from undertow.domain.suggestion import did_you_mean


class BinanceMarket(StrEnum):
    """One of the venue's markets; its value is the public name of the source."""

    SPOT = "binance.spot"
    USDM = "binance.usdm"
    COINM = "binance.coinm"

    @classmethod
    def named(cls, name: str) -> "BinanceMarket":
        """The market of that name; raises `UnknownNameError` with the nearest one."""
        for market in cls:
            if market.value == name:
                return market
        names = [market.value for market in cls]
        raise UnknownNameError(
            f"expected a Binance market, found {name!r};{did_you_mean(name, names)}"
        )

    @property
    def is_futures(self) -> bool:
        """True for USD-M and COIN-M."""
        return self is not BinanceMarket.SPOT


class TimeUnit(StrEnum):
    """Unit of the times in messages; spot sends microseconds when asked in the stream's URL."""

    MILLISECOND = "MILLISECOND"
    MICROSECOND = "MICROSECOND"

    @property
    def ns(self) -> int:
        """Nanoseconds in one unit."""
        return 1_000_000 if self is TimeUnit.MILLISECOND else 1_000


class Endpoints(msgspec.Struct, frozen=True, gc=False):
    """Where one market is reached: `stream` for sockets, `rest` for requests, without a path."""

    stream: str
    rest: str


PRODUCTION = {
    BinanceMarket.SPOT: Endpoints("wss://stream.binance.com:9443", "https://api.binance.com"),
    BinanceMarket.USDM: Endpoints("wss://fstream.binance.com", "https://fapi.binance.com"),
    BinanceMarket.COINM: Endpoints("wss://dstream.binance.com", "https://dapi.binance.com"),
}

REST_ROOT = {
    BinanceMarket.SPOT: "/api/v3",
    BinanceMarket.USDM: "/fapi/v1",
    BinanceMarket.COINM: "/dapi/v1",
}

SNAPSHOT_LEVELS = {BinanceMarket.SPOT: 5_000, BinanceMarket.USDM: 1_000, BinanceMarket.COINM: 1_000}
"""Most levels a side that the depth request gives."""


def exchange_info_path(market: BinanceMarket) -> str:
    """The request for the list of instruments."""
    return f"{REST_ROOT[market]}/exchangeInfo"


def snapshot_path(market: BinanceMarket, raw_symbol: str, levels: int = 1_000) -> str:
    """The request for a whole book of at most `levels` a side."""
    shown = min(levels, SNAPSHOT_LEVELS[market])
    return f"{REST_ROOT[market]}/depth?symbol={raw_symbol}&limit={shown}"
