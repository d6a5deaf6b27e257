"""Central moments of the last n values, gone over for every value."""

from math import nan

from undertow.kernels.compiled import cell
from undertow.kernels.step import Numbers


@cell
def window_moments(s: Numbers, at: int, x: float, n: int) -> tuple[float, float, float]:
    """Second, third and fourth central moment (divisor n) of the last `n`; NaN before there are n.

    A window of one repeated value has exactly 0. State (n + 2): values seen up to n, place in the
    ring, ring. Powers of distances have no running form that keeps its digits, so each value costs
    two passes over the window.
    """
    place = int(s[at + 1])
    ring = at + 2
    s[ring + place] = x
    s[at + 1] = (place + 1) % n
    if s[at] < n:
        s[at] += 1.0
        if s[at] < n:
            return nan, nan, nan
    shift = 0.0
    for k in range(n):
        shift += s[ring + k] - x
    mean = x + shift / n
    second = third = fourth = 0.0
    for k in range(n):
        d = s[ring + k] - mean
        square = d * d
        second += square
        third += square * d
        fourth += square * square
    return second / n, third / n, fourth / n


@cell
def window_autocorrelation(s: Numbers, at: int, x: float, n: int, lag: int) -> float:
    """Autocorrelation of the last `n` values at a lag; NaN before there are n and of a constant.

    sum (x_t - m)(x_(t - lag) - m) / sum (x_t - m)**2 with the one mean m of the window. State
    (n + 2) and cost as `window_moments`.
    """
    place = int(s[at + 1])
    ring = at + 2
    s[ring + place] = x
    oldest = (place + 1) % n
    s[at + 1] = oldest
    if s[at] < n:
        s[at] += 1.0
        if s[at] < n:
            return nan
    shift = 0.0
    for k in range(n):
        shift += s[ring + k] - x
    mean = x + shift / n
    products = squares = 0.0
    for k in range(n):
        d = s[ring + (oldest + k) % n] - mean
        squares += d * d
        if k >= lag:
            products += d * (s[ring + (oldest + k - lag) % n] - mean)
    return products / squares if squares > 0.0 else nan


def window_moments_size(n: int) -> int:
    """Numbers of state that `window_moments` and `window_autocorrelation` need."""
    return n + 2
