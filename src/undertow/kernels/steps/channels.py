"""Channels: a middle with bounds around it, and lines that follow a trend."""

from math import isfinite, nan, sqrt

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.cells.average import average
from undertow.kernels.cells.average_range import average_range
from undertow.kernels.cells.block_sum import block_sum
from undertow.kernels.cells.delay import delay
from undertow.kernels.cells.weighted_variance import running_variance, weighted_variance
from undertow.kernels.cells.window_extreme import window_max, window_min
from undertow.kernels.cells.window_regression import squares_off_line, window_regression
from undertow.kernels.cells.window_variance import (
    FAR,
    PLACE,
    REFERENCE,
    VALUES,
    window_variance,
)
from undertow.kernels.compiled import cell
from undertow.kernels.step import Columns, Numbers, Step


def bollinger_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n, deviations up, deviations down. out: mean, upper band, lower band."""
    out[0], out[1], out[2] = bands(x[0], p, s)


@cell
def bands(x: float, p: Numbers, s: Numbers) -> tuple[float, float, float]:
    """Mean of the window, the band above and the band below."""
    mean, variance = window_variance(s, 0, x, int(p[0]))
    deviation = sqrt(variance)
    return mean, mean + p[1] * deviation, mean - p[2] * deviation


@cell
def quick_bollinger(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`bollinger_step` over a column, whole blocks at once; False when one is not finite."""
    x = columns[0]
    mean, upper, lower = out[0], out[1], out[2]
    n = int(p[0])
    i = 0
    while i < len(x):
        if s[0] == n and s[PLACE] == 0.0:
            i = whole_blocks(x, i, p, s, out)
        stop = min(i + n - int(s[PLACE]), len(x))
        for k in range(i, stop):
            mean[k], upper[k], lower[k] = bands(x[k], p, s)
            if not isfinite(x[k]):
                return False
        i = stop
    return True


@cell
def whole_blocks(
    column: NDArray[np.float64],
    i: int,
    p: NDArray[np.float64],
    s: NDArray[np.float64],
    out: NDArray[np.float64],
) -> int:
    """Go over blocks of n values from `i` on; where the first begins that plain sums cannot do.

    The sums of a block come first, so that what is made of them is free of order and runs in
    parallel.
    """
    n = int(p[0])
    share, up, down = 1.0 / n, p[1], p[2]
    reference = s[REFERENCE]
    behind = s[VALUES + n : VALUES + n + n + 1].copy()
    squares_behind = s[VALUES + n + n + 1 : VALUES + n + n + n + 2].copy()
    start = i
    while i + n <= len(column):
        x, mean = column[i : i + n], out[0][i : i + n]
        upper, lower = out[1][i : i + n], out[2][i : i + n]
        total = squares = 0.0
        for k in range(n):
            d = x[k] - reference
            total += d
            squares += d * d
            mean[k] = total + behind[k + 1]
            upper[k] = squares + squares_behind[k + 1]
        if not isfinite(squares):
            break
        far = 0
        for k in range(n):
            total, squares = mean[k], upper[k]
            rest = squares - total * total * share
            far += rest < FAR * squares
            rest = rest if rest > 0.0 else 0.0
            deviation = sqrt(rest * share)
            middle = reference + total * share
            mean[k] = middle
            upper[k] = middle + up * deviation
            lower[k] = middle - down * deviation
        if far > 0:
            break
        reference = x[n - 1]
        total = squares = 0.0
        for k in range(n - 1, -1, -1):
            d = x[k] - reference
            total += d
            squares += d * d
            behind[k] = total
            squares_behind[k] = squares
        i += n
    if i > start:
        s[REFERENCE] = reference
        for k in range(n):
            s[VALUES + k] = column[i - n + k]
            s[VALUES + n + k] = behind[k]
            s[VALUES + n + n + 1 + k] = squares_behind[k]
    return i


BOLLINGER = Step(bollinger_step, quick_bollinger, finds_holes=True)


def percent_b_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n, deviations up, deviations down. out: place between the bands."""
    _, upper, lower = bands(x[0], p, s)
    out[0] = (x[0] - lower) / (upper - lower) if upper > lower else nan


PERCENT_B = Step(percent_b_step)


def bandwidth_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n, deviations up, deviations down. out: distance of the bands per mean."""
    mean, upper, lower = bands(x[0], p, s)
    out[0] = (upper - lower) / mean if mean != 0.0 else nan


BANDWIDTH = Step(bandwidth_step)


def envelope_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n, share. out: mean, mean and share more, mean and share less."""
    mean = block_sum(s, 0, x[0], int(p[0])) / p[0]
    out[0] = mean
    out[1] = mean + mean * p[1]
    out[2] = mean - mean * p[1]


ENVELOPE = Step(envelope_step)


def accbands_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close. p: n. out: mean close, means of high and low moved apart."""
    n = int(p[0])
    span = x[0] + x[1]
    share = 4.0 * (x[0] - x[1]) / span if span != 0.0 else 0.0
    out[0] = block_sum(s, 0, x[2], n) / n
    out[1] = block_sum(s, n + 3, x[0] * (1.0 + share), n) / n
    out[2] = block_sum(s, 2 * n + 6, x[1] * (1.0 - share), n) / n


ACCBANDS = Step(accbands_step)


def donchian_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low. p: n. out: middle, highest high, lowest low."""
    n = int(p[0])
    high = window_max(s, 0, x[0], n)
    low = window_min(s, n + 3, x[1], n)
    out[0] = (high + low) / 2.0
    out[1] = high
    out[2] = low


DONCHIAN = Step(donchian_step)


@cell
def around(middle: float, half: float, out: Numbers) -> None:
    """Middle, middle + half, middle - half; all of them NaN until both are defined."""
    upper = middle + half
    out[0] = middle if upper == upper else nan
    out[1] = upper
    out[2] = middle - half


def keltner_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close. p: n, share, bars of the range, ranges, bars each of both waits.

    out: middle, upper, lower. s: bars seen up to the longer wait, `average`, `average_range`. As
    in TA-Lib the one that needs fewer bars waits, so that both speak for the first time together.
    """
    middle = span = nan
    if s[0] >= p[4]:
        middle = average(s, 1, (x[0] + x[1] + x[2]) / 3.0, p[0], p[1])
    if s[0] >= p[5]:
        span = average_range(s, 3, x, int(p[2]))
    if s[0] < max(p[4], p[5]):
        s[0] += 1.0
    around(middle, p[3] * span, out)


KELTNER = Step(keltner_step)


def starc_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close. p: n, bars of the range, ranges. out: middle, upper, lower."""
    middle = block_sum(s, 4, x[2], int(p[0])) / p[0]
    around(middle, p[2] * average_range(s, 0, x, int(p[1])), out)


STARC = Step(starc_step)


def atr_bands_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close. p: bars of the range, ranges. out: close, upper, lower."""
    around(x[2], p[1] * average_range(s, 0, x, int(p[0])), out)


ATR_BANDS = Step(atr_bands_step)


def standard_error_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n, smoothing, errors, where each cell begins. out: line, upper, lower.

    s: `window_regression`, `window_variance`, two `block_sum`.
    """
    n, smoothing = int(p[0]), int(p[1])
    intercept, slope = window_regression(s, 0, x[0], n)
    _, variance = window_variance(s, int(p[3]), x[0], n)
    out[0] = out[1] = out[2] = nan
    if slope == slope:
        error = sqrt(squares_off_line(variance, slope, n) / (n - 2.0))
        line = block_sum(s, int(p[4]), intercept + slope * (n - 1.0), smoothing)
        half = p[2] * block_sum(s, int(p[5]), error, smoothing)
        around(line / smoothing, half / smoothing, out)


STANDARD_ERROR_BANDS = Step(standard_error_step)


def ichimoku_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low. p: conversion, base and span bars, displacement, where each cell begins.

    out: conversion line, base line, both spans of this bar, both of `displacement` bars ago. s:
    three times a `window_max` and a `window_min`, two `delay`.
    """
    conversion = middle_of(x, s, int(p[4]), int(p[0]))
    base = middle_of(x, s, int(p[5]), int(p[1]))
    slow = middle_of(x, s, int(p[6]), int(p[2]))
    fast = (conversion + base) / 2.0
    for k in range(6):
        out[k] = nan
    if fast + slow == fast + slow:
        before = delay(s, int(p[7]), fast, int(p[3]))
        slow_before = delay(s, int(p[8]), slow, int(p[3]))
        if before == before:
            out[0] = conversion
            out[1] = base
            out[2] = fast
            out[3] = slow
            out[4] = before
            out[5] = slow_before


@cell
def middle_of(x: Numbers, s: Numbers, at: int, n: int) -> float:
    """Middle between the highest x[0] and the lowest x[1] of n bars."""
    return (window_max(s, at, x[0], n) + window_min(s, at + n + 3, x[1], n)) / 2.0


ICHIMOKU = Step(ichimoku_step)


def vwap_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close, volume. p: n or 0, deviations. out: VWAP, deviation, upper, lower."""
    n = int(p[0])
    typical = (x[0] + x[1] + x[2]) / 3.0
    if n == 0:
        mean, variance = running_variance(s, 0, typical, x[3])
    else:
        mean, variance = weighted_variance(s, 0, typical, x[3], n)
    sigma = sqrt(variance)
    out[0] = mean
    out[1] = sigma
    out[2] = mean + p[1] * sigma
    out[3] = mean - p[1] * sigma


VWAP = Step(vwap_step)
