"""What the Binance code here can do: market data. Trading is not part of it yet and not claimed."""

from undertow.venues.binance.limits import CONNECTIONS
from undertow.venues.binance.market import SNAPSHOT_LEVELS, BinanceMarket
from undertow.venues.capabilities import Capabilities, Capability

_ALL_MARKETS = (Capability.BOOK, Capability.TRADES, Capability.QUOTES, Capability.KLINES)
_FUTURES = (*_ALL_MARKETS, Capability.MARK_PRICE, Capability.LIQUIDATIONS)


def _capabilities(market: BinanceMarket) -> Capabilities:
    return Capabilities(
        abilities=_FUTURES if market.is_futures else _ALL_MARKETS,
        book_levels=SNAPSHOT_LEVELS[market],
        streams_per_connection=CONNECTIONS[market].streams,
    )


CAPABILITIES = {market: _capabilities(market) for market in BinanceMarket}
