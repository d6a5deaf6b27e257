"""Expected: binomial coefficients, sums written out, and processes of known order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import binom

from undertow.domain.errors import CallerError
from undertow.stats.fractional_differencing import (
    differencing_weights,
    expanding_difference,
    fixed_width_difference,
    fixed_width_weights,
    least_differencing,
)


@given(st.floats(0.05, 1.95))
def test_the_weights_are_binomial(order: float) -> None:
    expected = [(-1.0) ** k * binom(order, k) for k in range(12)]
    assert differencing_weights(order, 12) == pytest.approx(expected, abs=1e-12)


def test_known_orders() -> None:
    assert differencing_weights(0.0, 4).tolist() == [1.0, 0.0, 0.0, 0.0]
    assert differencing_weights(1.0, 4).tolist() == [1.0, -1.0, 0.0, 0.0]
    assert differencing_weights(0.5, 4) == pytest.approx([1.0, -0.5, -0.125, -0.0625])


def test_the_width_ends_before_the_first_small_weight() -> None:
    weights = fixed_width_weights(0.4, 1e-4)
    whole = differencing_weights(0.4, len(weights) + 1)
    assert (np.abs(weights) >= 1e-4).all()
    assert abs(whole[-1]) < 1e-4
    assert fixed_width_weights(1.0).tolist() == [1.0, -1.0]
    assert fixed_width_weights(0.0).tolist() == [1.0]


def test_fixed_width_by_sums() -> None:
    values = np.cumsum(np.random.default_rng(91).standard_normal(80)) + 50.0
    weights = fixed_width_weights(0.6, 5e-3)
    found = fixed_width_difference(values, 0.6, threshold=5e-3)
    width = len(weights)
    assert np.isnan(found[: width - 1]).all()
    for row in range(width - 1, 80):
        expected = sum(weights[k] * values[row - k] for k in range(width))
        assert found[row] == pytest.approx(expected)
    assert np.isnan(fixed_width_difference(values[:20], 0.6, threshold=1e-5)).all()


def test_expanding_by_sums() -> None:
    values = np.cumsum(np.random.default_rng(92).standard_normal(40)) + 50.0
    weights = differencing_weights(0.3, 40)
    expected = [sum(weights[k] * values[row - k] for k in range(row + 1)) for row in range(40)]
    assert expanding_difference(values, 0.3) == pytest.approx(expected)
    assert expanding_difference(values, 1.0)[1:] == pytest.approx(np.diff(values))


def test_the_fourier_transform_agrees_with_sums() -> None:
    values = np.cumsum(np.random.default_rng(93).standard_normal(6000)) + 60_000.0
    weights = differencing_weights(0.4, 6000)
    exact = np.convolve(values, weights)[:6000]
    assert np.abs(expanding_difference(values, 0.4) - exact).max() < 1e-8
    fixed = fixed_width_weights(0.4, 1e-5)
    found = fixed_width_difference(values, 0.4)[len(fixed) - 1 :]
    assert np.abs(found - np.convolve(values, fixed, mode="valid")).max() < 1e-8


def test_orders_add_up() -> None:
    values = np.random.default_rng(94).standard_normal(300)
    twice = expanding_difference(expanding_difference(values, 0.3), 0.5)
    assert twice == pytest.approx(expanding_difference(values, 0.8))


def test_a_random_walk_needs_differencing_and_noise_does_not() -> None:
    rng = np.random.default_rng(96)
    walk = least_differencing(np.cumsum(rng.standard_normal(400)) + 9.0, step=0.25, threshold=0.01)
    assert 0.0 < walk.order <= 1.0
    assert walk.p_values[-1] <= 0.05 < walk.p_values[0]
    assert walk.correlations[0] == pytest.approx(1.0)
    noise = least_differencing(rng.standard_normal(400))
    assert noise.order == 0.0
    assert noise.width == 1


def test_nothing_found_is_unknown() -> None:
    found = least_differencing(
        np.cumsum(np.random.default_rng(96).standard_normal(400)), step=0.02, most=0.04
    )
    assert np.isnan(found.order)
    assert len(found.orders) == 3
    short = least_differencing(
        np.cumsum(np.random.default_rng(97).standard_normal(30)), step=0.3, most=0.3, threshold=1e-3
    )
    assert np.isnan(short.p_values[1])  # the window leaves fewer than 20 rows


def test_wrong_input_is_refused() -> None:
    with pytest.raises(CallerError, match="a threshold between 0 and 1"):
        fixed_width_weights(0.5, 0.0)
    with pytest.raises(CallerError, match="threshold reached in"):
        fixed_width_weights(-0.5, 1e-6)
    with pytest.raises(CallerError, match="size of 1 or more"):
        differencing_weights(0.5, 0)
    with pytest.raises(CallerError, match="step above 0"):
        least_differencing(np.arange(30.0), step=0.0)
