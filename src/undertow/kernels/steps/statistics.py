"""Statistics of the last values: spread, shape, dependence, straight lines."""

from math import atan, nan, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.cells.block_sum import block_sum
from undertow.kernels.cells.delay import delay
from undertow.kernels.cells.mean_deviation import mean_deviation
from undertow.kernels.cells.pattern_counts import pattern_entropy
from undertow.kernels.cells.window_covariance import window_covariance, window_means
from undertow.kernels.cells.window_moments import window_moments
from undertow.kernels.cells.window_regression import squares_off_line, window_regression
from undertow.kernels.cells.window_variance import window_variance
from undertow.kernels.columns.window_sums import window_sums
from undertow.kernels.columns.window_variances import window_variances
from undertow.kernels.compiled import cell
from undertow.kernels.step import Columns, Numbers, Step

NEAR = 512
"""Values that a sweep works on at a time when it goes over them more than once."""


def variance_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n, n / divisor. out: variance, mean."""
    mean, variance = window_variance(s, 0, x[0], int(p[0]))
    out[0] = variance * p[1]
    out[1] = mean


@cell
def quick_variance(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`variance_step` over a column."""
    variance = out[0]
    is_done = window_variances(columns[0], int(p[0]), s, out[1], variance)
    if p[1] != 1.0:
        for k in range(len(variance)):
            variance[k] *= p[1]
    return is_done


VARIANCE = Step(variance_step, quick_variance)


def deviation_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n, factor. out: standard deviation times the factor."""
    _, variance = window_variance(s, 0, x[0], int(p[0]))
    out[0] = sqrt(variance) * p[1]


@cell
def quick_deviation(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`deviation_step` over a column, some whole blocks at a time."""
    x, answers = columns[0], out[0]
    n, factor = int(p[0]), p[1]
    stretch = n * (1 + NEAR // n)
    mean = np.empty(stretch)
    for first in range(0, len(x), stretch):
        last = min(first + stretch, len(x))
        found = answers[first:last]
        if not window_variances(x[first:last], n, s, mean, found):
            return False
        for k in range(len(found)):
            found[k] = sqrt(found[k]) * factor
    return True


DEVIATION = Step(deviation_step, quick_deviation)


def distance_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n. out: distance from the mean in deviations, mean, deviation."""
    mean, variance = window_variance(s, 0, x[0], int(p[0]))
    deviation = sqrt(variance)
    out[0] = (x[0] - mean) / deviation if deviation > 0.0 else nan
    out[1] = mean
    out[2] = deviation


DISTANCE = Step(distance_step)


def mean_deviation_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n. out: mean distance from the mean."""
    out[0] = mean_deviation(s, 0, x[0], int(p[0]))[1]


MEAN_DEVIATION = Step(mean_deviation_step)


def skewness_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n. out: third moment per deviation cubed."""
    second, third, _ = window_moments(s, 0, x[0], int(p[0]))
    out[0] = third / (second * sqrt(second)) if second > 0.0 else nan


SKEWNESS = Step(skewness_step)


def kurtosis_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n. out: fourth moment per variance squared, less 3."""
    second, _, fourth = window_moments(s, 0, x[0], int(p[0]))
    out[0] = fourth / (second * second) - 3.0 if second > 0.0 else nan


KURTOSIS = Step(kurtosis_step)


def correlation_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: two values. p: n, answer where one does not vary. out: correlation."""
    x_variance, y_variance, both = window_covariance(s, 0, x[0], x[1], int(p[0]))
    out[0] = p[1]
    if not (x_variance == 0.0 or y_variance == 0.0):
        # Two roots: the product of two variances leaves the range of numbers sooner.
        value = both / (sqrt(x_variance) * sqrt(y_variance))
        out[0] = min(max(value, -1.0), 1.0) if value == value else nan


CORRELATION = Step(correlation_step)


def beta_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: two values. p: n. out: slope of the second's relative changes on the first's.

    s: 1 once there is a value before, both values before, `window_covariance`.
    """
    first, second = s[1], s[2]
    s[1], s[2] = x[0], x[1]
    out[0] = nan
    if s[0] == 0.0:
        s[0] = 1.0
        return
    dx = (x[0] - first) / first if first != 0.0 else 0.0
    dy = (x[1] - second) / second if second != 0.0 else 0.0
    variance, _, both = window_covariance(s, 3, dx, dy, int(p[0]))
    out[0] = both / variance if variance != 0.0 else 0.0


BETA = Step(beta_step)


def autocorrelation_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n, lag, where `window_variance` and `window_covariance` begin. out:
    autocorrelation.

    s: `delay`, the moments of n values, those of the n - lag pairs. The sum of products around the
    one mean is made of the covariance and the two means of the pairs.
    """
    n, lag = int(p[0]), int(p[1])
    pairs = n - lag
    out[0] = nan
    before = delay(s, 0, x[0], lag)
    mean, variance = window_variance(s, int(p[2]), x[0], n)
    if before != before:
        return
    _, _, both = window_covariance(s, int(p[3]), x[0], before, pairs)
    if variance > 0.0:
        late, early = window_means(s, int(p[3]), pairs)
        out[0] = pairs * (both + (late - mean) * (early - mean)) / (n * variance)


AUTOCORRELATION = Step(autocorrelation_step)


def entropy_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n, what each count adds. out: entropy of the orders of three."""
    out[0] = pattern_entropy(s, 0, x[0], int(p[0]), p)


ENTROPY = Step(entropy_step)


def regression_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n. out: end of the line, slope, intercept, angle, the value after the end."""
    intercept, slope = window_regression(s, 0, x[0], int(p[0]))
    out[0] = intercept + slope * (p[0] - 1.0)
    out[1] = slope
    out[2] = intercept
    out[3] = atan(slope) * (180.0 / pi)
    out[4] = intercept + slope * p[0]


REGRESSION = Step(regression_step)


def fit_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n, where `window_variance` begins. out: share explained, standard error."""
    n = int(p[0])
    _, slope = window_regression(s, 0, x[0], n)
    _, variance = window_variance(s, int(p[1]), x[0], n)
    rest = squares_off_line(variance, slope, n)
    out[0] = nan
    out[1] = nan
    if slope == slope:
        out[0] = 1.0 - rest / (n * variance) if variance > 0.0 else nan
        out[1] = sqrt(rest / (n - 2.0))


FIT = Step(fit_step)


def sum_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n. out: sum of the last n."""
    out[0] = block_sum(s, 0, x[0], int(p[0]))


@cell
def quick_sum(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`sum_step` over a column."""
    return window_sums(columns[0], int(p[0]), 1.0, s, out[0])


SUM = Step(sum_step, quick_sum)


@cell
def running_sum(s: Numbers, at: int, x: float) -> float:
    """Sum of all values so far; what rounding takes away is kept beside it (Neumaier 1974)."""
    before = s[at]
    total = before + x
    if abs(before) >= abs(x):
        s[at + 1] += (before - total) + x
    else:
        s[at + 1] += (x - total) + before
    s[at] = total
    return float(total + s[at + 1])


def cumulative_sum_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. out: sum of all so far. s: sum, what rounding took away."""
    out[0] = running_sum(s, 0, x[0])


CUMULATIVE_SUM = Step(cumulative_sum_step)
