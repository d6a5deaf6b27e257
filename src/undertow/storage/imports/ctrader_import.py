"""Recorded trend bars of cTrader into a catalog: candles of the bid, volume in ticks."""

from pathlib import Path

import msgspec

from undertow.storage.catalog.catalog import Catalog
from undertow.storage.catalog.pair_name import symbol_of
from undertow.storage.catalog.series_name import SeriesKind
from undertow.storage.imports.candle_import import import_series
from undertow.storage.imports.import_log import ImportedSeries
from undertow.storage.layouts.ctrader_bars import has_trend_bars, read_trend_bars
from undertow.storage.layouts.source_name import read_source_name
from undertow.storage.layouts.source_series import SourceOptions, series_of_candles

_MOST_BYTES = 1 << 26
_ENDINGS = (".json", ".jsonl")


class CtraderRecordings:
    """A reader of JSON files with recorded answers of cTrader's Open API."""

    name = "ctrader"

    def fits(self, path: Path) -> bool:
        """Whether a file can be such a recording."""
        is_near = path.suffix in _ENDINGS and path.stat().st_size < _MOST_BYTES
        return is_near and has_trend_bars(path.read_bytes())

    def import_file(
        self, catalog: Catalog, path: Path, options: SourceOptions
    ) -> list[ImportedSeries]:
        """Every answer's bars; raises `DataError` when there are none."""
        found = []
        for bars in read_trend_bars(path.read_bytes()):
            told = read_source_name(path)
            symbol = symbol_of(bars.symbol) if bars.symbol else told.symbol
            name = msgspec.structs.replace(
                told, venue=told.venue or self.name, symbol=symbol, timeframe=bars.timeframe
            )
            source = series_of_candles(SeriesKind.BID, bars.table, path, name, options)
            found.append(import_series(catalog, source))
        return found
