"""Expected: scikit-learn, sums by bin, and values worked by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn import metrics

from undertow.domain.errors import CallerError
from undertow.stats.forecast_calibration import (
    area_under_curve,
    brier_decomposition,
    brier_score,
    calibration_error,
    equal_mass_reliability_table,
    log_loss,
    reliability_table,
)


@given(st.integers(0, 10_000), st.integers(4, 60))
def test_scores_agree_with_scikit_learn(seed: int, count: int) -> None:
    outcomes, called = _forecasts(seed, count)
    outcomes[:2] = [0.0, 1.0]
    assert brier_score(outcomes, called) == pytest.approx(
        metrics.brier_score_loss(outcomes, called)
    )
    assert log_loss(outcomes, called) == pytest.approx(metrics.log_loss(outcomes, called))
    rounded = np.round(called, 1)
    expected = metrics.roc_auc_score(outcomes, rounded)
    assert area_under_curve(outcomes, rounded) == pytest.approx(expected)


@given(st.integers(0, 10_000), st.integers(1, 12))
def test_the_parts_add_up_to_the_score(seed: int, bins: int) -> None:
    outcomes, called = _forecasts(seed, 50)
    found = brier_decomposition(outcomes, called, bins=bins)
    total = found.reliability - found.resolution + found.uncertainty + found.within
    assert total == pytest.approx(brier_score(outcomes, called))
    on_grid = (np.minimum(np.floor(called * bins), bins - 1) + 0.5) / bins
    assert brier_decomposition(outcomes, on_grid, bins=bins).within == pytest.approx(0.0, abs=1e-12)


def test_a_table_by_hand() -> None:
    outcomes = [0, 1, 1, 0, 1, 1]
    called = [0.05, 0.1, 0.3, 0.35, 0.95, 1.0]
    found = reliability_table(outcomes, called, bins=10)
    assert [one.forecasts for one in found] == [1, 1, 2, 2]
    assert [one.lower for one in found] == [0.0, 0.1, 0.3, 0.9]  # left-closed: 0.3 is in 0.3-0.4
    assert found[2].forecast == pytest.approx(0.325)
    assert found[2].observed == 0.5
    error = calibration_error(found)
    expected = (0.05 + 0.9 + 2 * 0.175 + 2 * 0.025) / 6.0
    assert error.expected == pytest.approx(expected)
    assert error.maximum == pytest.approx(0.9)


def test_every_edge_belongs_to_the_bin_above() -> None:
    for bins in (3, 7, 10, 100):
        edges = np.arange(bins) / bins
        found = reliability_table(np.zeros(bins), edges, bins=bins)
        assert [one.forecasts for one in found] == [1] * bins


def test_bins_of_equal_mass() -> None:
    outcomes, called = _forecasts(96, 20)
    found = equal_mass_reliability_table(outcomes, called, bins=5)
    order = np.argsort(called)
    expected = [
        abs(outcomes[order[k : k + 4]].mean() - called[order[k : k + 4]].mean())
        for k in range(0, 20, 4)
    ]
    assert [one.forecasts for one in found] == [4] * 5
    assert calibration_error(found).expected == pytest.approx(np.mean(expected))
    assert calibration_error(found).maximum == pytest.approx(max(expected))
    assert [one.forecasts for one in equal_mass_reliability_table([1, 0], [0.2, 0.3], bins=5)] == [
        1,
        1,
    ]


def test_certain_and_wrong_is_dear_but_finite() -> None:
    assert log_loss([1], [0.0]) == pytest.approx(-np.log(np.finfo(float).eps))
    assert log_loss([0, 1], [0.0, 1.0]) == pytest.approx(0.0, abs=1e-15)


def test_ties_count_one_half() -> None:
    assert area_under_curve([0, 1, 0, 1], [0.1, 0.5, 0.5, 0.9]) == pytest.approx(0.875)


def test_nothing_to_judge_is_unknown() -> None:
    assert np.isnan([brier_score([], []), log_loss([], [])]).all()
    assert np.isnan(calibration_error(reliability_table([], []))).all()
    assert np.isnan(brier_decomposition([], [])).all()
    assert np.isnan(area_under_curve([1, 1], [0.2, 0.4]))


def test_wrong_input_is_refused() -> None:
    with pytest.raises(CallerError, match="outcomes of 0 or 1"):
        brier_score([2], [0.5])
    with pytest.raises(CallerError, match="probabilities of 0 to 1"):
        log_loss([1], [1.5])
    with pytest.raises(CallerError, match="probabilities for 1 outcomes, found 2"):
        brier_score([1], [0.5, 0.6])
    with pytest.raises(CallerError, match="at least 1 bin"):
        reliability_table([1], [0.5], bins=0)


def _forecasts(seed: int, count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rng = np.random.default_rng(seed)
    called = rng.random(count)
    return (rng.random(count) < called**1.3).astype(float), called
