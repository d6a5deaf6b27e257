"""Folders of all sorts: what is read, what is there already, what is refused and why."""

from pathlib import Path

import pytest

from undertow.domain.errors import DataError, StorageUnavailable
from undertow.storage.catalog.catalog import Catalog
from undertow.storage.imports.file_import import FileImport
from undertow.storage.imports.import_log import ImportedSeries
from undertow.storage.layouts.source_series import SourceOptions

CANDLES = "date,open,high,low,close,volume\n1704067200,10,12,9,11,1\n1704067260,10,12,9,11,1\n"
TRADES = "id,price,qty,quote_qty,time,is_buyer_maker\n5,10.5,2,21,1704067200000,true\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "binance"
    found.mkdir()
    (found / "BTC_USDT-1m.csv").write_text(CANDLES)
    (found / "BTCUSDT-trades-2024-01.csv").write_text(TRADES)
    (found / "garbage.csv").write_text("a,b\n1,2\n")
    (found / "README.md").write_text("not data")
    (found / ".hidden.csv").write_text(CANDLES)
    return found


def outcomes(job: FileImport, *paths: Path) -> dict[str, str]:
    return {Path(one.origin).name: one.outcome for one in job.run(paths)}


def test_a_folder_and_again(folder: Path, tmp_path: Path) -> None:
    catalog, heard = Catalog(tmp_path / "data"), list[tuple[int, int, str]]()
    job = FileImport(catalog)
    found = {
        Path(one.origin).name: one for one in job.run([folder], lambda *said: heard.append(said))
    }
    assert [found[name].outcome for name in sorted(found)] == ["imported", "imported", "refused"]
    assert found["BTCUSDT-trades-2024-01.csv"].layout == "binance"
    assert "without time" in found["garbage.csv"].reason
    assert heard[-1] == (3, 3, "")
    again = outcomes(FileImport(catalog), folder)
    assert sorted(again.values()) == ["refused", "there", "there"]
    fresh = FileImport(catalog, is_again=True).run([folder / "BTC_USDT-1m.csv"])
    assert (fresh[0].outcome, fresh[0].series[0].counts.equal) == ("imported", 2)


def test_other_options_are_another_import(folder: Path, tmp_path: Path) -> None:
    catalog, path = Catalog(tmp_path / "data"), folder / "BTC_USDT-1m.csv"
    for venue in ("", "okx"):
        assert outcomes(FileImport(catalog, SourceOptions(venue=venue)), path) == {
            path.name: "imported"
        }
    assert [one.instrument.venue for one in catalog.series()] == ["binance", "okx"]


def test_formats_by_name(folder: Path, tmp_path: Path) -> None:
    catalog = Catalog(tmp_path / "data")
    trades, candles = folder / "BTCUSDT-trades-2024-01.csv", folder / "BTC_USDT-1m.csv"
    assert outcomes(FileImport(catalog, file_format="candles"), trades) == {trades.name: "refused"}
    assert outcomes(FileImport(catalog, file_format="ticks"), candles) == {candles.name: "refused"}
    replacing = FileImport(catalog, is_replacing=True)
    assert outcomes(replacing, trades, candles) == {
        trades.name: "refused",
        candles.name: "imported",
    }


def test_other_readers_come_first(folder: Path, tmp_path: Path) -> None:
    class Reader:
        name = "mine"

        def fits(self, path: Path) -> bool:
            return path.name == "garbage.csv"

        def import_file(
            self, catalog: Catalog, path: Path, options: SourceOptions
        ) -> list[ImportedSeries]:
            raise DataError("no codec for these yet")

    job = FileImport(Catalog(tmp_path / "data"), readers=[Reader()])
    (found,) = job.run([folder / "garbage.csv"])
    assert (found.outcome, found.reason) == ("refused", "no codec for these yet")


def test_no_place_and_no_room(folder: Path, tmp_path: Path, read_only_folder: Path) -> None:
    with pytest.raises(DataError, match="found nothing at"):
        FileImport(Catalog(tmp_path)).run([tmp_path / "none"])
    with pytest.raises(StorageUnavailable):
        FileImport(Catalog(read_only_folder / "data")).run([folder / "BTC_USDT-1m.csv"])
