"""What a path offers: catalogs, recorded rows at the root and in classes, plain folders."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from undertow.domain.errors import ConfigurationError, DataError
from undertow.domain.fixed import Step
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EventArray
from undertow.storage.catalog.candles import Candles
from undertow.storage.catalog.catalog import Catalog
from undertow.storage.catalog.instrument_facts import InstrumentFacts
from undertow.storage.catalog.series_name import SeriesKind, SeriesName
from undertow.storage.catalog.series_part import SERIES_VERSION, SeriesFacts
from undertow.storage.imports.file_import import FileImport
from undertow.storage.layouts.source_series import SourceOptions
from undertow.storage.offered_data import offers_at
from undertow.storage.recorder import Recorder

ASK = SourceOptions()
CANDLES = "date,open,high,low,close,volume\n1704067200,10,12,9,11,1\n1704067260,10,8,9,11,1\n"


def test_series_and_recorded_rows(
    tmp_path: Path,
    table: InstrumentTable,
    make_candles: Callable[..., Candles],
    make_trades: Callable[[int], EventArray],
) -> None:
    name = SeriesName(SeriesKind.CANDLES, "5m")
    facts = SeriesFacts(SERIES_VERSION, table[0], name)
    candles = make_candles(10)
    Catalog(tmp_path).store(table[0], name).add(facts, candles.columns)
    recorder = Recorder(tmp_path, table, ["binance", "bybit"], 1)
    recorder.record(make_trades(5))
    recorder.close()
    series, rows = offers_at(tmp_path, ASK)
    assert series.span == (int(candles.opens_ns[0]), int(candles.closes_ns[-1]))
    assert rows.lake is not None
    assert (rows.lake.source, rows.instrument) == ("binance", table[0])
    assert offers_at(tmp_path, ASK, ["ETH/USDT"]) == []
    known = msgspec.structs.replace(table[0], max_leverage=75, price_step=Step(1, 2))
    InstrumentFacts(tmp_path).put([known])
    assert {one.instrument for one in offers_at(tmp_path, ASK)} == {known}
    assert (series.steps_from, offers_at(tmp_path, ASK)[0].steps_from) == ("inferred", "venue")


def test_flaws_of_imports_are_notes(tmp_path: Path) -> None:
    path = tmp_path / "in" / "BTC_USDT-1m.csv"
    path.parent.mkdir()
    path.write_text(CANDLES)
    FileImport(Catalog(tmp_path / "data"), SourceOptions(timeframe="1m")).run([path])
    for place in (tmp_path / "data", path, path.parent):
        (offer,) = offers_at(place, SourceOptions(timeframe="1m"))
        assert [note.kind for note in offer.notes] == ["range"]


def test_a_plain_folder(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="found none"):
        offers_at(tmp_path, ASK)
    (tmp_path / "BTC_USDT-1m.csv").write_text("a,b\n1,2\n")
    with pytest.raises(DataError, match="expected columns of candles"):
        offers_at(tmp_path, ASK)
    good = CANDLES.replace(",8,", ",12,")
    (tmp_path / "futures").mkdir()
    (tmp_path / "futures" / "BTC_USDT_USDT-1m-futures.csv").write_text(good)
    (offer,) = offers_at(tmp_path, ASK)
    assert offer.instrument.symbol == "BTC/USDT:USDT"
    (tmp_path / "BTC_USDT_USDT-1m-futures.csv").write_text(good)
    with pytest.raises(ConfigurationError, match="import them"):
        offers_at(tmp_path, ASK)


def test_only_files_of_the_pairs_are_read(tmp_path: Path) -> None:
    good = CANDLES.replace(",8,", ",12,")
    (tmp_path / "BTC_USDT-1m.csv").write_text(good)
    (tmp_path / "ETH_USDT-1m.csv").write_text("not a table of candles")
    assert len(offers_at(tmp_path, ASK, ["BTC/USDT"])) == 1
    assert offers_at(tmp_path, ASK, ["SOL/USDT"]) == []


def test_a_file_without_a_sound_row(tmp_path: Path) -> None:
    path = tmp_path / "BTC_USDT-1m.csv"
    path.write_text(CANDLES.replace("12", "8").replace(",9,", ",-9,"))
    with pytest.raises(DataError, match="found none that are sound"):
        offers_at(path, ASK)
