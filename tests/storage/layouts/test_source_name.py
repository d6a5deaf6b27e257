"""What paths of other programs say; names are those that freqtrade, Binance and LEAN write."""

from pathlib import Path

import pytest

from undertow.storage.layouts.source_name import read_source_name


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("data/binance/BTC_USDT-5m.feather", ("binance", "BTC/USDT", "5m", "", False)),
        (
            "data/okx/futures/BTC_USDT_USDT-1h-futures.feather",
            ("okx", "BTC/USDT:USDT", "1h", "candles", True),
        ),
        (
            "bybit/futures/ETH_USDT_USDT-8h-funding_rate.feather",
            ("bybit", "ETH/USDT:USDT", "8h", "funding", True),
        ),
        (
            "bybit_linear/ETH_USDT_USDT-4h-mark_20250622.parquet",
            ("bybit", "ETH/USDT:USDT", "4h", "mark", True),
        ),
        ("binance/BTC_USDT-trades.feather", ("binance", "BTC/USDT", "", "", False)),
        (
            "spot/monthly/klines/BTCUSDT/1m/BTCUSDT-1m-2024-01.zip",
            ("", "BTC/USDT", "1m", "", False),
        ),
        (
            "um/daily/markPriceKlines/BTCUSDT/1m/BTCUSDT-1m-2024-01-01.zip",
            ("", "BTC/USDT", "1m", "mark", True),
        ),
        ("cm/BTCUSD_PERP-1m-2024-01.zip", ("", "BTC/USD:BTC", "1m", "", True)),
        ("forex/oanda/minute/eurusd/20140501_quote.zip", ("oanda", "EUR/USD", "1m", "", False)),
        ("forex/fxcm/hour/eurusd.zip", ("fxcm", "EUR/USD", "1h", "", False)),
        ("kraken_BTCUSDC_1m_20230301_20230321.csv.gz", ("kraken", "BTC/USDC", "1m", "", False)),
        ("fxcm_usdjpy-m1-bid-2013.csv.gz", ("fxcm", "USD/JPY", "1m", "bid", False)),
        ("EURUSDh4.csv.gz", ("", "EUR/USD", "4h", "", False)),
        ("short-term-interest.csv.gz", ("", "", "", "", False)),
        ("btc-perp-20211231_1m.csv", ("", "", "1m", "", True)),
    ],
)
def test_paths(path: str, expected: tuple[str, str, str, str, bool]) -> None:
    found = read_source_name(Path(path))
    symbol = found.symbol.symbol if found.symbol else ""
    assert (found.venue, symbol, found.timeframe, found.kind or "", found.has_futures) == expected
