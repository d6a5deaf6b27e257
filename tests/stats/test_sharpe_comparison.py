"""Expected: the definition written out with loops, and properties any such test must have."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import norm

from undertow.domain.errors import CallerError
from undertow.stats.long_run_variance import (
    long_run_covariance,
    prewhitened_long_run_covariance,
)
from undertow.stats.sharpe_comparison import sharpe_difference, sharpe_gradient


def test_it_is_its_definition() -> None:
    one, two = _pair(21, 120)
    ratios = [series.mean() / series.std(ddof=1) for series in (one, two)]
    means = np.array([one.mean(), two.mean(), (one**2).mean(), (two**2).mean()])
    gradient = np.array(
        [
            means[2] / (means[2] - means[0] ** 2) ** 1.5,
            -means[3] / (means[3] - means[1] ** 2) ** 1.5,
            -0.5 * means[0] / (means[2] - means[0] ** 2) ** 1.5,
            0.5 * means[1] / (means[3] - means[1] ** 2) ** 1.5,
        ]
    )
    spread = np.column_stack([one, two, one**2, two**2]) - means
    plain = long_run_covariance(spread, parameters=4)
    white = prewhitened_long_run_covariance(spread, parameters=4)
    found = sharpe_difference(one, two)
    assert found.difference == pytest.approx(ratios[0] - ratios[1])
    assert found.standard_error == pytest.approx(np.sqrt(gradient @ plain @ gradient / 120.0))
    expected = np.sqrt(gradient @ white @ gradient / 120.0)
    assert found.prewhitened_standard_error == pytest.approx(expected)
    score = abs(found.difference) / expected
    assert found.prewhitened_p_value == pytest.approx(2.0 * norm.sf(score))


@given(st.floats(-0.5, 0.5), st.floats(-0.5, 0.5), st.floats(0.1, 2.0), st.floats(0.1, 2.0))
def test_the_gradient_is_the_slope_of_the_difference(
    one: float, two: float, spread: float, other: float
) -> None:
    means = np.array([one, two, one**2 + spread, two**2 + other])

    def difference(at: NDArray[np.float64]) -> float:
        return float(at[0] / np.sqrt(at[2] - at[0] ** 2) - at[1] / np.sqrt(at[3] - at[1] ** 2))

    for place, slope in enumerate(sharpe_gradient(means)):
        step = np.zeros(4)
        step[place] = 1e-6
        expected = (difference(means + step) - difference(means - step)) / 2e-6
        assert slope == pytest.approx(expected, rel=1e-4, abs=1e-6)


def test_equal_series_and_levered_copies_do_not_differ() -> None:
    one, _ = _pair(22, 200)
    for other in (one, 3.0 * one, 0.1 * one):
        found = sharpe_difference(one, other)
        assert found.difference == pytest.approx(0.0, abs=1e-14)
        assert (found.standard_error, found.p_value, found.prewhitened_p_value) == (0.0, 1.0, 1.0)


def test_swapping_flips_the_sign_alone() -> None:
    one, two = _pair(23, 150)
    there, back = sharpe_difference(one, two), sharpe_difference(two, one)
    assert back.difference == -there.difference
    assert back[3:] == pytest.approx(there[3:])


def test_a_large_difference_is_found() -> None:
    one, two = _pair(24, 300)
    found = sharpe_difference(one + 0.02, two - 0.01)
    assert found.p_value < 1e-6
    assert found.difference > 1.0


def test_a_series_that_never_moves_has_no_answer() -> None:
    one, _ = _pair(25, 60)
    found = sharpe_difference(one, np.full(60, 0.001))
    assert found.first == pytest.approx(one.mean() / one.std(ddof=1))
    assert np.isnan([found.difference, found.standard_error, found.p_value]).all()


def test_wrong_input_is_refused() -> None:
    with pytest.raises(CallerError, match="same periods, found 60 and 50"):
        sharpe_difference(_pair(26, 60)[0], _pair(26, 50)[0])
    with pytest.raises(CallerError, match="at least 10"):
        sharpe_difference([0.1] * 5, [0.1] * 5)


def _pair(seed: int, rows: int) -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    drawn = rng.standard_t(6, (2, rows)) * 0.01
    drawn[1] = 0.5 * drawn[0] + 0.8 * drawn[1]
    moved: NDArray[np.float64] = drawn + np.array([[0.002], [0.001]])
    return moved
