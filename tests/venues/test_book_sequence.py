import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.venues import book_sequence
from undertow.venues.book_sequence import BookSequence, Delta, Step


def delta(previous_id: int, last_id: int) -> Delta:
    return Delta(previous_id + 1, last_id, previous_id, 0)


def chain(seed: int, count: int) -> list[tuple[int, int]]:
    """(previous, last) of an unbroken stream that starts anywhere."""
    rng = random.Random(seed)
    at = rng.randrange(1, 100)
    pairs = []
    for _ in range(count):
        pairs.append((at, at + rng.randrange(1, 6)))
        at = pairs[-1][1]
    return pairs


def steps(sequence: BookSequence, pairs: list[tuple[int, int]]) -> list[Step]:
    return [sequence.next_delta(delta(*pair)) for pair in pairs]


@given(st.integers(0, 10**6), st.integers(0, 19), st.integers(-3, 8))
def test_hand_over_continues_exactly_where_the_snapshot_ends(
    seed: int, arrival: int, lead: int
) -> None:
    pairs = chain(seed, 20)
    snapshot_id = max(pairs[0][0], pairs[arrival][1] + lead)
    sequence = BookSequence()
    assert set(steps(sequence, pairs[: arrival + 1])) == {Step.KEEP}
    released = sequence.take_snapshot(snapshot_id)
    assert released is not None
    applied = [(each.previous_id, each.last_id) for each in released]
    for pair in pairs[arrival + 1 :]:
        later = delta(*pair)
        step = sequence.next_delta(later)
        assert step is (Step.APPLY if pair[1] > snapshot_id else Step.COVERED)
        if step is Step.APPLY:
            applied.append((later.previous_id, later.last_id))
    # A strict book accepts them all: each begins where the one before, or the snapshot, ended.
    assert [last for _, last in applied] == [last for _, last in pairs if last > snapshot_id]
    ends = [snapshot_id, *(last for _, last in applied)]
    assert [previous for previous, _ in applied] == ends[:-1]


@given(st.integers(0, 10**6), st.integers(1, 18), st.integers(0, 19))
def test_each_lost_delta_is_one_gap_with_or_without_a_book(
    seed: int, lost: int, arrival: int
) -> None:
    pairs = chain(seed, 20)
    sequence = BookSequence()
    gaps = 0
    for i, pair in enumerate(pairs):
        if i != lost:
            gaps += sequence.next_delta(delta(*pair)) is Step.GAP
        if i == arrival:
            sequence.take_snapshot(pairs[0][0])
    assert gaps == 1
    assert not sequence.is_synced or arrival >= lost
    assert sequence.needs_snapshot is not sequence.is_synced


def test_after_a_gap_each_further_loss_is_counted_again() -> None:
    pairs = chain(3, 12)
    sequence = BookSequence()
    sequence.take_snapshot(pairs[0][0])
    kept = [pair for i, pair in enumerate(pairs) if i not in (3, 6, 7, 10)]
    found = steps(sequence, kept)
    assert found.count(Step.GAP) == 3
    assert found[3:] == [Step.GAP, Step.KEEP, Step.GAP, Step.KEEP, Step.GAP]
    assert sequence.needs_snapshot


def test_a_new_snapshot_heals_a_gap() -> None:
    pairs = chain(4, 10)
    sequence = BookSequence()
    sequence.take_snapshot(pairs[0][0])
    steps(sequence, pairs[:3] + pairs[4:7])
    assert sequence.lost_from_id == pairs[2][1]
    assert sequence.take_snapshot(pairs[2][1]) is None
    released = sequence.take_snapshot(pairs[5][0])
    assert released is not None
    assert [each.last_id for each in released] == [pairs[5][1], pairs[6][1]]
    assert steps(sequence, pairs[7:]) == [Step.APPLY] * 3


def test_what_is_not_new_is_dropped() -> None:
    pairs = chain(5, 6)
    sequence = BookSequence()
    sequence.take_snapshot(pairs[0][0])
    shuffled = [*pairs[:3], pairs[1], pairs[2], pairs[3]]
    assert steps(sequence, shuffled) == [Step.APPLY] * 3 + [Step.DUPLICATE] * 2 + [Step.APPLY]


def test_a_snapshot_older_than_the_first_delta_is_of_no_use() -> None:
    waiting = BookSequence()
    steps(waiting, [(50, 55), (55, 60)])
    assert waiting.take_snapshot(49) is None
    assert waiting.needs_snapshot
    assert waiting.take_snapshot(50) is not None
    early = BookSequence()
    assert early.take_snapshot(49) == []
    assert steps(early, [(50, 55)]) == [Step.GAP]


def test_an_old_snapshot_never_turns_the_book_back() -> None:
    sequence = BookSequence()
    sequence.take_snapshot(10)
    steps(sequence, [(10, 15)])
    assert sequence.take_snapshot(15) is None
    assert sequence.take_snapshot(12) is None
    assert sequence.is_synced
    assert sequence.book_id == 15


def test_a_newer_snapshot_of_a_good_book_is_taken() -> None:
    sequence = BookSequence()
    sequence.take_snapshot(10)
    steps(sequence, [(10, 15)])
    assert sequence.take_snapshot(17) == []
    assert steps(sequence, [(15, 17), (17, 20)]) == [Step.COVERED, Step.APPLY]


def test_futures_ids_with_holes_follow_by_their_previous_id() -> None:
    # The snapshot's id lies between two deltas: ids are shared with other symbols.
    sequence = BookSequence()
    first, second = Delta(80, 90, 70, 0), Delta(100, 110, 90, 0)
    sequence.next_delta(first)
    assert sequence.take_snapshot(95) == []
    assert sequence.next_delta(second) is Step.APPLY
    assert second.previous_id == 95


def test_losing_the_connection_starts_the_chain_anew() -> None:
    sequence = BookSequence()
    sequence.take_snapshot(10)
    steps(sequence, [(10, 15)])
    sequence.lose()
    assert (sequence.is_synced, sequence.needs_snapshot) == (False, False)
    assert steps(sequence, [(900, 910)]) == [Step.KEEP]
    assert sequence.needs_snapshot


def test_waiting_without_end_keeps_a_bounded_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book_sequence, "KEPT_DELTAS", 3)
    pairs = chain(6, 9)
    sequence = BookSequence()
    steps(sequence, pairs)
    assert [each.last_id for each in sequence.kept] == [last for _, last in pairs[-3:]]
    assert sequence.take_snapshot(pairs[2][1]) is None
    assert sequence.take_snapshot(pairs[-3][0]) is not None
