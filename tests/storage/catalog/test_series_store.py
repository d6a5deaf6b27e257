"""Adding is checked against whole files: whatever the order and the cuts, the same rows."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest

from undertow.domain.errors import DataError
from undertow.domain.fixed import Step
from undertow.domain.instrument_table import InstrumentTable
from undertow.storage.catalog import series_part
from undertow.storage.catalog.candles import Candles, joined
from undertow.storage.catalog.series_name import SeriesKind, SeriesName
from undertow.storage.catalog.series_part import SERIES_VERSION, TIME, UNKNOWN, SeriesFacts
from undertow.storage.catalog.series_store import AddedRows, ApartRow, SeriesStore, candles_of

Make = Callable[..., Candles]
Counts = tuple[int, int, int, int]


@pytest.fixture
def facts(table: InstrumentTable) -> SeriesFacts:
    steps = msgspec.structs.replace(table[0], price_step=Step(1, 1), qty_step=Step(1, 3))
    return SeriesFacts(SERIES_VERSION, steps, SeriesName(SeriesKind.CANDLES, "1h"))


def whole(store: SeriesStore) -> Candles:
    return joined([candles_of(*part) for part in store.parts()])


def add(store: SeriesStore, facts: SeriesFacts, candles: Candles) -> Counts:
    found = store.add(facts, candles.columns, "test")
    return found.added, found.equal, found.completed, found.conflicting


def test_any_order_and_cuts_give_the_same_files(
    tmp_path: Path, facts: SeriesFacts, make_candles: Make
) -> None:
    candles = make_candles(9_000, "1h")  # into the next year
    once = SeriesStore(tmp_path / "once")
    assert add(once, facts, candles) == (9_000, 0, 0, 0)
    rng = np.random.default_rng(8)
    for number in range(3):
        store = SeriesStore(tmp_path / str(number))
        chunks = np.array_split(rng.permutation(9_000), 5)
        for chunk in chunks:
            add(store, facts, candles.part(np.sort(chunk)))
        assert add(store, facts, candles) == (0, 9_000, 0, 0)
        assert [path.name for path in store.paths()] == ["2024.parquet", "2025.parquet"]
        for mine, theirs in zip(store.paths(), once.paths(), strict=True):
            assert mine.read_bytes() == theirs.read_bytes()


def test_what_is_there_stays_and_a_conflict_is_kept_apart(
    tmp_path: Path, facts: SeriesFacts, make_candles: Make
) -> None:
    store, candles = SeriesStore(tmp_path), make_candles(10, "1h")
    add(store, facts, candles)
    other = make_candles(10, "1h")
    other.columns["close"][4] += 7
    assert add(store, facts, other) == (0, 9, 0, 1)
    assert add(store, facts, other) == (0, 9, 0, 1)
    assert whole(store).columns["close"].tolist() == candles.columns["close"].tolist()
    (apart,) = store.apart()
    assert (apart.reason, apart.time_ns, apart.origin) == (
        "conflict",
        int(candles.opens_ns[4]),
        "test",
    )
    assert apart.values["close"] == pytest.approx(other.price("close")[4])


def test_an_unfinished_last_bar_is_completed(
    tmp_path: Path, facts: SeriesFacts, make_candles: Make
) -> None:
    store, candles = SeriesStore(tmp_path), make_candles(10, "1h")
    early = candles.part(slice(0, 6))
    early.columns["volume"] = early.columns["volume"] - (np.arange(6) == 5) * 1
    add(store, facts, early)
    assert add(store, facts, candles) == (4, 5, 1, 0)
    assert whole(store).columns["volume"].tolist() == candles.columns["volume"].tolist()
    assert [one.reason for one in store.apart()] == ["unfinished"]


def test_only_the_very_last_bar_may_have_been_unfinished(
    tmp_path: Path, facts: SeriesFacts, make_candles: Make
) -> None:
    store, candles = SeriesStore(tmp_path), make_candles(10, "1h")
    add(store, facts, candles)
    late = candles.part(slice(0, 6))
    late.columns["volume"] = late.columns["volume"] + 1
    assert add(store, facts, late) == (0, 0, 0, 6)


def test_what_was_not_told_is_filled_in(
    tmp_path: Path, facts: SeriesFacts, make_candles: Make
) -> None:
    store = SeriesStore(tmp_path)
    add(store, facts, make_candles(5, "1h"))
    told = make_candles(5, "1h", told=True)
    assert add(store, facts, told) == (0, 5, 0, 0)
    assert whole(store).columns["bought"].tolist() == told.columns["bought"].tolist()
    assert add(store, facts, make_candles(5, "1h")) == (0, 5, 0, 0)
    assert UNKNOWN not in whole(store).columns["bought"]


def test_finer_numbers_make_the_file_finer(
    tmp_path: Path, facts: SeriesFacts, make_candles: Make
) -> None:
    store, candles = SeriesStore(tmp_path), make_candles(8, "1h")
    add(store, facts, candles.part(slice(0, 4)))
    fine = candles.in_steps(Step(1, 3), Step(1, 3))
    finer = msgspec.structs.replace(
        facts, instrument=msgspec.structs.replace(facts.instrument, price_step=Step(1, 3))
    )
    assert add(store, finer, fine) == (4, 4, 0, 0)
    assert whole(store).price("high").tolist() == candles.price("high").tolist()
    assert store.facts().instrument.price_step == Step(1, 3)


def test_bars_inside_others_are_kept_apart(
    tmp_path: Path, facts: SeriesFacts, make_candles: Make
) -> None:
    store, candles = SeriesStore(tmp_path), make_candles(5, "1h")
    add(store, facts, candles)
    shifted = make_candles(7, "1h", start_ns=int(candles.opens_ns[0]) - 1_800 * 10**9)
    assert add(store, facts, shifted) == (1, 0, 0, 6)
    assert {one.reason for one in store.apart()} == {"overlapping"}
    assert len(whole(store)) == 6


def test_funding_meets_at_its_minute(tmp_path: Path, table: InstrumentTable) -> None:
    facts = SeriesFacts(SERIES_VERSION, table[0], SeriesName(SeriesKind.FUNDING))
    store, eight = SeriesStore(tmp_path), 8 * 3_600 * 10**9
    times = 1_704_067_200 * 10**9 + np.arange(4) * eight
    columns = {TIME: times, "rate_e12": np.arange(4), "mark_e8": np.zeros(4, np.int64)}
    assert store.add(facts, columns) == AddedRows(added=4)
    jittered = {**columns, TIME: times + 8_000_000}
    assert store.add(facts, jittered) == AddedRows(equal=4)
    wrong = {**jittered, "rate_e12": np.array([0, 9, 2, 3])}
    assert store.add(facts, wrong) == AddedRows(equal=3, conflicting=1)


def test_a_series_can_be_put_aside(tmp_path: Path, facts: SeriesFacts, make_candles: Make) -> None:
    store = SeriesStore(tmp_path / "candles-1h")
    assert store.put_aside() is None
    for number in (1, 2):
        add(store, facts, make_candles(3, "1h"))
        assert store.put_aside() == tmp_path / "replaced" / f"candles-1h.{number}"
    assert store.paths() == []
    with pytest.raises(DataError, match="found nothing at"):
        store.facts()


def test_rows_kept_apart_stay_once(tmp_path: Path) -> None:
    store, row = SeriesStore(tmp_path / "s"), ApartRow("nan", 5, {"open": None})
    store.keep_apart([])
    assert store.apart() == []
    store.keep_apart([row, row])
    store.keep_apart([row])
    assert store.apart() == [row]


def test_only_files_of_the_stretch_are_read(
    tmp_path: Path, facts: SeriesFacts, make_candles: Make
) -> None:
    store, candles = SeriesStore(tmp_path), make_candles(9_000, "1h")
    add(store, facts, candles)
    last = int(candles.opens_ns[-1])
    assert [len(columns[TIME]) for _, columns in store.parts(last, last + 1)] == [9_000 - 366 * 24]


@pytest.mark.parametrize("survived", [0, 1])
def test_a_cut_off_import_is_done_again(
    tmp_path: Path,
    facts: SeriesFacts,
    make_candles: Make,
    monkeypatch: pytest.MonkeyPatch,
    survived: int,
) -> None:
    store, candles = SeriesStore(tmp_path), make_candles(9_000, "1h")
    add(store, facts, candles.part(slice(0, 100)))
    with monkeypatch.context() as patch:
        left = iter(range(survived))

        def die(temporary: Path, path: Path) -> None:
            if next(left, None) is None:
                raise KeyboardInterrupt
            temporary.replace(path)

        patch.setattr(series_part, "put_in_place", die)
        with pytest.raises(KeyboardInterrupt):
            store.add(facts, candles.columns)
    assert whole(store).columns["close"].tolist()[:100] == candles.columns["close"].tolist()[:100]
    add(store, facts, candles)
    assert whole(store).columns["close"].tolist() == candles.columns["close"].tolist()
    assert list(tmp_path.glob("*.tmp")) == []
