"""LEAN's files written as its readme says, and read."""

import zipfile
from pathlib import Path

import numpy as np
import pytest

from undertow.domain.errors import DataError
from undertow.storage.catalog.series_name import SeriesKind
from undertow.storage.layouts.lean import lean_bars, lean_file, lean_scale, lean_times
from undertow.storage.layouts.raw_table import RawTable, read_raw_table

DAY = int(np.datetime64("2014-05-01", "ns").astype(np.int64))
QUOTE = "60000,1.1,1.3,1.0,1.2,5,1.2,1.4,1.1,1.3,6\n"
TRADE = "60000,10,12,9,11,5.5\n"


def member(tmp_path: Path, folder: str, name: str, inside: str, text: str) -> tuple[RawTable, Path]:
    path = tmp_path / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(inside, text)
    return read_raw_table(path), path


def test_minutes_of_quotes(tmp_path: Path) -> None:
    raw, path = member(
        tmp_path, "forex/oanda/minute/eurusd", "20140501_quote.zip",
        "20140501_eurusd_minute_quote.csv", QUOTE,
    )  # fmt: skip
    file = lean_file(raw, path)
    assert file is not None
    assert (file.asset_class, file.type, file.date_ns) == ("forex", "quote", DAY)
    bars = lean_bars(raw, file)
    assert [kind.value for kind in bars] == ["bid", "ask"]
    bid, ask = bars[SeriesKind.BID], bars[SeriesKind.ASK]
    assert bid.times_ns.tolist() == [DAY + 60 * 10**9]
    assert (bid.high[0], bid.close[0], ask.open[0], ask.low[0]) == (1.3, 1.2, 1.2, 1.1)


def test_trades_of_shares_are_in_parts_of_a_cent(tmp_path: Path) -> None:
    raw, path = member(
        tmp_path, "equity/usa/minute/spy", "20140501_trade.zip",
        "20140501_spy_minute_trade.csv", TRADE.replace("10,12,9,11", "100000,120000,90000,110000"),
    )  # fmt: skip
    file = lean_file(raw, path)
    assert file is not None
    table = lean_bars(raw, file)[SeriesKind.CANDLES]
    assert (table.open[0], table.close[0], table.volume[0], lean_scale(file)) == (10, 11, 5.5, 1e4)


def test_hours_carry_their_date(tmp_path: Path) -> None:
    text = QUOTE.replace("60000,", "20140501 23:00,")
    raw, path = member(tmp_path, "forex/fxcm/hour", "eurusd.zip", "eurusd.csv", text)
    file = lean_file(raw, path)
    assert file is not None
    assert lean_times(raw, file).tolist() == [DAY + 23 * 3_600 * 10**9]


def test_ticks_have_fractions_of_milliseconds(tmp_path: Path) -> None:
    raw, path = member(
        tmp_path, "cfd/oanda/tick/xauusd", "20140501_quote.zip",
        "20140501_xauusd_tick_quote.csv", "40.1868,1300.3,1300.7\n",
    )  # fmt: skip
    file = lean_file(raw, path)
    assert file is not None
    assert (file.type, lean_times(raw, file).tolist()) == ("tick", [DAY + 40_186_800])


def test_perpetuals(tmp_path: Path) -> None:
    raw, path = member(
        tmp_path, "cryptofuture/dydx/minute/btcusd", "20140501_trade.zip",
        "20140501_btcusd_minute_trade_perp.csv", TRADE,
    )  # fmt: skip
    file = lean_file(raw, path)
    assert file is not None
    assert file.is_perpetual


def test_other_files_are_not_lean(tmp_path: Path) -> None:
    plain = tmp_path / "a.csv"
    plain.write_text(TRADE)
    assert lean_file(read_raw_table(plain), plain) is None
    plain.write_text("time,open,high,low,close,volume\n" + TRADE)
    assert lean_file(read_raw_table(plain), plain) is None


def test_milliseconds_beyond_a_day_are_an_error(tmp_path: Path) -> None:
    raw, path = member(
        tmp_path, "forex/oanda/minute/eurusd", "20140501_quote.zip",
        "20140501_eurusd_minute_quote.csv", QUOTE.replace("60000,", "96000000,"),
    )  # fmt: skip
    file = lean_file(raw, path)
    assert file is not None
    with pytest.raises(DataError, match="since midnight"):
        lean_bars(raw, file)
