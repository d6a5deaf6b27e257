"""Expected: skfolio (where folds divide the data), the book's figure 12.1, and a case by hand."""

import numpy as np
import pytest
from skfolio.model_selection import CombinatorialPurgedCV
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import cross_val_score

from undertow.domain.errors import CallerError
from undertow.stats.combinatorial_folds import CombinatorialPurgedKFold
from undertow.stats.label_span import horizon_spans


@pytest.mark.parametrize(
    ("folds", "test_folds", "each", "purge", "embargo"),
    [(6, 2, 8, 1, 1), (5, 3, 6, 0, 0), (4, 2, 10, 2, 1), (8, 3, 9, 3, 2)],
)
def test_it_agrees_with_skfolio(
    folds: int, test_folds: int, each: int, purge: int, embargo: int
) -> None:
    count = folds * each
    own = CombinatorialPurgedKFold(
        folds, test_folds, label_ends=horizon_spans(count, purge).ends, embargo=embargo
    )
    theirs = CombinatorialPurgedCV(
        n_folds=folds, n_test_folds=test_folds, purged_size=purge, embargo_size=embargo
    )
    data = np.zeros((count, 1))
    assert own.get_n_splits() == theirs.get_n_splits(data)
    assert own.get_n_paths() == theirs.n_test_paths
    assert own.path_ids().tolist() == theirs.get_path_ids().tolist()
    for (training, test), (expected, parts) in zip(
        own.split(data), theirs.split(data), strict=True
    ):
        assert training.tolist() == expected.tolist()
        assert test.tolist() == np.concatenate(parts).tolist()


def test_the_book_s_fifteen_splits_and_five_paths() -> None:
    splitter = CombinatorialPurgedKFold(6, 2, label_ends=np.arange(60))
    assert splitter.get_n_splits() == 15
    assert splitter.get_n_paths() == 5
    assert splitter.sets[:3] == [(0, 1), (0, 2), (0, 3)]
    assert splitter.path_ids().max() == 4


def test_one_training_fold_between_two_tests_is_purged_on_both_sides() -> None:
    splitter = CombinatorialPurgedKFold(4, 2, label_ends=horizon_spans(20, 1).ends, embargo=1)
    training, test = list(splitter.split())[1]
    assert test.tolist() == [0, 1, 2, 3, 4, 10, 11, 12, 13, 14]
    # 5 overlaps and 6 is embargoed, 9 reaches 10, then 15 overlaps and 16 is embargoed
    assert training.tolist() == [7, 8, 17, 18, 19]


def test_paths_are_whole_histories_of_the_splits() -> None:
    splitter = CombinatorialPurgedKFold(5, 2, label_ends=np.arange(23))
    values = [place * 100.0 + test for place, (_, test) in enumerate(splitter.split())]
    paths = splitter.paths(values)
    assert paths.shape == (4, 23)
    assert (paths % 100 == np.arange(23)).all()
    for column in range(23):
        tested = {place for place, (_, test) in enumerate(splitter.split()) if column in test}
        assert set((paths[:, column] // 100).astype(int).tolist()) == tested


def test_one_test_fold_is_one_path() -> None:
    splitter = CombinatorialPurgedKFold(4, 1, label_ends=np.arange(12))
    assert splitter.get_n_paths() == 1
    assert splitter.path_ids().tolist() == [[0], [0], [0], [0]]


def test_scikit_learn_takes_it() -> None:
    data = np.random.default_rng(72).standard_normal((60, 2))
    splitter = CombinatorialPurgedKFold(5, 2, label_ends=horizon_spans(60, 2).ends)
    scores = cross_val_score(LinearRegression(), data, data[:, 0], cv=splitter)
    assert scores == pytest.approx(np.ones(10))


def test_wrong_input_is_refused() -> None:
    with pytest.raises(CallerError, match="1 to 3 test folds, found 4"):
        CombinatorialPurgedKFold(4, 4, label_ends=np.arange(12))
    splitter = CombinatorialPurgedKFold(4, 2, label_ends=np.arange(12))
    with pytest.raises(CallerError, match="values of 6 splits, found 1"):
        splitter.paths([[1.0]])
    with pytest.raises(CallerError, match="expected 6 values of folds"):
        splitter.paths([[1.0]] * 6)
