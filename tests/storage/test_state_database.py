from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from undertow.domain.errors import ConfigurationError, DataError, StorageUnavailable
from undertow.storage.journal_writer import JournalWriter
from undertow.storage.state_database import StateDatabase
from undertow.timeline.journal_record import JournalRecord, RunStarted, encode_value

Records = list[JournalRecord]


def _dump(path: Path) -> list[str]:
    with StateDatabase(path, is_read_only=True) as database:
        return list(database._connection.iterdump())


def test_applying_again_changes_nothing(tmp_path: Path, trade_story: Records) -> None:
    path = tmp_path / "state" / "paper.sqlite"
    with StateDatabase(path) as database:
        assert database.apply(trade_story) == len(trade_story)
        assert database.applied_sequence == len(trade_story)
        once = list(database._connection.iterdump())
        assert database.apply(trade_story) == 0
        assert list(database._connection.iterdump()) == once


@settings(
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=25,
)
@given(st.lists(st.integers(0, 18), max_size=8))
def test_any_replay_from_any_place_gives_the_same_tables(
    tmp_path_factory: pytest.TempPathFactory, trade_story: Records, stops: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("state")
    with StateDatabase(folder / "straight") as database:
        database.apply(trade_story)
    for stop in [*stops, len(trade_story)]:
        with StateDatabase(folder / "restarted") as database:
            start = min(stop // 2, database.applied_sequence)
            database.apply(trade_story[start:stop])
    assert _dump(folder / "straight") == _dump(folder / "restarted")


def test_a_batch_is_applied_whole_or_not_at_all(tmp_path: Path, trade_story: Records) -> None:
    with StateDatabase(tmp_path / "s") as database:

        def failing() -> Iterator[JournalRecord]:
            yield from trade_story[:5]
            yield trade_story[2]

        with pytest.raises(DataError, match="expected records in order, found 3 late"):
            database.apply(failing())
        assert database.applied_sequence == 0
        assert database.queries.orders() == []
        assert database.apply(trade_story) == len(trade_story)


def test_catching_up_with_a_journal(
    tmp_path: Path, make_run: Callable[[int], RunStarted], trade_story: Records
) -> None:
    with JournalWriter(tmp_path / "journal", make_run(1)) as writer:
        for record in trade_story[1:9]:
            writer.append(record.kind, encode_value(record.value), record.time_ns)
        writer.flush()
        with StateDatabase(tmp_path / "s") as database:
            assert database.catch_up(tmp_path / "journal") == 9
            for record in trade_story[9:]:
                writer.append(record.kind, encode_value(record.value), record.time_ns)
            writer.flush()
            assert database.catch_up(tmp_path / "journal") == len(trade_story) - 9
            assert len(database.queries.trades()) == 1


def test_values_by_key(tmp_path: Path) -> None:
    with StateDatabase(tmp_path / "s") as database:
        assert database.get("overrides") is None
        database.put("overrides", b"a")
        database.put("overrides", b"b")
    with StateDatabase(tmp_path / "s", is_read_only=True) as reader:
        assert reader.get("overrides") == b"b"
        with pytest.raises(StorageUnavailable, match="readonly"):
            reader.put("overrides", b"c")


def test_files_that_are_not_ours_are_refused(tmp_path: Path) -> None:
    (tmp_path / "junk").write_bytes(b"no database at all " * 100)
    with pytest.raises(DataError, match="no sound state database"):
        StateDatabase(tmp_path / "junk")
    with pytest.raises(DataError, match="found nothing at"):
        StateDatabase(tmp_path / "gone", is_read_only=True)
    with StateDatabase(tmp_path / "new") as database:
        database._connection.execute("INSERT INTO migrations VALUES (7, 'later')")
    with pytest.raises(ConfigurationError, match="newer version"):
        StateDatabase(tmp_path / "new")


def test_full_and_read_only_disks_are_refused(
    tiny_disk: Path, read_only_folder: Path, trade_story: Records
) -> None:
    with StateDatabase(tiny_disk / "s") as database:
        database.apply(trade_story[:3])
        with pytest.raises(StorageUnavailable, match="see that its disk has space"):
            database.put("big", bytes(300_000))
        assert database.applied_sequence == 3
    with pytest.raises(StorageUnavailable):
        StateDatabase(read_only_folder / "state" / "s")
