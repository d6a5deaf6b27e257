from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from undertow.domain.command import QueryOrder
from undertow.domain.engine_input import ClockAdvanced
from undertow.domain.errors import ConfigurationError, StorageUnavailable
from undertow.domain.event import MarketDataConnectionRestored
from undertow.domain.identity import ClientOrderId, InstrumentId
from undertow.domain.market_event import EventArray
from undertow.storage.append_file import AppendFile
from undertow.storage.journal_reader import JournalReader, verify_journal
from undertow.storage.journal_writer import JournalWriter
from undertow.timeline.journal import FrameKind, JournalPosition
from undertow.timeline.journal_record import RunEnded, RunStarted, SnapshotTaken

MakeRun = Callable[[int], RunStarted]
QUERY = QueryOrder("binance", InstrumentId("BTC/USDT@binance"), ClientOrderId("ut1-o1"), 5)


class Disk(AppendFile):
    """Stands for the `full_disk` fixture's type."""

    room: int
    is_failing_sync: bool


def _payloads(folder: Path) -> list[bytes]:
    kinds = [FrameKind.EVENT]
    return [frame.payload for frame in JournalReader(folder).frames(kinds=kinds)]


def test_typed_appends_come_back_in_order(
    tmp_path: Path, make_run: MakeRun, make_trades: Callable[[int], EventArray]
) -> None:
    rows = make_trades(10_000)
    with JournalWriter(tmp_path, make_run(1)) as writer:
        writer.append_market(rows)
        writer.append_input(ClockAdvanced(7))
        writer.append_commands([QUERY, QUERY])
        assert writer.durable_sequence == writer.position.sequence == 6
        writer.append_event(MarketDataConnectionRestored(at_ns=8, source="binance"))
        writer.append_snapshot_taken(SnapshotTaken(9, 7, "d"))
        writer.close(RunEnded(10, "h", "asked", {"inputs": 3}))
    records = list(JournalReader(tmp_path).records())
    assert [record.kind.name for record in records] == [
        "RUN_STARTED", "MARKET", "MARKET", "INPUT", "COMMAND", "COMMAND", "EVENT",
        "SNAPSHOT_TAKEN", "RUN_ENDED",
    ]  # fmt: skip
    assert [record.sequence for record in records] == list(range(1, 10))
    assert [record.time_ns for record in records[3:]] == [7, 5, 5, 8, 9, 10]
    assert b"".join(_market(tmp_path)) == rows.tobytes()
    assert verify_journal(tmp_path).ended_cleanly


def test_batches_share_a_frame_until_something_comes_between(
    tmp_path: Path, make_run: MakeRun, make_trades: Callable[[int], EventArray]
) -> None:
    rows = make_trades(100)
    with JournalWriter(tmp_path, make_run(1)) as writer:
        for start in range(0, 60, 20):
            writer.append_market(rows[start : start + 20])
        writer.append_input(ClockAdvanced(7))
        writer.append_market(rows[60:60])
        writer.append_market(rows[60:])
        assert writer.position.sequence == 4
    records = list(JournalReader(tmp_path).records(1))
    assert [record.kind.name for record in records] == ["MARKET", "INPUT", "MARKET"]
    assert [len(payload) // 64 for payload in _market(tmp_path)] == [60, 40]
    assert b"".join(_market(tmp_path)) == rows.tobytes()


def _market(folder: Path) -> list[bytes]:
    return [frame.payload for frame in JournalReader(folder).frames(kinds=[FrameKind.MARKET])]


def test_commands_are_on_disk_when_the_call_returns(
    tmp_path: Path, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    real_sync = AppendFile.sync

    def sync(file: AppendFile) -> None:
        synced.append(file.size)
        real_sync(file)

    monkeypatch.setattr(AppendFile, "sync", sync)
    with JournalWriter(tmp_path, make_run(1)) as writer:
        synced.clear()
        writer.append(FrameKind.EVENT, b"x", 1)
        assert (synced, writer.durable_sequence) == ([], 1)
        writer.append_commands([QUERY, QUERY, QUERY])
        assert synced == [(tmp_path / "00000001.journal").stat().st_size]
        writer.append_commands([])
        writer.sync()
        assert len(synced) == 1


def test_what_is_flushed_survives_the_process_what_is_not_does_not(
    tmp_path: Path, make_run: MakeRun
) -> None:
    writer = JournalWriter(tmp_path, make_run(1))
    writer.append(FrameKind.EVENT, b"flushed", 1)
    writer.flush()
    writer.append(FrameKind.EVENT, b"in memory", 1)
    assert _payloads(tmp_path) == [b"flushed"]
    writer.close()
    assert _payloads(tmp_path) == [b"flushed", b"in memory"]


def test_segments_rotate_and_stay_below_their_size(tmp_path: Path, make_run: MakeRun) -> None:
    payloads = [bytes([i]) * 500 for i in range(100)]
    with JournalWriter(tmp_path, make_run(1), segment_bytes=4096) as writer:
        for payload in payloads:
            writer.append(FrameKind.EVENT, payload, 1)
        writer.append(FrameKind.EVENT, b"y" * 400, 1)
    files = sorted(tmp_path.glob("*.journal"))
    assert len(files) > 5
    assert all(file.stat().st_size <= 4096 for file in files)
    assert _payloads(tmp_path) == [*payloads, b"y" * 400]
    assert verify_journal(tmp_path).is_sound


@pytest.mark.parametrize("room", [0, 1, 51, 52, 200, 800])
def test_a_full_disk_keeps_whole_frames_and_refuses_more(
    tmp_path: Path, make_run: MakeRun, full_disk: type[Disk], room: int
) -> None:
    writer = JournalWriter(tmp_path, make_run(1), open_file=full_disk)
    full_disk.room = room
    for _ in range(5):
        writer.append(FrameKind.EVENT, b"z" * 100, 1)
    with pytest.raises(StorageUnavailable, match=r"cannot write .*\.journal: No space .* free"):
        writer.append_commands([QUERY])
    full_disk.room = 1 << 40
    for refused in (writer.sync, writer.flush, lambda: writer.append(FrameKind.EVENT, b"", 1)):
        with pytest.raises(StorageUnavailable, match="takes no more frames: cannot write"):
            refused()
    writer.close()
    report = verify_journal(tmp_path)
    assert (report.is_sound, report.torn) == (True, None)
    assert _payloads(tmp_path) == [b"z" * 100] * min(5, room // 152)
    with JournalWriter(tmp_path, make_run(2)) as again:
        assert again.torn is None


def test_a_failed_sync_is_final(tmp_path: Path, make_run: MakeRun, full_disk: type[Disk]) -> None:
    writer = JournalWriter(tmp_path, make_run(1), open_file=full_disk)
    full_disk.is_failing_sync = True
    with pytest.raises(StorageUnavailable, match=r"cannot sync .* check it before trusting"):
        writer.append_commands([QUERY])
    full_disk.is_failing_sync = False
    with pytest.raises(StorageUnavailable, match="takes no more frames"):
        writer.append_commands([QUERY])
    assert writer.durable_sequence == 1
    writer.close()


def test_a_disk_full_while_rotating(
    tmp_path: Path, make_run: MakeRun, full_disk: type[Disk]
) -> None:
    writer = JournalWriter(tmp_path, make_run(1), segment_bytes=2048, open_file=full_disk)
    writer.append_durably(FrameKind.EVENT, b"a" * 500, 1)
    full_disk.room = 10
    with pytest.raises(StorageUnavailable, match="cannot seal"):
        writer.append(FrameKind.EVENT, b"b" * 1500, 1)
    writer.close()
    assert verify_journal(tmp_path).is_sound
    with JournalWriter(tmp_path, make_run(2)) as again:
        assert again.torn is not None
        assert "not sealed" in again.torn.what
    assert _payloads(tmp_path) == [b"a" * 500]


def test_a_real_full_disk_and_a_read_only_one(
    tiny_disk: Path, read_only_folder: Path, make_run: MakeRun
) -> None:
    writer = JournalWriter(tiny_disk / "journal", make_run(1), segment_bytes=64 << 10)
    sent = 0

    def fill() -> None:
        nonlocal sent
        while sent < 10_000:
            writer.append_durably(FrameKind.EVENT, b"%6d" % sent * 50, 1)
            sent += 1

    with pytest.raises(StorageUnavailable, match="No space left on device; free space"):
        fill()
    writer.close()
    assert len(_payloads(tiny_disk / "journal")) >= sent > 500
    assert verify_journal(tiny_disk / "journal").is_sound
    with pytest.raises(StorageUnavailable, match="choose another home folder"):
        JournalWriter(read_only_folder / "journal", make_run(1))


def test_one_writer_and_growing_run_numbers(tmp_path: Path, make_run: MakeRun) -> None:
    with (
        JournalWriter(tmp_path, make_run(3)),
        pytest.raises(ConfigurationError, match="the only one to write"),
    ):
        JournalWriter(tmp_path, make_run(4))
    with pytest.raises(ConfigurationError, match=r"run number above 3, .* found 3"):
        JournalWriter(tmp_path, make_run(3))
    with JournalWriter(tmp_path, make_run(4)) as writer:
        assert writer.position.sequence == 2
    with pytest.raises(StorageUnavailable, match="is closed"):
        writer.append(FrameKind.EVENT, b"", 1)


def test_positions_are_anchors(tmp_path: Path, make_run: MakeRun) -> None:
    anchors: list[JournalPosition] = []
    with JournalWriter(tmp_path, make_run(1), segment_bytes=1500) as writer:
        for _ in range(10):
            writer.append(FrameKind.EVENT, bytes(range(200)), 1)
            anchors.append(writer.position)
    assert verify_journal(tmp_path, anchors=anchors).is_sound


def _promise(writer: JournalWriter, sizes: list[int], promised: list[bytes]) -> None:
    """Append events and commands until the disk refuses; note what was promised to be there."""
    for i, size in enumerate(sizes):
        payload = b"%d:" % i + bytes(size)
        if i % 3:
            writer.append(FrameKind.EVENT, payload, i)
        else:
            writer.append_durably(FrameKind.COMMAND, payload, i)
            promised.append(payload)


def _commands(folder: Path) -> list[bytes]:
    kinds = [FrameKind.COMMAND]
    return [frame.payload for frame in JournalReader(folder).frames(kinds=kinds)]


SIZES = st.lists(st.integers(0, 700), min_size=1, max_size=40)
FIXTURES = [HealthCheck.function_scoped_fixture]


@settings(deadline=None, derandomize=True, max_examples=60, suppress_health_check=FIXTURES)
@given(SIZES, st.integers(0, 8_000))
def test_wherever_the_disk_fills_up_no_promised_command_is_lost(
    tmp_path_factory: pytest.TempPathFactory,
    make_run: MakeRun,
    full_disk: type[Disk],
    sizes: list[int],
    room: int,
) -> None:
    folder, promised = tmp_path_factory.mktemp("full"), list[bytes]()
    full_disk.room = 1 << 40
    writer = JournalWriter(folder, make_run(1), segment_bytes=3_000, open_file=full_disk)
    full_disk.room = room
    with suppress(StorageUnavailable):
        _promise(writer, sizes, promised)
    with suppress(StorageUnavailable):
        writer.close()
    assert verify_journal(folder).is_sound
    full_disk.room = 1 << 40
    JournalWriter(folder, make_run(2), open_file=full_disk).close()
    assert _commands(folder)[: len(promised)] == promised
    assert verify_journal(folder).torn is None


class CutPower(AppendFile):
    """Remembers how much of each file is certainly on the disk."""

    synced: ClassVar[dict[Path, int]] = {}

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._path = path
        type(self).synced[path] = self.size

    def sync(self) -> None:
        super().sync()
        type(self).synced[self._path] = self.size


@settings(deadline=None, derandomize=True, max_examples=60, suppress_health_check=FIXTURES)
@given(SIZES, st.floats(0, 1), st.booleans())
def test_whatever_the_power_takes_no_promised_command_is_lost(
    tmp_path_factory: pytest.TempPathFactory,
    make_run: MakeRun,
    sizes: list[int],
    share: float,
    leaves_zeros: bool,
) -> None:
    folder, promised = tmp_path_factory.mktemp("power"), list[bytes]()
    CutPower.synced.clear()
    writer = JournalWriter(folder, make_run(1), segment_bytes=3_000, open_file=CutPower)
    _promise(writer, sizes, promised)
    writer.flush()
    writer._let_go()
    for path, synced in CutPower.synced.items():
        data = path.read_bytes()
        kept = synced + int((len(data) - synced) * share)
        path.write_bytes(data[:kept] + bytes((len(data) - kept) * leaves_zeros))
    assert verify_journal(folder).is_sound
    JournalWriter(folder, make_run(2)).close()
    assert _commands(folder) == promised
    assert verify_journal(folder).torn is None
