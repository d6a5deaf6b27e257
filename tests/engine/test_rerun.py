"""A re-run finds what differs, and says where."""

from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import pytest

from undertow.domain.errors import InvariantBroken
from undertow.engine.rerun import Rerun
from undertow.timeline.journal import FrameKind
from undertow.timeline.journal_record import (
    JournalRecord,
    RunEnded,
    RunStarted,
    SegmentSealed,
    SnapshotTaken,
    state_parts,
)

EFFECTS = (FrameKind.EVENT, FrameKind.COMMAND)


@pytest.fixture
def records(conducted: tuple[Any, Any]) -> list[JournalRecord]:
    return list(conducted[1].records())


def _rerun(engine: Any, records: list[JournalRecord]) -> Rerun:
    rerun = Rerun(engine)
    for record in records:
        rerun.take(record)
    return rerun


def _index(records: list[JournalRecord], kind: FrameKind, place: int) -> int:
    return [i for i, record in enumerate(records) if record.kind is kind][place]


def _ended(state_hash: str, sequence: int = 10**6) -> JournalRecord:
    return JournalRecord(FrameKind.RUN_ENDED, sequence, 0, RunEnded(1, state_hash, "test", {}))


def _started(run: int) -> JournalRecord:
    value = RunStarted(run, 1, "paper", "0", 1, "", "", (), (), ())
    return JournalRecord(FrameKind.RUN_STARTED, 1, 0, value)


def test_the_same_records_give_the_same(
    records: list[JournalRecord], make_checker: Callable[[], Any], conducted: tuple[Any, Any]
) -> None:
    rerun = _rerun(make_checker().engine, [*records, _ended(conducted[0].engine.state_hash())])
    assert rerun.difference is None
    assert rerun.effects == sum(record.kind in EFFECTS for record in records) > 100
    assert rerun.inputs == sum(record.kind not in EFFECTS for record in records)


@pytest.mark.parametrize("place", [0, 7, -1])
def test_a_changed_event_is_named(
    records: list[JournalRecord], make_checker: Callable[[], Any], place: int
) -> None:
    at = _index(records, FrameKind.EVENT, place)
    value: Any = records[at].value
    changed = msgspec.structs.replace(value, at_ns=value.at_ns + 1)
    records[at] = msgspec.structs.replace(records[at], value=changed)
    difference = _rerun(make_checker().engine, records).difference
    assert difference is not None
    assert difference.sequence == records[at].sequence
    assert difference.recorded == repr(changed)
    assert difference.found == repr(value)


def test_a_changed_command_is_named(
    records: list[JournalRecord], make_checker: Callable[[], Any]
) -> None:
    at = _index(records, FrameKind.COMMAND, 3)
    value: Any = records[at].value
    changed = msgspec.structs.replace(value, sent_ns=value.sent_ns + 1)
    records[at] = msgspec.structs.replace(records[at], value=changed)
    difference = _rerun(make_checker().engine, records).difference
    assert difference is not None
    assert difference.sequence == records[at].sequence


def test_a_missing_effect_shows_at_the_next_one(
    records: list[JournalRecord], make_checker: Callable[[], Any]
) -> None:
    at = _index(records, FrameKind.EVENT, 5)
    missing, following = records[at].value, records[at + 1]
    difference = _rerun(make_checker().engine, records[:at] + records[at + 1 :]).difference
    assert difference is not None
    assert difference.sequence == following.sequence
    assert difference.found == repr(missing)


def test_an_extra_effect_is_named(
    records: list[JournalRecord], make_checker: Callable[[], Any]
) -> None:
    at = _index(records, FrameKind.MARKET, 5)
    extra = msgspec.structs.replace(records[_index(records, FrameKind.EVENT, 0)], sequence=777)
    difference = _rerun(make_checker().engine, [*records[:at], extra, *records[at:]]).difference
    assert difference is not None
    assert (difference.sequence, difference.found) == (777, "")
    assert difference.recorded == repr(extra.value)


def test_swapped_effects_are_found(
    records: list[JournalRecord], make_checker: Callable[[], Any]
) -> None:
    at = _index(records, FrameKind.COMMAND, 0)
    records[at - 1], records[at] = records[at], records[at - 1]
    difference = _rerun(make_checker().engine, records).difference
    assert difference is not None
    assert difference.sequence == records[at - 1].sequence


def test_another_market_is_found(
    records: list[JournalRecord], make_checker: Callable[[], Any], conducted: tuple[Any, Any]
) -> None:
    at = _index(records, FrameKind.MARKET, 0)
    rows = np.array(records[at].value)
    trades = np.flatnonzero(rows["kind"] == 1)
    rows["qty_lots"][trades[0]] += 1
    records[at] = msgspec.structs.replace(records[at], value=rows)
    ended = _ended(conducted[0].engine.state_hash(), 5_000)
    difference = _rerun(make_checker().engine, [*records, ended]).difference
    assert difference is not None
    assert difference.sequence <= 5_000


def test_another_state_at_the_end_is_found(
    records: list[JournalRecord], make_checker: Callable[[], Any], conducted: tuple[Any, Any]
) -> None:
    difference = _rerun(make_checker().engine, [*records, _ended("00")]).difference
    assert difference is not None
    assert (difference.sequence, difference.recorded) == (10**6, "00")
    assert difference.found == conducted[0].engine.state_hash()


def test_effects_that_were_never_recorded_are_kept_for_later(
    records: list[JournalRecord], make_checker: Callable[[], Any]
) -> None:
    at = _index(records, FrameKind.EVENT, -1)
    rerun = _rerun(make_checker().engine, records[:at])
    assert rerun.difference is None
    assert rerun.pending[0] == records[at].value
    difference = _rerun(make_checker().engine, [*records[:at], _ended("")]).difference
    assert difference is not None
    assert (difference.recorded, difference.found) == ("", repr(records[at].value))


def test_after_a_difference_nothing_more_is_handled(
    records: list[JournalRecord], make_checker: Callable[[], Any]
) -> None:
    rerun = Rerun(make_checker().engine)
    rerun.take(_ended("00"))
    before = rerun.engine.state_hash()
    for record in records:
        rerun.take(record)
    assert rerun.engine.state_hash() == before
    assert rerun.difference is not None
    assert rerun.difference.recorded == "00"


def _state(engine: Any) -> list[JournalRecord]:
    return [
        JournalRecord(FrameKind.STATE_PART, 2 + i, 0, part)
        for i, part in enumerate(state_parts(engine.snapshot()))
    ]


def test_the_state_that_a_run_began_with_is_taken_from_the_journal(
    make_checker: Callable[[], Any],
) -> None:
    taught = make_checker()
    for _ in range(20):
        taught.engine.warm_up(taught.market.next_block())
    parts = _state(taught.engine)
    # A start that was cut off leaves some of its parts behind.
    rerun = _rerun(make_checker().engine, [_started(1), *parts[:-2], _started(2)])
    seen = [rerun.has_state]
    for record in parts:
        rerun.take(record)
    assert [*seen, rerun.has_state] == [False, True]
    assert rerun.engine.state_hash() == taught.engine.state_hash()


def test_the_state_of_another_strategy_is_a_difference(
    make_checker: Callable[[], Any], make_paper: Callable[..., Any]
) -> None:
    parts = _state(make_checker().engine)
    difference = _rerun(make_paper().engine, parts).difference
    assert difference is not None
    assert difference.sequence == parts[-1].sequence
    assert "strategies" in difference.found


def test_a_later_run_gives_its_own_ids(
    make_checker: Callable[[], Any], records: list[JournalRecord]
) -> None:
    rerun = _rerun(make_checker().engine, [_started(1), _started(3), *records])
    assert rerun.difference is not None
    assert "ut3-" in rerun.difference.found
    assert "ut1-" in rerun.difference.recorded


def test_frames_that_say_nothing_about_the_engine_are_passed_over(
    make_checker: Callable[[], Any],
) -> None:
    rerun = Rerun(make_checker().engine)
    before = rerun.engine.state_hash()
    rerun.take(JournalRecord(FrameKind.SNAPSHOT_TAKEN, 1, 0, SnapshotTaken(1, 1, "")))
    rerun.take(JournalRecord(FrameKind.SEGMENT_SEALED, 2, 0, SegmentSealed(2)))
    assert rerun.engine.state_hash() == before
    assert rerun.difference is None


def test_a_market_frame_without_rows_is_our_bug(make_checker: Callable[[], Any]) -> None:
    with pytest.raises(InvariantBroken, match="frame 9"):
        Rerun(make_checker().engine).take(JournalRecord(FrameKind.MARKET, 9, 0, _started(1).value))


def test_numbers_are_compared_as_the_journal_keeps_them(
    records: list[JournalRecord], make_checker: Callable[[], Any], conducted: tuple[Any, Any]
) -> None:
    said = [repr(value) for kind, value in conducted[1].kept if kind in EFFECTS]
    kept = [repr(record.value) for record in records if record.kind in EFFECTS]
    assert said != kept  # 5 where a float belongs is kept as 5.0
    assert _rerun(make_checker().engine, records).difference is None
