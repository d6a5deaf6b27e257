"""Expected folders and periods follow the layout at the module's head."""

from pathlib import Path

import numpy as np
import pytest

from undertow.domain.instrument_table import InstrumentTable
from undertow.storage.catalog.pair_name import symbol_of
from undertow.storage.catalog.series_name import (
    SeriesKind,
    SeriesName,
    asset_class,
    series_folder,
)
from undertow.storage.layouts.source_series import instrument_of

MOMENT = np.array([1_723_161_253 * 10**9])  # 2024-08-08 23:54:13


@pytest.mark.parametrize(
    ("timeframe", "period"),
    [("1s", "2024-08-08"), ("1m", "2024-08"), ("30m", "2024-08"), ("1h", "2024"), ("1d", "2024")],
)
def test_periods_grow_with_the_bars(timeframe: str, period: str) -> None:
    assert SeriesName(SeriesKind.CANDLES, timeframe).periods(MOMENT).tolist() == [period]


def test_folders(table: InstrumentTable) -> None:
    folder = series_folder(Path("data"), table[0], SeriesName(SeriesKind.MARK, "8h"))
    assert folder == Path("data/crypto/binance/linear/BTC_USDT_USDT/mark-8h")
    for name in (SeriesName(SeriesKind.BID, "1m"), SeriesName(SeriesKind.FUNDING)):
        assert SeriesName.of_folder(name.text) == name
    for other in ("2024-08-08", "replaced", "candles", "funding-8h"):
        assert SeriesName.of_folder(other) is None


def test_classes() -> None:
    found = [
        asset_class(instrument_of(symbol_of(pair), venue))
        for pair, venue in (
            ("EUR/USD", "oanda"),
            ("XAU/USD", "mt5"),
            ("BTC/USD", "kraken"),
            ("SPY/USD", "usa"),
        )
    ]
    assert found == ["forex", "forex", "crypto", "equity"]


def test_where_periods_begin() -> None:
    name = SeriesName(SeriesKind.CANDLES, "1m")
    days = np.array(["2024-01-30", "2024-01-31", "2024-02-01", "2024-02-09", "2024-04-01"])
    times = days.astype("datetime64[ns]").astype(np.int64)
    assert name.period_starts(times).tolist() == [0, 2, 4]
    assert name.period_starts(times[:0]).tolist() == []
