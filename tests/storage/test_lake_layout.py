from pathlib import Path

from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.time import NS_PER_HOUR
from undertow.storage.lake_layout import (
    LakePart,
    hour_folder,
    hours,
    instrument_folder,
    part_path,
    parts,
    safe_source,
)

HOUR = 1_723_160_400_000_000_000 // NS_PER_HOUR  # 2024-08-08 23:00 UTC


def test_folders_say_venue_market_symbol_date_and_hour(table: InstrumentTable) -> None:
    folder = hour_folder(instrument_folder(Path("lake"), table[0]), HOUR)
    assert folder == Path("lake/binance/linear/BTC_USDT_USDT/2024-08-08/23")
    assert instrument_folder(Path("lake"), table[1]) == Path("lake/binance/spot/BTC_USDT")


def test_hours_are_found_in_order(tmp_path: Path) -> None:
    for hour in (HOUR, HOUR + 1, HOUR + 30, HOUR - 5):
        hour_folder(tmp_path, hour).mkdir(parents=True)
    (tmp_path / "2024-08-09" / "notes.txt").touch()
    names = [f"{path.parent.name}/{path.name}" for path in hours(tmp_path, 0, 1 << 40)]
    assert names == ["2024-08-08/18", "2024-08-08/23", "2024-08-09/00", "2024-08-10/05"]
    assert len(hours(tmp_path, HOUR, HOUR + 1)) == 2
    assert hours(tmp_path / "gone", 0, HOUR) == []


def test_parts_inside_another_are_passed_over(tmp_path: Path) -> None:
    spans = [(1, 5), (6, 9), (1, 9), (10, 12), (11, 12)]
    for first, last in spans:
        part_path(tmp_path, "bin:a", first, last).touch()
    part_path(tmp_path, "okx", 2, 3).touch()
    (tmp_path / "okx.broken.parquet").touch()
    found = [(part.source, part.first, part.last) for part in parts(tmp_path)]
    assert found == [("bin_a", 1, 9), ("bin_a", 10, 12), ("okx", 2, 3)]
    only = parts(tmp_path, "okx")
    assert only == [LakePart(2, 3, "okx", part_path(tmp_path, "okx", 2, 3))]
    assert safe_source("a/b.c") == "a_b_c"
