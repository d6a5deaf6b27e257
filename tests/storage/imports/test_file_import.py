"""Folders of all sorts: what is read, what is there already, what is refused and why."""

import gzip
import random
from pathlib import Path

import numpy as np
import pytest

from undertow.domain.errors import DataError, StorageUnavailable
from undertow.storage.catalog.catalog import Catalog
from undertow.storage.checks.data_report import check_data
from undertow.storage.imports.file_import import FileImport
from undertow.storage.imports.import_log import ImportedSeries
from undertow.storage.layouts.source_series import SourceOptions
from undertow.storage.open_data import open_market_data

HEAD = b"date,open,high,low,close,volume\n"
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


def broken(data: bytes, rng: random.Random) -> bytes:
    """The same with a few bytes changed, removed, doubled or put in."""
    found = bytearray(data)
    for _ in range(rng.randint(1, 10)):
        place = rng.randrange(len(found)) if found else 0
        match rng.randrange(5):
            case 0:
                found[place : place + 1] = bytes([rng.randrange(256)])
            case 1:
                del found[place : place + rng.randint(1, 40)]
            case 2:
                found[place:place] = rng.choice(
                    [b"nan", b"-", b"\n", b'"', b"1e309", b"9" * 20, b"\0"]
                )
            case 3:
                found = found[:place]
            case _:
                found[place:place] = found[max(0, place - 50) : place]
    return bytes(found)


@pytest.mark.parametrize("seed", range(6))
def test_broken_files_have_an_outcome_and_what_came_in_can_be_read(
    tmp_path: Path, seed: int
) -> None:
    rng = random.Random(seed)
    rows = "".join(f"{1704067200 + 60 * n},10,12,9,11,1\n" for n in range(30))
    trades = "".join(f"{n},10.5,2,21,{1704067200000 + n},true\n" for n in range(30))
    files = {
        "BTC_USDT-1m.csv": HEAD + rows.encode(),
        "BTCUSDT-trades.csv": trades.encode(),
        "ETHUSDT.csv": b"timestamp,bid,ask\n" + rows.replace(",12,9,11,1", ",11").encode(),
        "SOL_USDT-1m.json": f"[[{rows.strip().replace(chr(10), '],[')}]]".encode(),
    }
    for number in range(25):
        name, data = rng.choice(list(files.items()))
        data = broken(data, rng)
        path = tmp_path / str(number) / name
        path.parent.mkdir()
        path.write_bytes(broken(gzip.compress(data), rng) if rng.random() < 0.2 else data)
        catalog = tmp_path / f"data{number}"
        (found,) = FileImport(Catalog(catalog)).run([path])
        assert found.outcome in ("imported", "refused")
        assert bool(found.reason) == (found.outcome == "refused")
        if any(one.counts.added for one in found.series):
            check_data(catalog)
            for block in open_market_data(catalog).blocks():
                assert (np.diff(block["receive_time_ns"]) >= 0).all()
