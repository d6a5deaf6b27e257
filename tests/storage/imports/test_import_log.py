"""What was imported is remembered by content, and forgotten when what it made is gone."""

from pathlib import Path

from undertow.storage.catalog.series_store import AddedRows
from undertow.storage.imports.import_log import (
    ImportedFile,
    ImportedSeries,
    ImportLog,
    file_digest,
)


def imported(digest: str, origin: str = "a.csv", **flaws: int) -> ImportedFile:
    series = ImportedSeries(
        "BTC/USDT@x", "candles-1m", "crypto/x", 5, 1, 9, AddedRows(5), flaws=flaws
    )
    return ImportedFile(origin, digest, "freqtrade", (series,))


def test_found_while_its_folder_is_there(tmp_path: Path) -> None:
    log = ImportLog(tmp_path)
    log.add(imported("d1"))
    again = ImportLog(tmp_path)
    assert again.find("d1") is None
    (tmp_path / "crypto" / "x").mkdir(parents=True)
    assert again.find("d1") == imported("d1")
    assert again.find("d2") is None


def test_flaws_are_those_of_the_newest_import_of_each_file(tmp_path: Path) -> None:
    log = ImportLog(tmp_path)
    log.add(imported("d1", nan=3))
    log.add(imported("d2", nan=1))
    log.add(imported("d3", "b.csv", nan=4, range=2))
    assert ImportLog(tmp_path).flaws(tmp_path / "crypto" / "x") == {"nan": 5, "range": 2}
    assert log.flaws(tmp_path / "crypto" / "y") == {}
    assert len(log.files) == 3


def test_digests_are_of_bytes_and_options(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * 3_000_000)
    first = file_digest(path, b"o")
    assert first == file_digest(path, b"o")
    assert first != file_digest(path, b"p")
    path.write_bytes(b"y")
    assert first != file_digest(path, b"o")
