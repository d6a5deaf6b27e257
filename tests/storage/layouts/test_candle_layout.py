"""Each layout of candle files written small, one row at a time, and read."""

import io
from pathlib import Path

import numpy as np
import pytest

from undertow.domain.errors import ConfigurationError, DataError
from undertow.storage.layouts.candle_layout import is_candle_table, read_candle_table
from undertow.storage.layouts.raw_table import RawTable, read_raw_table

FIRST_NS = 1_704_067_200 * 10**9


def raw(tmp_path: Path, text: str) -> RawTable:
    path = tmp_path / "x.csv"
    path.write_text(text)
    return read_raw_table(path)


BINANCE = "1704067200000,10,12,9,11,5.5,1704067259999,60.5,7,2.5,27.5,0"
CASES = {
    "freqtrade": "date,open,high,low,close,volume\n2024-01-01 00:00:00+00:00,10,12,9,11,5.5\n",
    "binance": f"{BINANCE}\n{BINANCE.replace('1704067200000', '1704067260000')}\n",
    "kraken": "1704067200,10,12,9,11,5.5,7\n1704067260,10,12,9,11,5.5,7\n",
    "mt5": (
        "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\n"
        "2024.01.01\t00:00\t10\t12\t9\t11\t5.5\n"
    ),
    "columns": "timestamp,o,h,l,c,v\n1704067200,10,12,9,11,5.5\n",
}


@pytest.mark.parametrize("layout", CASES)
def test_layouts(tmp_path: Path, layout: str) -> None:
    table = read_candle_table(raw(tmp_path, CASES[layout]))
    assert table.layout == layout
    assert table.times_ns[0] == FIRST_NS
    values = [float(getattr(table, name)[0]) for name in ("open", "high", "low", "close", "volume")]
    assert values == [10, 12, 9, 11, 5.5]


def test_bought_volume_and_trades_of_binance(tmp_path: Path) -> None:
    header = (
        "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,"
        "taker_buy_quote_volume,ignore\n"
    )
    for text in (CASES["binance"], header + CASES["binance"]):
        table = read_candle_table(raw(tmp_path, text))
        assert (table.bought[0], table.trades[0], table.layout) == (2.5, 7, "binance")


def test_archives_that_change_to_microseconds(tmp_path: Path) -> None:
    text = CASES["kraken"].replace("1704067260,", "1704067260000000,")
    table = read_candle_table(raw(tmp_path, text))
    assert table.time_units == ("s", "us")
    assert np.diff(table.times_ns).tolist() == [60 * 10**9]


def test_the_arrays_of_jesse(tmp_path: Path) -> None:
    sink = io.BytesIO()
    np.save(sink, np.array([[1_704_067_200_000, 10, 11, 12, 9, 5.5]]))
    (tmp_path / "x.npy").write_bytes(sink.getvalue())
    table = read_candle_table(read_raw_table(tmp_path / "x.npy"))
    assert (table.layout, table.high[0], table.low[0], table.close[0]) == ("jesse", 12, 9, 11)


def test_volume_of_ticks_and_none_at_all(tmp_path: Path) -> None:
    assert read_candle_table(raw(tmp_path, CASES["mt5"])).volume_unit == "ticks"
    bare = read_candle_table(raw(tmp_path, "time,open,high,low,close\n1704067200,10,12,9,11\n"))
    assert (bare.volume_unit, bare.volume.tolist()) == ("none", [0.0])


def test_columns_by_name(tmp_path: Path) -> None:
    table = raw(tmp_path, "when,a,b,c,d,e\n1704067200,10,12,9,11,5.5\n")
    mapping = {"time": "when", "open": "a", "high": "b", "low": "c", "close": "d", "volume": "e"}
    found = read_candle_table(table, mapping)
    assert (found.high[0], found.volume[0]) == (12, 5.5)
    for wrong, message in (
        ({"opn": "a"}, "did you mean 'open'"),
        ({"open": "aa"}, "expected a column of"),
        ({"open": "a"}, "expected columns for time, high"),
    ):
        with pytest.raises(ConfigurationError, match=message):
            read_candle_table(table, wrong)


@pytest.mark.parametrize(
    "text", ["a,b\n1,2\n", "1,2\n3,4\n", "1704067200,9,1,12,5,3\n", "time,open\n1,2\n"]
)
def test_other_tables_are_no_candles(tmp_path: Path, text: str) -> None:
    table = raw(tmp_path, text)
    assert not is_candle_table(table)
    with pytest.raises(DataError, match="expected"):
        read_candle_table(table)
    assert is_candle_table(raw(tmp_path, CASES["kraken"]))
