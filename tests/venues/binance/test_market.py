import pytest

from undertow.domain.errors import UnknownNameError
from undertow.venues.binance.market import (
    PRODUCTION,
    BinanceMarket,
    TimeUnit,
    exchange_info_path,
    snapshot_path,
)


def test_a_market_is_found_by_its_public_name() -> None:
    assert BinanceMarket.named("binance.coinm") is BinanceMarket.COINM
    with pytest.raises(UnknownNameError, match=r"did you mean 'binance\.usdm'"):
        BinanceMarket.named("binance.usdtm")


def test_paths_are_the_documented_ones() -> None:
    assert exchange_info_path(BinanceMarket.USDM) == "/fapi/v1/exchangeInfo"
    path = snapshot_path(BinanceMarket.COINM, "BTCUSD_PERP")
    assert path == "/dapi/v1/depth?symbol=BTCUSD_PERP&limit=1000"


def test_a_snapshot_never_asks_for_more_than_there_is() -> None:
    assert snapshot_path(BinanceMarket.SPOT, "BTCUSDT", 9_999).endswith("limit=5000")
    assert snapshot_path(BinanceMarket.USDM, "BTCUSDT", 5_000).endswith("limit=1000")


def test_every_market_has_its_hosts_and_units() -> None:
    assert set(PRODUCTION) == set(BinanceMarket)
    assert [market.is_futures for market in BinanceMarket] == [False, True, True]
    assert (TimeUnit.MILLISECOND.ns, TimeUnit.MICROSECOND.ns) == (1_000_000, 1_000)
