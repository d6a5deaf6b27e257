"""Slow, plain averages and windows for writing an indicator's definition out.

Leading NaN are a warm-up: an average begins with the first number.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float64]


def rolling(x: Column, n: int, measure: Callable[[Column], float]) -> Column:
    """`measure` of each window of n, NaN before."""
    found = np.full(len(x), np.nan)
    for i in range(n - 1, len(x)):
        found[i] = measure(x[i - n + 1 : i + 1])
    return found


def mean(x: Column, n: int) -> Column:
    """Plain mean of the last n."""
    return rolling(x, n, lambda window: float(np.mean(window)))


def total(x: Column, n: int) -> Column:
    """Plain sum of the last n."""
    return rolling(x, n, lambda window: float(np.sum(window)))


def highest(x: Column, n: int) -> Column:
    """Largest of the last n."""
    return rolling(x, n, lambda window: float(np.max(window)))


def lowest(x: Column, n: int) -> Column:
    """Smallest of the last n."""
    return rolling(x, n, lambda window: float(np.min(window)))


def recursive(x: Column, n: int, share: float) -> Column:
    """average += share * (x - average) from the mean of the first n numbers on."""
    found = np.full(len(x), np.nan)
    start = int(np.argmax(np.isfinite(x))) + n - 1
    if not np.isfinite(x).any() or start >= len(x):
        return found
    found[start] = x[start - n + 1 : start + 1].mean()
    for i in range(start + 1, len(x)):
        found[i] = found[i - 1] + share * (x[i] - found[i - 1])
    return found


def ema(x: Column, n: int) -> Column:
    """Exponential average with weight 2 / (n + 1)."""
    return recursive(x, n, 2.0 / (n + 1))


def wilder(x: Column, n: int) -> Column:
    """Exponential average with weight 1 / n."""
    return recursive(x, n, 1.0 / n)


def shifted(x: Column, n: int) -> Column:
    """The value n before, NaN where there is none."""
    return np.concatenate([np.full(n, np.nan), x[:-n]])


def line_end(x: Column) -> float:
    """Where the least-squares line through x ends."""
    slope, intercept = np.polyfit(np.arange(len(x)), x, 1)
    return float(intercept + slope * (len(x) - 1))


def true_range(high: Column, low: Column, close: Column) -> Column:
    """Range with the gap before it; NaN for the first."""
    before = shifted(close, 1)
    return np.maximum(high, before) - np.minimum(low, before)


def same(ours: Column, expected: Column, rtol: float = 1e-10, atol: float = 1e-12) -> bool:
    """Numbers in the same places, and equal."""
    return bool(np.allclose(ours, expected, rtol=rtol, atol=atol, equal_nan=True))
