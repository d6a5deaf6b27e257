"""Lines of an import, made by hand."""

from undertow.cli.data_view.import_lines import import_json, import_lines
from undertow.storage.catalog.series_store import AddedRows
from undertow.storage.imports.file_import import FileOutcome
from undertow.storage.imports.import_log import ImportedSeries

SERIES = ImportedSeries(
    "BTC/USDT@x", "candles-1m", "crypto/x", 9, 0, 60 * 10**9, AddedRows(5, 2, 0, 1), 1, {"nan": 1}
)
FOUND = [
    FileOutcome("a/b.csv", "imported", "freqtrade", series=(SERIES,)),
    FileOutcome("a/i.gz", "imported", "binance-instruments"),
    FileOutcome("a/c.csv", "refused", reason="no candles"),
]


def test_lines() -> None:
    assert import_lines(FOUND) == [
        "imported  b.csv (freqtrade): BTC/USDT@x candles-1m, 1970-01-01T00:00 to 1970-01-01T00:01: "
        "5 new, 2 equal, 1 conflicting, 1 kept apart; nan 1",
        "imported  i.gz: binance-instruments",
        "refused   c.csv: no candles",
        "3 files: 2 imported, 1 refused",
    ]
    assert import_lines([]) == ["0 files: none"]


def test_json() -> None:
    first = import_json(FOUND)[0]
    assert (first["outcome"], first["series"][0]["counts"]["added"]) == ("imported", 5)
