"""Steps that look back over a measured cycle, beside a plain count of the same bars."""

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.step import Step
from undertow.kernels.steps import cycle as steps

Column = NDArray[np.float64]


def run(step: Step, size: int, x: Column) -> Column:
    out = np.full((1, len(x)), np.nan)
    step.run((x,), np.array([63.0, 37.0]), np.zeros(size), out)
    return np.asarray(out[0], np.float64)


def test_the_trendline_is_the_mean_of_one_cycle_smoothed() -> None:
    rng = np.random.default_rng(4)
    x = 100.0 + np.sin(np.arange(300) / 3.0) + 0.1 * rng.standard_normal(300)
    period = np.full((1, 300), np.nan)
    steps.PERIOD.run((x,), np.array([63.0, 37.0]), np.zeros(steps.CYCLE_STEP_SIZE), period)
    line = run(steps.TRENDLINE, steps.TRENDLINE_STEP_SIZE, x)
    means = [x[i - int(period[0, i] + 0.5) + 1 : i + 1].mean() for i in range(63, 300)]
    weights = np.array([4.0, 3.0, 2.0, 1.0]) / 10.0
    expected = np.convolve(means, weights, "valid")
    assert np.allclose(line[66:], expected, rtol=1e-12)


def test_the_phase_is_that_of_the_fourier_sum_over_one_cycle() -> None:
    x = 100.0 + 2.0 * np.sin(2.0 * np.pi * np.arange(300) / 24.0 + 1.0)
    phase = run(steps.PHASE, steps.PHASE_STEP_SIZE, x)
    truth = (360.0 * np.arange(300) / 24.0 + np.degrees(1.0)) % 360.0
    gap = (phase[200:] - truth[200:] + 180.0) % 360.0 - 180.0
    assert np.abs(gap).max() < 15.0
