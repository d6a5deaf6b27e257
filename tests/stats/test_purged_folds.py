"""Expected: worked by hand, and scikit-learn as the user of the splitter."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, KFold, cross_val_score

from undertow.domain.errors import CallerError
from undertow.stats.label_span import horizon_spans
from undertow.stats.purged_folds import PurgedKFold


def test_variable_spans_by_hand() -> None:
    ends = np.arange(20) + np.array([1, 3, 0, 2, 4, 1, 0, 5, 1, 2] * 2)
    folds = PurgedKFold(4, label_ends=np.minimum(ends, 19), embargo=2).split()
    found = [(training.tolist(), test.tolist()) for training, test in folds]
    assert [test for _, test in found] == [list(range(s, s + 5)) for s in (0, 5, 10, 15)]
    # test 0-4 ends at 8 (4 looks 4 ahead): 5-8 overlap, 9 and 10 are embargoed
    assert found[0][0] == list(range(11, 20))
    # test 5-9 ends at 12 (7 looks 5 ahead): 3, 4 reach 5 or more, 10-12 overlap, 13, 14 embargoed
    assert found[1][0] == [0, 1, 2, 15, 16, 17, 18, 19]
    # test 10-14 ends at 18: 7 and 9 reach 12 and 11, 15-18 overlap, 19 embargoed
    assert found[2][0] == [0, 1, 2, 3, 4, 5, 6, 8]
    # test 15-19: 13 reaches 15, 14 reaches 18
    assert found[3][0] == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]


def test_a_constant_horizon_purges_as_much_on_both_sides() -> None:
    spans = horizon_spans(20, 2)
    training, test = list(PurgedKFold(4, label_ends=spans.ends).split())[1]
    assert test.tolist() == [5, 6, 7, 8, 9]
    assert training.tolist() == [0, 1, 2, 12, 13, 14, 15, 16, 17, 18, 19]


def test_an_embargo_at_the_end_of_the_data_still_purges() -> None:
    spans = horizon_spans(12, 1)
    (_, _, (training, test)) = PurgedKFold(3, label_ends=spans.ends, embargo=5).split()
    assert test.tolist() == [8, 9, 10, 11]
    assert training.tolist() == [0, 1, 2, 3, 4, 5, 6]
    (_, (training, _), _) = PurgedKFold(3, label_ends=spans.ends, embargo=5).split()
    assert training.tolist() == [0, 1, 2]  # 9 to 11 fall to the embargo, 3 and 8 to the purge


def test_without_overlap_it_is_plain_k_fold() -> None:
    own = PurgedKFold(4, label_ends=np.arange(18)).split()
    for (training, test), (expected, other) in zip(own, KFold(4).split(np.zeros(18)), strict=True):
        assert training.tolist() == expected.tolist()
        assert test.tolist() == other.tolist()


def test_times_in_ns_and_several_assets_at_one_time() -> None:
    minute = 60_000_000_000
    starts = np.repeat(np.arange(6) * minute, 2)
    splitter = PurgedKFold(3, label_ends=starts + minute, label_starts=starts)
    training, test = list(splitter.split())[1]
    assert test.tolist() == [4, 5, 6, 7]
    assert training.tolist() == [0, 1, 10, 11]


def test_scikit_learn_takes_it() -> None:
    rng = np.random.default_rng(71)
    data = rng.standard_normal((120, 3))
    target = (data[:, 0] + rng.standard_normal(120) > 0.0).astype(int)
    splitter = PurgedKFold(4, label_ends=horizon_spans(120, 3).ends, embargo=0.02)
    assert splitter.get_n_splits(data, target) == 4
    assert splitter.embargo == 2
    assert len(cross_val_score(LogisticRegression(), data, target, cv=splitter)) == 4
    search = GridSearchCV(LogisticRegression(), {"C": [0.1, 1.0]}, cv=splitter).fit(data, target)
    assert search.n_splits_ == 4


def test_wrong_input_is_refused() -> None:
    with pytest.raises(CallerError, match="2 to 5 folds, found 6"):
        PurgedKFold(6, label_ends=np.arange(5))
    with pytest.raises(CallerError, match="each of 5 labels, found 4"):
        next(PurgedKFold(2, label_ends=np.arange(5)).split(np.zeros(4)))
    with pytest.raises(CallerError, match="labels or the embargo reach too far"):
        list(PurgedKFold(2, label_ends=horizon_spans(10, 9).ends).split())
