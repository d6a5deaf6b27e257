"""Expected: the rule applied observation by observation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.errors import CallerError
from undertow.stats.label_span import (
    embargo_count,
    horizon_spans,
    label_spans,
    purged_training,
)


@given(st.data())
def test_training_is_the_rule_applied_to_each(data: st.DataObject) -> None:
    count = data.draw(st.integers(2, 25))
    steps = data.draw(st.lists(st.integers(0, 3), min_size=count, max_size=count))
    lengths = data.draw(st.lists(st.integers(0, 8), min_size=count, max_size=count))
    held = np.array(data.draw(st.lists(st.booleans(), min_size=count, max_size=count)))
    embargo = data.draw(st.integers(0, 4))
    starts = np.cumsum(steps)
    spans = label_spans(starts + np.array(lengths), starts)
    allowed = [place for place in range(count) if not held[place]]
    place = 0
    while place < count:
        if not held[place]:
            place += 1
            continue
        stop = place
        while stop < count and held[stop]:
            stop += 1
        begin, end = starts[place], max(spans.ends[place:stop])
        later = [other for other in range(count) if starts[other] > end][:embargo]
        allowed = [
            other
            for other in allowed
            if (spans.ends[other] < begin or starts[other] > end) and other not in later
        ]
        place = stop
    assert purged_training(spans, held, embargo=embargo).tolist() == allowed


def test_touching_is_overlap() -> None:
    held = np.zeros(12, dtype=bool)
    held[5:7] = True
    found = purged_training(horizon_spans(12, 2), held)
    assert found.tolist() == [0, 1, 2, 9, 10, 11]  # 3, 4 before and 7, 8 after touch


def test_an_embargo_is_whole_or_a_share() -> None:
    assert embargo_count(3, 100) == 3
    assert embargo_count(0.025, 100) == 2
    assert embargo_count(0, 100) == 0
    for bad in (-1, 2.5, -0.1):
        with pytest.raises(CallerError, match="embargo of whole observations or a share"):
            embargo_count(bad, 100)


def test_wrong_spans_are_refused() -> None:
    with pytest.raises(CallerError, match="starts in order, found 2 late at 2"):
        label_spans([5, 5, 5], [1, 3, 2])
    with pytest.raises(CallerError, match="found 3 to 2 at 1"):
        label_spans([5, 2], [1, 3])
    with pytest.raises(CallerError, match="as many label starts as ends"):
        label_spans([5, 2], [1])
    with pytest.raises(CallerError, match="as many label starts as ends"):
        label_spans([])
    with pytest.raises(CallerError, match="horizon 0 or more"):
        horizon_spans(4, -1)
    with pytest.raises(CallerError, match="test mark for each of 3"):
        purged_training(horizon_spans(3, 1), np.zeros(2, dtype=bool))
