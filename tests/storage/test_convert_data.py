"""Round trips: what is written in every form is read back as the same candles."""

from collections.abc import Callable
from pathlib import Path

import pytest

from undertow.domain.errors import ConfigurationError
from undertow.domain.instrument_table import InstrumentTable
from undertow.storage.catalog.candles import Candles
from undertow.storage.catalog.series_name import SeriesKind
from undertow.storage.convert_data import format_names, write_candles
from undertow.storage.open_data import open_market_data

Make = Callable[..., Candles]


@pytest.mark.parametrize("file_format", format_names())
@pytest.mark.parametrize("number", [0, 1])
def test_round_trips(
    tmp_path: Path, table: InstrumentTable, make_candles: Make, file_format: str, number: int
) -> None:
    candles = make_candles(400)
    written = write_candles(candles, table[number], tmp_path, file_format)
    place = tmp_path if file_format == "catalog" else written
    data = open_market_data(place)
    assert [one.instrument_id for one in data.table] == [table[number].instrument_id]
    found = data.candles(0)
    assert found.timeframe == "5m"
    assert found.opens_ns.tolist() == candles.opens_ns.tolist()
    for name in ("open", "high", "low", "close"):
        assert found.price(name).tolist() == candles.price(name).tolist()
    assert found.volume.tolist() == candles.volume.tolist()


def test_freqtrades_folders(tmp_path: Path, table: InstrumentTable, make_candles: Make) -> None:
    candles = make_candles(5)
    spot = write_candles(candles, table[1], tmp_path, "freqtrade-feather")
    perp = write_candles(candles, table[0], tmp_path, "freqtrade-json", SeriesKind.MARK)
    assert spot == tmp_path / "binance" / "BTC_USDT-5m.feather"
    assert perp == tmp_path / "binance" / "futures" / "BTC_USDT_USDT-5m-mark.json"


def test_the_same_bytes_each_time(
    tmp_path: Path, table: InstrumentTable, make_candles: Make
) -> None:
    for file_format in format_names()[:-1]:
        paths = [
            write_candles(make_candles(50), table[0], tmp_path / folder, file_format)
            for folder in ("a", "b")
        ]
        assert paths[0].read_bytes() == paths[1].read_bytes()


def test_an_unknown_format(tmp_path: Path, table: InstrumentTable, make_candles: Make) -> None:
    with pytest.raises(ConfigurationError, match="did you mean 'freqtrade-feather'"):
        write_candles(make_candles(5), table[0], tmp_path, "freqtrade-fether")
