"""Channels: a middle with bounds around it, and lines that follow a trend."""

from math import nan, sqrt

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.cells.average import average
from undertow.kernels.cells.average_range import AVERAGE_RANGE_SIZE, average_range
from undertow.kernels.cells.block_sum import block_sum
from undertow.kernels.cells.delay import delay
from undertow.kernels.cells.weighted_variance import running_variance, weighted_variance
from undertow.kernels.cells.window_extreme import window_max, window_min
from undertow.kernels.cells.window_regression import squares_off_line, window_regression
from undertow.kernels.cells.window_variance import window_variance
from undertow.kernels.columns.window_extremes import window_extremes
from undertow.kernels.columns.window_variances import window_variances
from undertow.kernels.compiled import cell
from undertow.kernels.step import Columns, Numbers, Step

NEAR = 512
"""Values that a sweep works on at a time when it goes over them more than once."""


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
    """`bollinger_step` over a column, some whole blocks at a time so that they stay near."""
    x, mean, upper, lower = columns[0], out[0], out[1], out[2]
    n, up, down = int(p[0]), p[1], p[2]
    stretch = n * (1 + NEAR // n)
    for first in range(0, len(x), stretch):
        last = min(first + stretch, len(x))
        middles, high, low = mean[first:last], upper[first:last], lower[first:last]
        if not window_variances(x[first:last], n, s, middles, high):
            return False
        for k in range(len(middles)):
            deviation = sqrt(high[k])
            high[k] = middles[k] + up * deviation
            low[k] = middles[k] - down * deviation
    return True


BOLLINGER = Step(bollinger_step, quick_bollinger)


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


@cell
def quick_donchian(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`donchian_step` over columns."""
    n = int(p[0])
    middle, high, low = out[0], out[1], out[2]
    is_done = window_extremes(columns[0], n, 1.0, s, high)
    is_done &= window_extremes(columns[1], n, -1.0, s[n + 3 :], low)
    for k in range(len(middle)):
        middle[k] = (high[k] + low[k]) / 2.0
    return is_done


DONCHIAN = Step(donchian_step, quick_donchian)


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
    middle = block_sum(s, AVERAGE_RANGE_SIZE, x[2], int(p[0])) / p[0]
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
