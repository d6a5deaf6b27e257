"""Market data opened from files: expected rows are worked by hand from the written candles."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.feather
import pytest

from undertow.domain.errors import ConfigurationError, DataError, UnknownNameError
from undertow.domain.market_event import EventArray, EventKind
from undertow.storage.catalog.catalog import Catalog
from undertow.storage.catalog.stored_data import StoredData
from undertow.storage.imports.file_import import FileImport
from undertow.storage.open_data import open_market_data

START_MS = 1_700_000_100_000  # 2023-11-14 22:15
LENGTH_MS = 300_000
LATENCY_NS = 5_000_000
Writer = Callable[..., Path]


@pytest.fixture
def feather(tmp_path: Path) -> Writer:
    """Writes a freqtrade candle file: bar k opens at 100 + k, its range is 2 wide."""

    def write(
        name: str, bars: int = 12, start_ms: int = START_MS, step_ms: int = LENGTH_MS
    ) -> Path:
        path = tmp_path / "binance" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        opens = 100.0 + np.arange(bars)
        times = start_ms + np.arange(bars) * step_ms
        columns = {
            "date": pa.array(times, pa.timestamp("ms", "UTC")),
            "open": opens,
            "high": opens + 1,
            "low": opens - 1,
            "close": opens + 0.5,
            "volume": np.full(bars, 1.25),
        }
        pyarrow.feather.write_feather(pa.table(columns), str(path))
        return path

    return write


def rows_of(data: StoredData) -> EventArray:
    return np.concatenate(list(data.blocks()))


def test_bars_become_an_open_and_a_close(feather: Writer) -> None:
    data = open_market_data(feather("BTC_USDT-5m.feather", bars=2))
    assert [one.instrument_id for one in data.table] == ["BTC/USDT@binance"]
    assert (data.sources, data.fidelity) == (("binance.spot",), "bars")
    rows = rows_of(data)
    assert rows["kind"].tolist() == [12, 14, 12, 14]
    first_open, first_close = rows[0], rows[1]
    assert (first_open["price_ticks"], first_open["qty_lots"]) == (1000, 300)
    assert first_close["event_time_ns"] == (START_MS + LENGTH_MS) * 1_000_000
    assert first_close["receive_time_ns"] - first_close["event_time_ns"] == LATENCY_NS
    values = [int(first_close[name]) for name in ("price_ticks", "price_b", "qty_b", "qty_lots")]
    assert values == [1005, 1010, 990, 125]
    assert first_close["sequence"] == START_MS * 1_000_000


def test_all_closes_of_a_time_come_before_the_opens(feather: Writer) -> None:
    feather("BTC_USDT-5m.feather")
    folder = feather("ETH_USDT-5m.feather").parent
    rows = rows_of(open_market_data(folder))
    at = rows[rows["event_time_ns"] == (START_MS + LENGTH_MS) * 1_000_000]
    assert at["kind"].tolist() == [14, 14, 12, 12]
    assert at["instrument"].tolist() == [0, 1, 0, 1]
    assert (np.diff(rows["receive_time_ns"]) >= 0).all()


def test_blocks_start_again_anywhere(feather: Writer) -> None:
    data = open_market_data(feather("BTC_USDT-5m.feather", bars=40), timeframe="15m")
    whole = rows_of(data)
    for place in range(1, len(whole)):
        border = int(whole[place]["receive_time_ns"])
        parts = [*data.blocks(0, border), *data.blocks(border)]
        assert np.concatenate(parts).tobytes() == whole.tobytes()


def test_larger_bars_are_made_and_it_is_said(feather: Writer) -> None:
    data = open_market_data(feather("BTC_USDT-5m.feather"), ["BTCUSDT"], "15m")
    closes = rows_of(data)
    closes = closes[closes["kind"] == EventKind.BAR]
    # 22:15 begins a quarter of an hour: bars 0 to 2, 3 to 5 ...
    assert closes["price_ticks"].tolist() == [1025, 1055, 1085, 1115]
    assert closes["price_b"].tolist() == [1030, 1060, 1090, 1120]
    assert closes["qty_lots"].tolist() == [375] * 4
    assert data.understood == (
        "BTCUSDT is taken as BTC/USDT@binance",
        "BTC/USDT@binance: 15m bars are made of 5m bars",
    )


def test_a_time_range_takes_whole_bars(feather: Writer) -> None:
    path = feather("BTC_USDT-5m.feather")
    data = open_market_data(path, timerange="20231114T2221-20231114T2240")
    assert len(data.candles(0)) == 3
    assert data.span_ns[0] == (START_MS + 2 * LENGTH_MS) * 1_000_000 + LATENCY_NS
    last = open_market_data(path, days=1 / 288)
    assert len(last.candles(0)) == 1
    assert data.digest != last.digest


def test_what_cannot_be_opened_is_said(feather: Writer, tmp_path: Path) -> None:
    path = feather("BTC_USDT-5m.feather")
    with pytest.raises(UnknownNameError, match="did you mean 'BTC/USDT'"):
        open_market_data(path, ["BTD/USDT"])
    with pytest.raises(DataError, match="found only 5m"):
        open_market_data(path, timeframe="1m")
    with pytest.raises(ConfigurationError, match="expected a timeframe"):
        open_market_data(path, timeframe="7m")
    with pytest.raises(DataError, match="found nothing at"):
        open_market_data(tmp_path / "none")


HEAD = "date,open,high,low,close,volume\n"
GOOD = "".join(f"{START_MS + n * LENGTH_MS},10,12,9,11,1\n" for n in range(6))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected a table, found an empty file"),
        (HEAD, "without a row"),
        (HEAD + GOOD.splitlines()[0], "expected steps of a known timeframe"),
        (HEAD + GOOD.replace("12", "nan"), "expected steps of a known timeframe"),
        (HEAD + GOOD.replace("9", "-9"), "1990 to 2100|known timeframe"),
        ("a,b\n1,2\n", "expected columns of candles"),
    ],
)
def test_bad_data_cannot_be_opened(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "BTC_USDT.csv"
    path.write_text(text)
    with pytest.raises(DataError, match=message):
        open_market_data(path)


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        (GOOD.replace(",12,", ",nan,", 1), "nan"),
        (GOOD.replace(",9,", ",-9,", 1), "price"),
        (GOOD.replace(",12,", ",8,", 1), "range"),
        (GOOD + GOOD.splitlines()[2].replace("11", "9"), "conflict"),
        (GOOD + f"{START_MS + 2 * LENGTH_MS + 60_000},10,12,9,11,1\n", "overlapping"),
    ],
)
def test_flawed_data_opens_and_says_so(tmp_path: Path, rows: str, kind: str) -> None:
    path = tmp_path / "BTC_USDT-5m.csv"
    path.write_text(HEAD + rows)
    data = open_market_data(path)
    assert data.notes[0].kind == kind
    assert data.notes[0].count == 1
    assert len(rows_of(data)) in (10, 12)
    assert (np.diff(rows_of(data)["receive_time_ns"]) >= 0).all()


def test_one_bar_opens_when_its_length_is_known(tmp_path: Path) -> None:
    path = tmp_path / "BTC_USDT-5m.csv"
    path.write_text(HEAD + GOOD.splitlines()[0])
    data = open_market_data(path)
    assert [note.kind for note in data.notes] == ["empty"]
    assert rows_of(data)["kind"].tolist() == [12, 14]


def test_order_does_not_matter(tmp_path: Path) -> None:
    texts = GOOD, "\n".join(reversed(GOOD.splitlines())) + "\n"
    found = []
    for number, text in enumerate(texts):
        path = tmp_path / str(number) / "BTC_USDT-5m.csv"
        path.parent.mkdir()
        path.write_text(HEAD + text)
        found.append(rows_of(open_market_data(path)).tobytes())
    assert found[0] == found[1]


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """Bars of 2,000 minutes of one perpetual with ticks for the last 200, and of another venue."""
    folder, start = tmp_path / "in", START_MS // 60_000 * 60_000
    for venue, bars in (("binance", 2_000), ("okx", 100)):
        path = folder / venue / "futures" / "BTC_USDT_USDT-1m-futures.csv"
        path.parent.mkdir(parents=True)
        rows = (f"{start + n * 60_000},10,12,9,11,1\n" for n in range(bars))
        path.write_text(HEAD + "".join(rows))
    ticks = folder / "binance" / "futures" / "BTCUSDT-trades-2023.csv"
    first = start + 1_800 * 60_000
    ticks.write_text("".join(f"{n},10.5,2,21,{first + n * 6_000},true\n" for n in range(2_000)))
    outcomes = FileImport(Catalog(tmp_path / "data")).run([folder])
    assert {one.outcome for one in outcomes} == {"imported"}
    return tmp_path / "data"


def test_ticks_where_they_cover_what_bars_cover(catalog: Path) -> None:
    pair, late = ["BTC/USDT:USDT@binance"], "20231116T0416-20231116T0735"
    assert open_market_data(catalog, pair).fidelity == "bars"
    found = open_market_data(catalog, pair, timerange=late)
    assert (found.fidelity, found.understood) == ("trades", (f"{pair[0]}: recorded rows",))
    assert open_market_data(catalog, pair, timerange=late, rows="bars").fidelity == "bars"
    assert open_market_data(catalog, pair, rows="ticks").fidelity == "trades"
    with pytest.raises(ConfigurationError, match="expected rows of bars or ticks"):
        open_market_data(catalog, rows="both")
    assert len(rows_of(open_market_data(catalog, pair, rows="ticks"))) == 2_000


def test_venues_and_those_that_have_nothing(catalog: Path) -> None:
    only = open_market_data(catalog, ["BTC/USDT:USDT"], venues=["okx"])
    assert [one.venue for one in only.table] == ["okx"]
    late = open_market_data(catalog, ["BTC/USDT:USDT"], timerange="20231115-20231116")
    assert [one.venue for one in late.table] == ["binance"]
    assert "BTC/USDT:USDT@okx is left out: expected data in 20231115-20231116" in late.understood[1]
    with pytest.raises(DataError, match="found none"):
        open_market_data(catalog, ["BTC/USDT:USDT"], timerange="20200101-20200201")
    with pytest.raises(DataError, match="expected candles or recorded rows"):
        open_market_data(catalog, venues=["kraken"])


def test_a_wrong_name_is_answered_with_a_near_one(catalog: Path) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'BTC/USDT:USDT'"):
        open_market_data(catalog, ["BTX/USDT:USDT"])


def test_a_wrong_name_in_a_folder_too(feather: Writer) -> None:
    folder = feather("BTC_USDT-5m.feather").parent
    with pytest.raises(UnknownNameError, match="did you mean 'BTC/USDT'"):
        open_market_data(folder, ["BTX/USDT"])


def test_the_last_days_of_what_there_is(catalog: Path) -> None:
    data = open_market_data(catalog, ["BTC/USDT:USDT@okx"], days=1 / 48)
    assert len(data.candles(0)) == 30
