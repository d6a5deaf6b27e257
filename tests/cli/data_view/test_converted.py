"""Which series are written: those that the wanted bars can be made of."""

import argparse
from pathlib import Path

import pytest

from undertow.cli.data_view.converted import convert, convert_trades
from undertow.domain.errors import ConfigurationError, DataError


def write(path: Path, step_s: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [f"{1_704_067_200 + n * step_s},10,12,9,11,1\n" for n in range(100)]
    path.write_text("date,open,high,low,close,volume\n" + "".join(rows))


def args(tmp_path: Path, **given: object) -> argparse.Namespace:
    values = {
        "pairs": [],
        "timeframe": "",
        "timerange": "",
        "format": "csv",
        "to": tmp_path / "out",
    }
    return argparse.Namespace(**{**values, **given})


def test_series_that_fit(tmp_path: Path) -> None:
    write(tmp_path / "in" / "binance" / "BTC_USDT-5m.csv", 300)
    write(tmp_path / "in" / "binance" / "ETH_USDT-1h.csv", 3_600)
    place = tmp_path / "in" / "binance"
    found = [path.name for path in convert(place, args(tmp_path, timeframe="15m"))]
    assert found == ["BTC_USDT-15m.csv"]
    assert len(list(convert(place, args(tmp_path)))) == 2
    only = convert(place, args(tmp_path, pairs=["ETH/USDT"], timerange="20240101-20240102"))
    (path,) = only
    assert len(path.read_text().splitlines()) == 25
    assert list(convert(place, args(tmp_path, timerange="20250101-"))) == []


def test_trades_need_trades_and_a_length(tmp_path: Path) -> None:
    write(tmp_path / "in" / "BTC_USDT-5m.csv", 300)
    with pytest.raises(ConfigurationError, match="expected --timeframe"):
        list(convert_trades(tmp_path / "in", args(tmp_path)))
    with pytest.raises(DataError, match="expected recorded trades"):
        list(convert_trades(tmp_path / "in", args(tmp_path, timeframe="1m")))
