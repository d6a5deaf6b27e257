from undertow.venues.binance.capabilities import CAPABILITIES
from undertow.venues.binance.market import BinanceMarket
from undertow.venues.capabilities import NEEDED_FOR_SIGNALS, NEEDED_FOR_TRADING, Capability


def test_market_data_is_there_and_trading_is_not_claimed(market: BinanceMarket) -> None:
    found = CAPABILITIES[market]
    assert found.missing(NEEDED_FOR_SIGNALS) == ()
    assert Capability.SUBMIT in found.missing(NEEDED_FOR_TRADING)
    assert found.can(Capability.LIQUIDATIONS) is market.is_futures
    assert found.book_levels >= 1_000
