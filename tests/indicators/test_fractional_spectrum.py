import numpy as np
import pytest

from undertow.indicators.fractional_spectrum import (
    EXPONENT_STEP,
    FIRST_EXPONENT,
    fractional_spectrum,
    spectral_density,
)


@pytest.mark.parametrize("exponent", [0.3, 0.5, 0.8])
def test_the_density_is_the_transform_of_the_autocovariance(exponent: float) -> None:
    # Ratios of the density between frequencies against a long sum over j.
    frequencies = np.array([0.1, 1.0, 3.0])
    j = np.arange(-200_000, 200_001)
    exact = [
        (1 - np.cos(w)) * np.sum(np.abs(w + 2 * np.pi * j) ** (-2 * exponent - 1))
        for w in frequencies
    ]
    found = [spectral_density(float(w), exponent) for w in frequencies]
    assert np.allclose(np.array(found) / found[0], np.array(exact) / exact[0], rtol=2e-3)


def test_white_noise_has_a_flat_spectrum() -> None:
    found = [spectral_density(w, 0.5) for w in (0.01, 0.5, 2.0, 3.14)]
    assert np.allclose(found, found[0], rtol=2e-5)


def test_tables_have_the_shapes_that_the_kernel_reads() -> None:
    tables = fractional_spectrum(99)
    assert tables.waves.shape == (2, 99, 49)
    assert tables.inverse.shape == (49, len(tables.log_mean))
    last = FIRST_EXPONENT + EXPONENT_STEP * (len(tables.log_mean) - 1)
    assert last == pytest.approx(0.98)


def test_the_error_shrinks_with_the_square_root_of_the_window() -> None:
    assert fractional_spectrum(99).error == pytest.approx(0.0698, abs=2e-4)
    ratio = fractional_spectrum(100).error / fractional_spectrum(400).error
    assert ratio == pytest.approx(2.0, rel=0.15)
