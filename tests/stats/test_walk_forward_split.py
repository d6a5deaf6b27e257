"""Expected: by hand, and scikit-learn's TimeSeriesSplit where the two mean the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import TimeSeriesSplit

from undertow.domain.errors import CallerError
from undertow.stats.label_span import horizon_spans
from undertow.stats.walk_forward_split import WalkForward, walk_forward_windows


def test_rolling_and_anchored_by_hand() -> None:
    rolling = walk_forward_windows(20, train=8, test=4, gap=2)
    assert rolling == [(0, 8, 10, 14), (4, 12, 14, 18)]
    anchored = walk_forward_windows(20, train=8, test=4, gap=2, is_anchored=True)
    assert anchored == [(0, 8, 10, 14), (0, 12, 14, 18)]
    kept = walk_forward_windows(20, train=8, test=4, gap=2, is_short_kept=True)
    assert kept[-1] == (8, 16, 18, 20)


def test_steps_may_overlap() -> None:
    found = walk_forward_windows(10, train=4, test=3, step=1)
    assert [window.test_start for window in found] == [4, 5, 6, 7]


def test_times_in_ns() -> None:
    day = 86_400_000_000_000
    found = walk_forward_windows(100 * day, train=60 * day, test=20 * day)
    assert [window.test_stop // day for window in found] == [80, 100]


def test_anchored_windows_are_scikit_learn_s() -> None:
    theirs = TimeSeriesSplit(4, test_size=5, gap=3).split(np.zeros((40, 1)))
    own = WalkForward(17, 5, label_ends=np.arange(40), gap=3, is_anchored=True).split()
    for (training, test), (expected, other) in zip(own, theirs, strict=True):
        assert training.tolist() == expected.tolist()
        assert test.tolist() == other.tolist()


@given(st.integers(20, 80), st.integers(1, 15), st.integers(1, 9), st.integers(0, 5), st.booleans())
def test_training_never_sees_the_test(
    length: int, train: int, test: int, gap: int, is_anchored: bool
) -> None:
    windows = walk_forward_windows(
        length, train=train, test=test, gap=gap, is_anchored=is_anchored, is_short_kept=True
    )
    tested = [place for one in windows for place in range(one.test_start, one.test_stop)]
    assert tested == list(range(train + gap, length))
    for window in windows:
        assert window.train_stop + gap == window.test_start
        assert window.train_stop - window.train_start >= train
        assert (window.train_start == 0) or not is_anchored


def test_labels_that_reach_into_the_test_are_dropped() -> None:
    splitter = WalkForward(10, 5, label_ends=horizon_spans(30, 3).ends)
    assert splitter.get_n_splits() == 4
    training, test = next(splitter.split(np.zeros((30, 1))))
    assert test.tolist() == [10, 11, 12, 13, 14]
    assert training.tolist() == list(range(7))  # 7, 8, 9 reach 10 and beyond


def test_wrong_input_is_refused() -> None:
    with pytest.raises(CallerError, match="expected room for train 8, gap 0 and test 4"):
        walk_forward_windows(11, train=8, test=4)
    with pytest.raises(CallerError, match="step of 1 or more"):
        walk_forward_windows(11, train=8, test=4, step=0)
    with pytest.raises(CallerError, match="reach too far"):
        list(WalkForward(4, 4, label_ends=horizon_spans(20, 6).ends).split())
