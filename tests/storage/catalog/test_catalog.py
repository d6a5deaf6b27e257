"""Listing a catalog: series that were put in are found, other folders are not."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from undertow.domain.fixed import Step
from undertow.domain.instrument_table import InstrumentTable
from undertow.storage.catalog.candles import Candles
from undertow.storage.catalog.catalog import Catalog
from undertow.storage.catalog.series_name import SeriesKind, SeriesName
from undertow.storage.catalog.series_part import SERIES_VERSION, SeriesFacts


def put(catalog: Catalog, table: InstrumentTable, name: SeriesName, candles: Candles) -> None:
    facts = SeriesFacts(SERIES_VERSION, table[0], name)
    catalog.store(table[0], name).add(facts, candles.columns)


def test_series_are_found_and_sorted(
    tmp_path: Path, table: InstrumentTable, make_candles: Callable[..., Candles]
) -> None:
    catalog = Catalog(tmp_path)
    assert catalog.is_empty
    for timeframe in ("1h", "5m"):
        put(catalog, table, SeriesName(SeriesKind.CANDLES, timeframe), make_candles(5, timeframe))
    put(catalog, table, SeriesName(SeriesKind.MARK, "8h"), make_candles(5, "8h"))
    folder = tmp_path / "crypto" / "binance" / "linear" / "BTC_USDT_USDT"
    (folder / "replaced").mkdir()
    (folder / "candles-1d").mkdir()
    assert [one.name.text for one in catalog.series()] == ["candles-1h", "candles-5m", "mark-8h"]
    found = catalog.find(table[0], SeriesKind.CANDLES)
    assert [one.name.timeframe for one in found] == ["5m", "1h"]
    assert found[0].instrument == table[0]
    assert len(found[0].store.paths()) == 1
    assert not catalog.is_empty


def test_the_finest_steps_of_all_files(
    tmp_path: Path, table: InstrumentTable, make_candles: Callable[..., Candles]
) -> None:
    catalog, name = Catalog(tmp_path), SeriesName(SeriesKind.CANDLES, "1h")
    candles = make_candles(9_000, "1h")
    facts = SeriesFacts(SERIES_VERSION, table[0], name)
    catalog.store(table[0], name).add(facts, candles.part(slice(0, 5)).columns)
    coarse = msgspec.structs.replace(table[0], price_step=Step(3, 2), qty_step=Step(1, 2))
    later = msgspec.structs.replace(facts, instrument=coarse)
    catalog.store(table[0], name).add(later, candles.part(slice(8_990, None)).columns)
    (series,) = catalog.series()
    found = series.in_finest_steps()
    assert (found.price_step, found.qty_step) == (Step(1, 2), Step(1, 3))
