"""Expected: numpy's correlation matrix, and groups planted by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from undertow.domain.errors import CallerError
from undertow.stats.trial_independence import (
    independent_trials,
    independent_trials_by_clusters,
    independent_trials_of_returns,
    mean_pairwise_correlation,
)


def test_the_formula() -> None:
    assert independent_trials(100, 0.3) == pytest.approx(70.3)
    assert independent_trials(100, 1.0) == pytest.approx(1.0)
    assert independent_trials(100, 0.0) == pytest.approx(100.0)


@given(st.integers(2, 12), st.integers(0, 1000))
def test_the_mean_correlation_is_that_of_the_matrix(columns: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = rng.standard_normal((40, columns)) + rng.standard_normal((40, 1))
    matrix = np.asarray(np.corrcoef(table, rowvar=False))
    expected = matrix[np.triu_indices(columns, 1)].mean()
    assert mean_pairwise_correlation(table) == pytest.approx(expected, abs=1e-12)
    found = independent_trials_of_returns(table)
    assert found == pytest.approx(expected + (1.0 - expected) * columns)


def test_columns_that_never_move_do_not_count() -> None:
    table = np.hstack([_groups(3, 1), np.zeros((400, 4))])
    assert independent_trials_of_returns(table) == pytest.approx(3.0, abs=0.2)
    assert independent_trials_of_returns(np.zeros((5, 4))) == 1.0
    assert mean_pairwise_correlation(np.zeros((5, 4))) == 1.0


@pytest.mark.parametrize(("groups", "each"), [(1, 8), (4, 5), (10, 1)])
def test_planted_groups_are_counted(groups: int, each: int) -> None:
    assert independent_trials_by_clusters(_groups(groups, each)) == groups


def test_one_average_hides_groups_that_clusters_see() -> None:
    table = _groups(4, 25)
    assert independent_trials_by_clusters(table) == 4
    assert independent_trials_of_returns(table) > 70.0


def test_few_columns() -> None:
    assert independent_trials_by_clusters(np.zeros((9, 3))) == 1
    assert independent_trials_by_clusters(_groups(1, 1)) == 1


def test_wrong_input_is_refused() -> None:
    with pytest.raises(CallerError, match="at least 1 trial"):
        independent_trials(0.0, 0.1)
    with pytest.raises(CallerError, match="correlation of -1 to 1"):
        independent_trials(10, 1.1)
    with pytest.raises(CallerError, match="between -1 and 1"):
        independent_trials_by_clusters(_groups(2, 2), correlation=1.0)
    with pytest.raises(CallerError, match="at most 10000"):
        independent_trials_by_clusters(np.random.default_rng(1).standard_normal((2, 10_001)))


def _groups(groups: int, each: int) -> NDArray[np.float64]:
    rng = np.random.default_rng(groups)
    drivers = np.repeat(rng.standard_normal((400, groups)), each, axis=1)
    return drivers + 0.3 * rng.standard_normal((400, groups * each))
