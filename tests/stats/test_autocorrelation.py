from math import exp, isnan, nan, pi, sqrt

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.stats.autocorrelation import autocorrelations, chi_squared_tail, ljung_box


def test_it_is_the_biased_estimate_with_one_mean() -> None:
    # Deviations -2, -1, 0, 1, 2: r1 = (2 + 0 + 0 + 2) / 10, r2 = (0 - 1 + 0) / 10.
    assert autocorrelations([1.0, 2.0, 3.0, 4.0, 5.0], 2).tolist() == [0.4, -0.1]


def test_it_is_not_the_correlation_of_the_slices() -> None:
    x = np.random.default_rng(2).standard_normal(30)
    slices = np.corrcoef(x[1:], x[:-1])[0, 1]
    assert abs(autocorrelations(x, 1)[0] - slices) > 1e-6


def test_ljung_box_by_hand() -> None:
    x = [1.0, 2.0, 3.0, 4.0, 5.0]
    found = ljung_box(x, 2)
    assert found.statistic == pytest.approx(35.0 * (0.16 / 4 + 0.01 / 3))
    assert found.p_value == pytest.approx(exp(-found.statistic / 2.0))


def test_ljung_box_has_its_size_on_noise() -> None:
    rng = np.random.default_rng(3)
    found = [ljung_box(rng.standard_normal(200), 5).p_value for _ in range(400)]
    assert np.mean(np.array(found) < 0.05) == pytest.approx(0.05, abs=0.03)


@pytest.mark.parametrize("degrees", [1, 2, 3, 4, 7, 10])
def test_the_tail_is_the_integral_of_the_density(degrees: int) -> None:
    x = np.linspace(3.0, 200.0, 400_001)
    density = x ** (degrees / 2 - 1) * np.exp(-x / 2)
    steps = (density[1:] + density[:-1]) / 2 * np.diff(x)
    gamma = {1: sqrt(pi), 2: 1.0, 3: sqrt(pi) / 2, 4: 1.0, 7: 15 * sqrt(pi) / 8, 10: 24.0}[degrees]
    expected = float(np.sum(steps)) / (2 ** (degrees / 2) * gamma)
    assert chi_squared_tail(3.0, degrees) == pytest.approx(expected, rel=1e-6)


def test_degenerate_inputs() -> None:
    assert np.all(np.isnan(autocorrelations(np.ones(9), 3)))
    assert isnan(ljung_box(np.ones(9), 3).p_value)
    assert chi_squared_tail(0.0, 3) == 1.0
    assert chi_squared_tail(float("inf"), 3) == 0.0
    assert isnan(chi_squared_tail(nan, 3))
    with pytest.raises(CallerError, match="lags"):
        autocorrelations([1.0, 2.0], 2)
    with pytest.raises(CallerError, match="degree"):
        chi_squared_tail(1.0, 0)
