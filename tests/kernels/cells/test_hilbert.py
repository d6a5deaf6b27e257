"""The Hilbert transformer and the dominant cycle of known waves."""

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.cells.hilbert import (
    CYCLE_SIZE,
    HILBERT_SIZE,
    SMOOTH_PERIOD,
    SMOOTHED_PRICE_SIZE,
    dominant_cycle,
    hilbert,
    smoothed_price,
)

Column = NDArray[np.float64]


def periods(x: Column) -> Column:
    memory = np.zeros(SMOOTHED_PRICE_SIZE + CYCLE_SIZE)
    found = []
    for value in x:
        smoothed = smoothed_price(memory, 0, value)
        dominant_cycle(memory, SMOOTHED_PRICE_SIZE, smoothed)
        found.append(memory[SMOOTHED_PRICE_SIZE + SMOOTH_PERIOD])
    return np.array(found)


@pytest.mark.parametrize("period", [12.0, 20.0, 30.0])
def test_the_period_of_a_wave_is_found(period: float) -> None:
    wave = 100.0 + np.sin(2.0 * np.pi * np.arange(300) / period)
    assert np.abs(periods(wave)[150:] - period).max() < 0.02 * period


def test_the_period_stays_within_its_limits() -> None:
    noise = np.random.default_rng(3).standard_normal(500)
    assert periods(noise)[60:].min() >= 6.0
    assert periods(noise)[60:].max() <= 50.0


def test_a_price_that_never_moves_keeps_the_last_period() -> None:
    still = periods(np.full(200, 7.25))
    assert np.all(np.isfinite(still))


def test_a_wave_is_turned_by_a_quarter() -> None:
    period = 18.0
    angle = 2.0 * np.pi * np.arange(200) / period
    memory = np.zeros(HILBERT_SIZE)
    gain = 0.075 * period + 0.54
    turned = np.array([hilbert(memory, 0, value, gain) for value in np.sin(angle)])
    late = 2.0 * np.pi * 3.0 / period
    expected = np.cos(angle - late)
    assert (
        np.abs(turned[6:] - expected[6:]).max() < 0.1
    )  # the gain is a straight line through the exact one


def test_the_taps_are_those_of_the_book() -> None:
    rng = np.random.default_rng(5)
    x = rng.standard_normal(40)
    memory = np.zeros(HILBERT_SIZE)
    found = np.array([hilbert(memory, 0, value, 2.0) for value in x])
    taps = np.array([0.0962, 0.0, 0.5769, 0.0, -0.5769, 0.0, -0.0962])
    assert np.allclose(found, 2.0 * np.convolve(x, taps)[:40], rtol=1e-12)


def test_four_prices_are_weighted_to_one() -> None:
    memory = np.zeros(SMOOTHED_PRICE_SIZE)
    found = [smoothed_price(memory, 0, value) for value in (1.0, 2.0, 3.0, 5.0)]
    assert found[-1] == pytest.approx((20.0 + 9.0 + 4.0 + 1.0) / 10.0)
