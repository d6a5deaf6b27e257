"""Expected: by hand and scipy.stats (bias=True, fisher=False). Tolerance 1e-12 relative."""

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from undertow.stats import kurtosis, skewness


def test_by_hand() -> None:
    # -1, -1, 2: m2 = 2, m3 = 2, m4 = 6.
    assert skewness([-1.0, -1.0, 2.0]) == pytest.approx(2.0 / 2.0**1.5)
    assert kurtosis([-1.0, -1.0, 2.0]) == pytest.approx(6.0 / 4.0)
    assert kurtosis([-1.0, 1.0]) == 1.0


def test_agrees_with_scipy() -> None:
    table = np.random.default_rng(1).standard_t(4, (250, 3))
    assert skewness(table).tolist() == pytest.approx(scipy.stats.skew(table).tolist(), rel=1e-11)
    expected = scipy.stats.kurtosis(table, fisher=False)
    assert kurtosis(table).tolist() == pytest.approx(expected.tolist(), rel=1e-11)


def test_a_normal_has_zero_and_three() -> None:
    draws = np.random.default_rng(2).standard_normal(200_000)
    assert skewness(draws) == pytest.approx(0.0, abs=0.03)
    assert kurtosis(draws) == pytest.approx(3.0, abs=0.06)


def test_undefined_is_nan() -> None:
    for one in (skewness, kurtosis):
        assert np.isnan(one([0.1]))
        assert np.isnan(one([0.1, 0.1, 0.1]))
        assert np.isnan(one([]))


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=30), st.integers(2, 9))
def test_units_do_not_matter_and_signs_do(values: list[int], scale: int) -> None:
    array = np.array(values, dtype=float)
    assert skewness(-scale * array) == pytest.approx(-skewness(array), abs=1e-9, nan_ok=True)
    assert kurtosis(scale * array + 1) == pytest.approx(kurtosis(array), rel=1e-9, nan_ok=True)
