from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from undertow.domain.errors import InvariantBroken
from undertow.domain.market_event import EventArray, EventKind
from undertow.timeline.batching import rebatch

Rows = Callable[[Sequence[EventKind], Sequence[int]], EventArray]
UNITS = st.lists(st.integers(0, 6), max_size=60)


def _kinds(units: list[int]) -> list[EventKind]:
    kinds: list[EventKind] = []
    for levels in units:
        if levels == 0:
            kinds.append(EventKind.TRADE)
        else:
            kinds += [EventKind.BOOK_BEGIN, *[EventKind.BOOK_LEVEL] * levels, EventKind.BOOK_END]
    return kinds


@settings(
    deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # the fixture is pure
@given(UNITS, st.integers(1, 12), st.lists(st.integers(0, 200), max_size=6))
def test_cuts_depend_on_the_rows_only(
    make_rows: Rows, units: list[int], count: int, splits: list[int]
) -> None:
    kinds = _kinds(units)
    rows = make_rows(kinds, range(len(kinds)))
    whole = list(rebatch([rows], count))
    split = list(rebatch(np.split(rows, sorted(min(s, len(rows)) for s in splits)), count))
    assert [len(batch) for batch in whole] == [len(batch) for batch in split]
    assert np.array_equal(np.concatenate([rows[:0], *split]), rows)
    assert all(batch[-1]["kind"] in (EventKind.TRADE, EventKind.BOOK_END) for batch in whole)
    assert all(len(batch) >= count for batch in whole[:-1])


def test_a_batch_is_longer_by_the_rest_of_one_update(make_rows: Rows) -> None:
    kinds = _kinds([0, 3, 0, 0])
    batches = list(rebatch([make_rows(kinds, range(len(kinds)))], 2))
    assert [len(batch) for batch in batches] == [6, 2]


def test_nothing_gives_nothing_and_zero_is_refused(make_rows: Rows) -> None:
    assert list(rebatch([make_rows([], [])], 5)) == []
    with pytest.raises(InvariantBroken, match="at least 1 row, found 0"):
        list(rebatch([], 0))
