"""Where a price stands within what it has done lately."""

from math import log, nan

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.cells.average_kinds import (
    SIMPLE,
    average_of_kind,
    average_of_kind_size,
    exponential,
)
from undertow.kernels.cells.block_sum import block_sum, block_sum_size
from undertow.kernels.cells.mean_deviation import mean_deviation
from undertow.kernels.cells.relative_strength import RELATIVE_STRENGTH_SIZE, relative_strength
from undertow.kernels.cells.window_extreme import window_extreme_size, window_max, window_min
from undertow.kernels.columns.holes import holes
from undertow.kernels.columns.stretch import whole_blocks
from undertow.kernels.columns.window_ranges import window_ranges
from undertow.kernels.columns.window_sums import silence, window_sums
from undertow.kernels.compiled import cell
from undertow.kernels.step import Columns, Numbers, Step

Column = NDArray[np.float64]

STILL = 1e-9
"""Points of the index: what it moves by rounding alone while the price stands still is less."""


@cell
def place_of(x: float, low: float, high: float) -> float:
    """Place of x between low and high in percent; 0 where they are one, as in TA-Lib."""
    return 100.0 * ((x - low) / (high - low)) if high > low else 0.0


@cell
def smoothed_twice(s: Numbers, at: int, x: float, p: Numbers, out: Numbers) -> float:
    """out: average of x and average of that, when both are defined; 1 if they are.

    p: n and kind of the first, n and kind of the second. State: two of `average_of_kind`.
    """
    out[0] = out[1] = nan
    n = int(p[1])
    first = average_of_kind(s, at, x, n, int(p[2]))
    if first == first:
        second = average_of_kind(s, at + 2 * n + 4, first, int(p[3]), int(p[4]))
        if second == second:
            out[0], out[1] = first, second
            return 1.0
    return 0.0


def smoothed_size(first: int, second: int) -> int:
    """State of `smoothed_twice`."""
    return average_of_kind_size(first) + average_of_kind_size(second)


def stoch_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close. p: n; n and kind of %K; n and kind of %D. out: %K, %D."""
    n = int(p[0])
    high = window_max(s, 0, x[0], n)
    low = window_min(s, n + 3, x[1], n)
    out[0] = out[1] = nan
    if high == high:
        smoothed_twice(s, 2 * n + 6, place_of(x[2], low, high), p, out)


@cell
def simple_twice(x: Column, p: Numbers, s: Column, first: Column, second: Column) -> None:
    """`smoothed_twice` of two simple averages over a column."""
    n, m = int(p[1]), int(p[3])
    window_sums(x, n, float(n), s, first)
    start = silence(first, second)
    window_sums(first[start:], m, float(m), s[2 * n + 4 :], second[start:])
    for k in range(len(x)):
        first[k] = first[k] if second[k] == second[k] else nan


@cell
def quick_stoch(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`stoch_step` over columns where both averages are simple."""
    n = int(p[0])
    if p[2] != SIMPLE or p[4] != SIMPLE:
        return False
    length = whole_blocks(n)
    tops, bottoms = np.empty(length), np.empty(length)
    missing = 0
    for first in range(0, len(columns[2]), length):
        last = min(first + length, len(columns[2]))
        high, low, x = columns[0][first:last], columns[1][first:last], columns[2][first:last]
        top, bottom = tops[: len(x)], bottoms[: len(x)]
        once, twice = out[0, first:last], out[1, first:last]
        missing += window_ranges(high, low, n, s, top, bottom) + holes(x)
        start = max(silence(top, once), silence(top, twice))
        for k in range(len(x)):
            top[k] = place_of(x[k], bottom[k], top[k])
        simple_twice(top[start:], p, s[2 * n + 6 :], once[start:], twice[start:])
    return missing == 0


STOCH = Step(stoch_step, quick_stoch)


def stoch_size(n: int, first: int, second: int) -> int:
    """State of `stoch_step`."""
    return 2 * window_extreme_size(n) + smoothed_size(first, second)


def kdj_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """As `stoch_step`, and out: 3 %K - 2 %D."""
    n = int(p[0])
    high = window_max(s, 0, x[0], n)
    low = window_min(s, n + 3, x[1], n)
    out[0] = out[1] = out[2] = nan
    if high == high and smoothed_twice(s, 2 * n + 6, place_of(x[2], low, high), p, out) == 1.0:
        out[2] = 3.0 * out[0] - 2.0 * out[1]


KDJ = Step(kdj_step)


def stochrsi_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n of the place; n, kind twice; n of the index, its answer where nothing moved.
    out: %K, %D.
    """
    n = int(p[0])
    out[0] = out[1] = nan
    strength = relative_strength(s, 0, x[0], int(p[5]), p[6])
    if strength == strength:
        high = window_max(s, 4, strength, n)
        low = window_min(s, n + 7, strength, n)
        if high == high:
            place = place_of(strength, low, high) if high - low > STILL else 0.0
            smoothed_twice(s, 2 * n + 10, place, p, out)


STOCHRSI = Step(stochrsi_step)


def stochrsi_size(n: int, first: int, second: int) -> int:
    """State of `stochrsi_step`."""
    return RELATIVE_STRENGTH_SIZE + stoch_size(n, first, second)


def smi_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close. p: n, n slow, n fast, n signal. s: five averages, extremes. out: index,
    signal.
    """
    n, slow, fast = int(p[0]), int(p[1]), int(p[2])
    out[0] = out[1] = nan
    high = window_max(s, 10, x[0], n)
    low = window_min(s, n + 13, x[1], n)
    if high != high:
        return
    middle = exponential(s, 0, x[2] - (high + low) * 0.5, slow)
    span = exponential(s, 2, high - low, slow)
    if middle != middle:
        return
    middle = exponential(s, 4, middle, fast)
    span = 0.5 * exponential(s, 6, span, fast)
    if middle == middle:
        line = 100.0 * (middle / span) if span > 0.0 else 0.0
        signal = exponential(s, 8, line, int(p[3]))
        if signal == signal:
            out[0], out[1] = line, signal


SMI = Step(smi_step)


def smi_size(n: int) -> int:
    """State of `smi_step`."""
    return 10 + 2 * window_extreme_size(n)


def williams_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close. p: n. out: -100 to 0."""
    n = int(p[0])
    high = window_max(s, 0, x[0], n)
    low = window_min(s, n + 3, x[1], n)
    out[0] = nan
    if high == high:
        out[0] = -100.0 * ((high - x[2]) / (high - low)) if high > low else 0.0


@cell
def quick_williams(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`williams_step` over columns."""
    n, close, answers = int(p[0]), columns[2], out[0]
    length = whole_blocks(n)
    lowest = np.empty(length)
    missing = 0
    for first in range(0, len(close), length):
        last = min(first + length, len(close))
        high, low, x = columns[0][first:last], columns[1][first:last], close[first:last]
        top, bottom = answers[first:last], lowest[: last - first]
        missing += window_ranges(high, low, n, s, top, bottom) + holes(x)
        for k in range(len(x)):
            share = (top[k] - x[k]) / (top[k] - bottom[k])
            value = -100.0 * share if top[k] > bottom[k] else 0.0
            top[k] = value if top[k] == top[k] else nan
    return missing == 0


WILLIAMS = Step(williams_step, quick_williams)


def cci_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close. p: n. out: distance from the mean in mean deviations over 0.015."""
    # Of the sum of three prices, not their mean: the ratio is the same, with a rounding less.
    price = x[0] + x[1] + x[2]
    distance, deviation = mean_deviation(s, 0, price, int(p[0]))
    out[0] = nan
    if deviation == deviation:
        out[0] = distance / (0.015 * deviation) if deviation > 0.0 else 0.0


CCI = Step(cci_step)


def ultimate_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close. p: three n. s: 1 once there is a close, it, six sums. out: 0 to 100."""
    before = s[1]
    s[1] = x[2]
    out[0] = nan
    if s[0] == 0.0:
        s[0] = 1.0
        return
    bottom = min(x[1], before)
    span = max(x[0], before) - bottom
    at = 2
    total = 0.0
    weight = 4.0
    for k in range(3):
        n = int(p[k])
        buying = block_sum(s, at, x[2] - bottom, n)
        ranges = block_sum(s, at + n + 3, span, n)
        at += 2 * n + 6
        if ranges != ranges:
            total = nan
        elif ranges > 0.0:
            total += weight * (buying / ranges)
        weight /= 2.0
    out[0] = 100.0 * (total / 7.0)


ULTIMATE = Step(ultimate_step)


def ultimate_size(periods: tuple[int, ...]) -> int:
    """State of `ultimate_step`."""
    return 2 + 2 * sum(map(block_sum_size, periods))


def fisher_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low. p: n. s: smoothed place, transform, 1 once there is one, extremes. out:
    transform, the one before.
    """
    n = int(p[0])
    middle = (x[0] + x[1]) / 2.0
    high = window_max(s, 3, middle, n)
    low = window_min(s, n + 6, middle, n)
    out[0] = out[1] = nan
    if high != high:
        return
    place = (middle - low) / (high - low) - 0.5 if high > low else 0.0
    smooth = min(max(0.66 * place + 0.67 * s[0], -0.999), 0.999)
    value = 0.5 * log((1.0 + smooth) / (1.0 - smooth)) + 0.5 * s[1]
    if s[2] == 1.0:
        out[0], out[1] = value, s[1]
    s[0], s[1], s[2] = smooth, value, 1.0


FISHER = Step(fisher_step)


def fisher_size(n: int) -> int:
    """State of `fisher_step`."""
    return 3 + 2 * window_extreme_size(n)


@cell
def cycled(s: Numbers, at: int, x: float, n: int, share: float) -> float:
    """Smoothed place of x within its last n, in percent; a flat window repeats the place before.

    State (2 n + 9): place before, 1 once there is an average, it, two of `window_max`.
    """
    high = window_max(s, at + 3, x, n)
    low = window_min(s, at + n + 6, x, n)
    if high != high:
        return nan
    if high > low:
        s[at] = place_of(x, low, high)
    if s[at + 1] == 0.0:
        s[at + 1], s[at + 2] = 1.0, s[at]
    else:
        s[at + 2] += share * (s[at] - s[at + 2])
    return float(s[at + 2])


def schaff_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n fast, n slow, n cycle, share. s: two averages, two of `cycled`. out: cycle."""
    n = int(p[2])
    out[0] = nan
    line = exponential(s, 0, x[0], int(p[0])) - exponential(s, 2, x[0], int(p[1]))
    if line == line:
        once = cycled(s, 4, line, n, p[3])
        if once == once:
            out[0] = cycled(s, 2 * n + 13, once, n, p[3])


SCHAFF = Step(schaff_step)


def schaff_size(n: int) -> int:
    """State of `schaff_step`."""
    return 4 + 2 * (3 + 2 * window_extreme_size(n))
