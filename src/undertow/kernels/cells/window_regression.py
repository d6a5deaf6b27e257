"""The straight line of least squares through the last n values."""

from math import nan

from undertow.kernels.cells.weighted_sum import weighted_sums
from undertow.kernels.compiled import cell
from undertow.kernels.step import Numbers


@cell
def window_regression(s: Numbers, at: int, x: float, n: int) -> tuple[float, float]:
    """Intercept and slope of the line through the last `n` values; NaN before there are n.

    The oldest value stands at 0 and the newest at n - 1: the line ends at intercept +
    slope * (n - 1). Needs n >= 2. A repeated value has slope exactly 0. State (2 n + 7): reference,
    how often the newest value was repeated, that value, `weighted_sums` of the distances from the
    reference. It is the first value: slopes do not depend on it, and digits are kept.
    """
    if s[at + 1] == 0.0:
        s[at] = x
    s[at + 1] = s[at + 1] + 1.0 if x == s[at + 2] else 1.0
    s[at + 2] = x
    rising, total = weighted_sums(s, at + 3, x - s[at], n)
    if rising != rising:
        return nan, nan
    if s[at + 1] >= n:
        return x, 0.0
    slope = (rising - total * (n + 1.0) * 0.5) * 12.0 / (n * (n * n - 1.0))
    return s[at] + total / n - slope * (n - 1.0) * 0.5, slope


@cell
def squares_off_line(variance: float, slope: float, n: int) -> float:
    """Sum of squared distances of n values from their line, from their variance and its slope."""
    return max(n * (variance - slope * slope * (n * n - 1.0) / 12.0), 0.0)


def window_regression_size(n: int) -> int:
    """Numbers of state that `window_regression` needs."""
    return 2 * n + 7
