"""Whatever the order of files and however rows are cut: the same rows in the same order."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest

from undertow.domain.fixed import Step
from undertow.domain.instrument import Instrument
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EventArray
from undertow.storage.catalog.lake_feed import lake_feeds
from undertow.storage.catalog.series_store import AddedRows
from undertow.storage.catalog.time_range import ALL_TIME
from undertow.storage.imports.tick_store import APART, TickStore

SECOND = 10**9
SOURCE = "binance.linear.trades"


@pytest.fixture
def rows(make_trades: Callable[[int], EventArray]) -> EventArray:
    """9,000 trades, some within one millisecond, over two and a half hours."""
    found = make_trades(9_000)
    steps = np.where(np.arange(9_000) % 3 == 0, 3 * SECOND, 0)
    found["receive_time_ns"] = 1_704_067_200 * SECOND + np.cumsum(steps)
    found["event_time_ns"] = found["receive_time_ns"] - 5
    return found


def put(lake: Path, instrument: Instrument, *pieces: EventArray) -> TickStore:
    store = TickStore(lake, instrument, SOURCE)
    for piece in pieces:
        store.add(piece)
    store.close()
    return store


def read(lake: Path) -> EventArray:
    (feed,) = lake_feeds(lake, lambda one: True)
    return np.concatenate(list(feed.rows(ALL_TIME, 0, 0)))


def test_cuts_do_not_matter(tmp_path: Path, table: InstrumentTable, rows: EventArray) -> None:
    put(tmp_path / "once", table[0], rows)
    rng = np.random.default_rng(5)
    for number in range(4):
        borders = np.sort(rng.integers(0, len(rows), 7))
        put(tmp_path / str(number), table[0], *np.split(rows, borders))
        assert read(tmp_path / str(number)).tobytes() == rows.tobytes()
        names = [
            sorted(p.name for p in (tmp_path / n).rglob("*.parquet")) for n in ("once", str(number))
        ]
        assert names[0] == names[1]


def test_files_in_any_order(tmp_path: Path, table: InstrumentTable, rows: EventArray) -> None:
    pieces = np.split(rows, [2_400, 4_500, 7_200])
    for place in (2, 0, 3, 1):
        assert put(tmp_path, table[0], pieces[place]).counts.added == len(pieces[place])
    assert read(tmp_path).tobytes() == rows.tobytes()


def test_again_changes_nothing(tmp_path: Path, table: InstrumentTable, rows: EventArray) -> None:
    put(tmp_path, table[0], rows[:6_000])
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.parquet")}
    assert put(tmp_path, table[0], rows[:6_000]).counts == AddedRows(equal=6_000)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.parquet")} == before
    # An overlap: what is there is equal, the rest is added, also at the very last millisecond.
    for start, stop in ((5_000, 7_001), (7_000, 9_000)):
        put(tmp_path, table[0], rows[start:stop])
    assert read(tmp_path).tobytes() == rows.tobytes()


def test_contradictions_are_kept_apart(
    tmp_path: Path, table: InstrumentTable, rows: EventArray
) -> None:
    put(tmp_path, table[0], rows)
    wrong = rows[3_000:3_010].copy()
    wrong["price_ticks"] += 5
    assert put(tmp_path, table[0], wrong).counts == AddedRows(conflicting=10)
    assert read(tmp_path).tobytes() == rows.tobytes()
    assert len(list(tmp_path.rglob(f"{APART}/*.parquet"))) == 1


def test_other_steps_are_compared_exactly(
    tmp_path: Path, table: InstrumentTable, rows: EventArray
) -> None:
    put(tmp_path, table[0], rows)
    finer = msgspec.structs.replace(table[0], price_step=Step(1, 2))
    same = rows.copy()
    same["price_ticks"] *= 10
    assert put(tmp_path, finer, same).counts == AddedRows(equal=len(rows))


def test_times_that_go_back_are_held(
    tmp_path: Path, table: InstrumentTable, rows: EventArray
) -> None:
    mixed = rows[:100].copy()
    mixed["receive_time_ns"][50] -= 10 * SECOND
    store = put(tmp_path, table[0], mixed)
    assert store.went_back == 1
    assert (np.diff(read(tmp_path)["receive_time_ns"]) >= 0).all()
    assert store.first_ns == int(rows["receive_time_ns"][0])
