"""Rates of the venue's archive and of its answers; premium candles are no prices."""

from pathlib import Path

import pytest

from undertow.domain.errors import DataError
from undertow.storage.layouts.funding_layout import is_rate_table, read_rate_table
from undertow.storage.layouts.raw_table import read_raw_table
from undertow.storage.layouts.source_series import read_source_series

MS = 1_704_067_200_000


@pytest.mark.parametrize(
    "text",
    [
        f"calc_time,funding_interval_hours,last_funding_rate\n{MS},8,0.0001\n",
        f"symbol,fundingTime,fundingRate\nBTCUSDT,{MS},0.0001\n",
    ],
)
def test_rates(tmp_path: Path, text: str) -> None:
    path = tmp_path / "BTCUSDT-fundingRate-2024-01.csv"
    path.write_text(text)
    raw = read_raw_table(path)
    assert is_rate_table(raw)
    assert read_rate_table(raw).open.tolist() == [0.0001]
    (series,) = read_source_series(path)
    assert series.facts.instrument.symbol == "BTC/USDT:USDT"
    assert series.facts.series.text == "funding"
    assert series.columns["rate_e12"].tolist() == [100_000_000]


def test_candles_and_premiums_are_not_rates(tmp_path: Path) -> None:
    path = tmp_path / "premiumIndexKlines" / "BTCUSDT-1m.csv"
    path.parent.mkdir()
    path.write_text("date,open,high,low,close,rate\n1,1,1,1,1,1\n")
    assert not is_rate_table(read_raw_table(path))
    with pytest.raises(DataError, match="premium index"):
        read_source_series(path)
