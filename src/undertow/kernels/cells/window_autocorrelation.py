"""How the last n values resemble themselves some values before."""

from math import nan

from undertow.kernels.compiled import cell
from undertow.kernels.step import Numbers


@cell
def window_autocorrelation(s: Numbers, at: int, x: float, n: int, lag: int) -> float:
    """Autocorrelation of the last `n` values at a lag; NaN before there are n and of a constant.

    sum (x_t - m)(x_(t - lag) - m) / sum (x_t - m)**2 with the one mean m of the window. State
    (n + 2): values seen up to n, place in the ring, ring. Each value costs two passes over it.
    """
    place = int(s[at + 1])
    ring = at + 2
    s[ring + place] = x
    oldest = place + 1 if place + 1 < n else 0
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
        d = s[ring + k] - mean
        squares += d * d
    # Pairs that stand `lag` apart in the ring and do not reach over the newest value.
    for k in range(oldest, n - lag):
        products += (s[ring + k] - mean) * (s[ring + k + lag] - mean)
    for k in range(max(oldest, n - lag), n):
        if k + lag - n < oldest:
            products += (s[ring + k] - mean) * (s[ring + k + lag - n] - mean)
    for k in range(oldest - lag):
        products += (s[ring + k] - mean) * (s[ring + k + lag] - mean)
    return products / squares if squares > 0.0 else nan


def window_autocorrelation_size(n: int) -> int:
    """Numbers of state that `window_autocorrelation` needs."""
    return n + 2
