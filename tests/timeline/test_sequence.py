import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.domain.errors import InvariantBroken
from undertow.timeline.sequence import (
    MOST_HOLES,
    Continuity,
    SequenceCounts,
    SequenceTracker,
    SequenceVerdict,
)

IDS = st.lists(st.integers(1, 40), max_size=60)


def _tracker(*ids: int) -> SequenceTracker:
    tracker = SequenceTracker()
    for one in ids:
        tracker.observe(one)
    return tracker


def test_a_stream_without_loss() -> None:
    tracker = _tracker(5, 6, 7)
    assert tracker.counts == SequenceCounts(messages=3)
    assert tracker.expected == 8
    assert _tracker().observe(5).continuity is Continuity.FIRST
    assert tracker.observe(8) == SequenceVerdict(Continuity.IN_ORDER, 8, 8, 0)


def test_a_gap_says_what_was_expected_and_found() -> None:
    assert _tracker(5).observe(9) == SequenceVerdict(Continuity.GAP, 6, 9, 3)


def test_late_is_told_from_repeated() -> None:
    tracker = _tracker(1, 2, 6)
    assert tracker.observe(4) == SequenceVerdict(Continuity.OUT_OF_ORDER, 7, 4, 0)
    assert tracker.observe(4) == SequenceVerdict(Continuity.DUPLICATE, 7, 4, 0)
    assert tracker.observe(2).continuity is Continuity.DUPLICATE
    assert tracker.counts == SequenceCounts(6, 1, 3, 1, 2, 1, 0)


def test_ranges_of_a_book_stream() -> None:
    tracker = SequenceTracker()
    tracker.observe(10, 15)
    assert tracker.observe(16, 20).continuity is Continuity.IN_ORDER
    assert tracker.observe(19, 24) == SequenceVerdict(Continuity.OVERLAP, 21, 19, 0)
    assert tracker.observe(30, 31) == SequenceVerdict(Continuity.GAP, 25, 30, 5)
    assert tracker.observe(26, 27).continuity is Continuity.OUT_OF_ORDER
    assert tracker.counts.recovered == 2
    with pytest.raises(InvariantBroken, match="found 9 to 8"):
        tracker.observe(9, 8)


def test_a_restart_forgets_the_place_and_keeps_the_totals() -> None:
    tracker = _tracker(1, 5)
    tracker.restart()
    assert tracker.observe(100).continuity is Continuity.FIRST
    assert (tracker.counts.gaps, tracker.counts.messages) == (1, 3)


@settings(deadline=None, derandomize=True)
@given(IDS)
def test_ids_are_lost_recovered_or_new_exactly_once(ids: list[int]) -> None:
    tracker = _tracker(*ids)
    counts = tracker.counts
    if ids:
        covered = range(ids[0], tracker.expected)
        assert counts.lost - counts.recovered == len(set(covered) - set(ids))
    assert counts.messages == len(ids)


@settings(deadline=None, derandomize=True)
@given(IDS, st.lists(st.integers(0, 60), max_size=5))
def test_many_at_once_is_the_same_as_one_by_one(ids: list[int], cuts: list[int]) -> None:
    one_by_one, at_once = _tracker(*ids), SequenceTracker()
    for part in np.split(np.array(ids, np.int64), sorted(min(cut, len(ids)) for cut in cuts)):
        at_once.observe_each(part)
    assert at_once.snapshot() == one_by_one.snapshot()


@settings(deadline=None, derandomize=True)
@given(IDS, IDS)
def test_snapshot_continues(before: list[int], after: list[int]) -> None:
    tracker, other = _tracker(*before), SequenceTracker()
    other.restore(tracker.snapshot())
    assert [tracker.observe(one) for one in after] == [other.observe(one) for one in after]
    assert tracker.snapshot() == other.snapshot()


def test_memory_of_holes_is_bounded() -> None:
    tracker = _tracker(*range(0, 4 * MOST_HOLES, 2))
    assert len(tracker.snapshot()) < 20 * MOST_HOLES
    assert tracker.observe(1).continuity is Continuity.DUPLICATE
    assert tracker.observe(4 * MOST_HOLES - 3).continuity is Continuity.OUT_OF_ORDER
