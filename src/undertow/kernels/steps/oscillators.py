"""Differences between averages: of prices, of changes, of volumes."""

from math import isfinite, nan, sqrt

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.cells.average import AVERAGE_SIZE, average, kept
from undertow.kernels.cells.average_kinds import (
    EXPONENTIAL,
    SIMPLE,
    average_of_kind,
    average_of_kind_size,
    exponential,
)
from undertow.kernels.cells.block_sum import block_sum, block_sum_size
from undertow.kernels.cells.change import CHANGE_SIZE, change_since_last
from undertow.kernels.cells.delay import delay, delay_size
from undertow.kernels.cells.true_range import TRUE_RANGE_SIZE, true_range
from undertow.kernels.cells.weighted_sum import weighted_sum, weighted_sum_size
from undertow.kernels.cells.window_extreme import window_extreme_size, window_max, window_min
from undertow.kernels.cells.window_regression import window_regression, window_regression_size
from undertow.kernels.cells.window_variance import window_variance, window_variance_size
from undertow.kernels.columns.exponentials import exponentials
from undertow.kernels.columns.stretch import common_blocks
from undertow.kernels.columns.window_sums import differences_averaged, window_sums
from undertow.kernels.compiled import cell
from undertow.kernels.fused import fused
from undertow.kernels.step import Columns, Numbers, Step

variance_size = cell(window_variance_size)

MACD_FIXED = 1 + 3 * AVERAGE_SIZE


@cell
def macd_averages(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n fast, slow, signal; their shares; kind, signal's kind. out: line, signal,
    difference.

    s: values seen up to the slow n, three averages. The fast average starts late enough to become
    defined together with the slow one, as in TA-Lib.
    """
    fast, slow, n = int(p[0]), int(p[1]), int(p[2])
    out[0] = out[1] = out[2] = nan
    if p[6] == EXPONENTIAL and p[7] == EXPONENTIAL:
        low = average(s, 3, x[0], slow, p[4])
        if s[0] < slow:
            s[0] += 1.0
        if s[0] <= slow - fast:
            return
        line = average(s, 1, x[0], fast, p[3]) - low
        if line == line:
            signal = average(s, 5, line, n, p[5])
            if signal == signal:
                out[0], out[1], out[2] = line, signal, line - signal
        return
    kind = int(p[6])
    low = average_of_kind(s, MACD_FIXED, x[0], slow, kind)
    if s[0] < slow:
        s[0] += 1.0
    if s[0] <= slow - fast:
        return
    at = MACD_FIXED + 2 * slow + 4
    line = average_of_kind(s, at, x[0], fast, kind) - low
    if line == line:
        signal = average_of_kind(s, at + 2 * fast + 4, line, n, int(p[7]))
        if signal == signal:
            out[0], out[1], out[2] = line, signal, line - signal


def macd_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """As `macd_averages`."""
    macd_averages(x, p, s, out)


@cell
def quick_macd(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`macd_step` over a column; averages that met no number never become one again."""
    x = columns[0]
    y = np.empty(3)
    seen = 0.0
    is_plain = p[6] == EXPONENTIAL and p[7] == EXPONENTIAL
    i = 0
    while i < len(x) and not (is_plain and s[5] >= p[2]):
        macd_averages(x[i:], p, s, y)
        seen += x[i]
        out[0, i], out[1, i], out[2, i] = y[0], y[1], y[2]
        i += 1
    keep_fast, keep_slow, keep_signal = kept(p[3]), kept(p[4]), kept(p[5])
    take_fast, take_slow, take_signal = 1.0 - keep_fast, 1.0 - keep_slow, 1.0 - keep_signal
    fast, slow, signal = s[2], s[4], s[6]
    # Counted from 0, so that no index can be negative and none is checked for it.
    x, values = x[i:], out[:, i:]
    for k in range(len(x)):
        fast = fused(fast, keep_fast, x[k] * take_fast)
        slow = fused(slow, keep_slow, x[k] * take_slow)
        line = fast - slow
        signal = fused(signal, keep_signal, line * take_signal)
        values[0, k], values[1, k], values[2, k] = line, signal, line - signal
    s[2], s[4], s[6] = fast, slow, signal
    return isfinite(seen + fast + slow + signal)


MACD = Step(macd_step, quick_macd)


def macd_size(fast: int, slow: int, signal: int) -> int:
    """State of `macd_step`."""
    return MACD_FIXED + sum(map(average_of_kind_size, (slow, fast, signal)))


def apo_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n fast, n slow, kind. out: fast less slow average."""
    slow, kind = int(p[1]), int(p[2])
    low = average_of_kind(s, 0, x[0], slow, kind)
    out[0] = average_of_kind(s, 2 * slow + 4, x[0], int(p[0]), kind) - low


@cell
def two_averages(
    x: NDArray[np.float64],
    p: Numbers,
    s: NDArray[np.float64],
    high: NDArray[np.float64],
    low: NDArray[np.float64],
) -> bool:
    """The fast and the slow average of `apo_step` over a column, where they are simple or
    exponential; False where not, or when it met a number that is none.
    """
    fast, slow, rest = int(p[0]), int(p[1]), s[2 * int(p[1]) + 4 :]
    if p[2] == SIMPLE:
        window_sums(x, fast, float(fast), rest, high)
        return window_sums(x, slow, float(slow), s, low)
    i = 0
    while i < len(x) and (s[0] < slow or rest[0] < fast):
        low[i] = exponential(s, 0, x[i], slow)
        high[i] = exponential(rest, 0, x[i], fast)
        i += 1
    exponentials(x[i:], fast, rest, high[i:])
    exponentials(x[i:], slow, s, low[i:])
    return bool(p[2] == EXPONENTIAL) and isfinite(s[1] + rest[1])


@cell
def quick_apo(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`apo_step` over a column."""
    length = common_blocks(int(p[0]), int(p[1]))
    lows = np.empty(length)
    is_done = True
    for first in range(0, len(columns[0]), length):
        x, values = columns[0][first : first + length], out[0, first : first + length]
        low = lows[: len(x)]
        is_done &= two_averages(x, p, s, values, low)
        for k in range(len(values)):
            values[k] -= low[k]
    return is_done


APO = Step(apo_step, quick_apo)


def ppo_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n fast, n slow, kind. out: as `apo_step`, percent of the slow average."""
    slow, kind = int(p[1]), int(p[2])
    low = average_of_kind(s, 0, x[0], slow, kind)
    high = average_of_kind(s, 2 * slow + 4, x[0], int(p[0]), kind)
    out[0] = 100.0 * ((high - low) / low) if low != 0.0 else 0.0


@cell
def quick_ppo(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`ppo_step` over a column."""
    length = common_blocks(int(p[0]), int(p[1]))
    lows = np.empty(length)
    is_done = True
    for first in range(0, len(columns[0]), length):
        x, values = columns[0][first : first + length], out[0, first : first + length]
        low = lows[: len(x)]
        is_done &= two_averages(x, p, s, values, low)
        for k in range(len(values)):
            share = (values[k] - low[k]) / low[k]
            values[k] = 100.0 * share if low[k] != 0.0 else 0.0
    return is_done


PPO = Step(ppo_step, quick_ppo)


def ao_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low. p: n fast, n slow. out: fast less slow mean of the midpoint."""
    middle = (x[0] + x[1]) / 2.0
    slow = block_sum(s, 0, middle, int(p[1])) / p[1]
    out[0] = block_sum(s, int(p[1]) + 3, middle, int(p[0])) / p[0] - slow


@cell
def quick_ao(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`ao_step` over columns."""
    fast, slow = int(p[0]), int(p[1])
    length = common_blocks(fast, slow)
    middles, means = np.empty(length), np.empty(length)
    is_done = True
    for first in range(0, len(columns[0]), length):
        high, low = columns[0][first : first + length], columns[1][first : first + length]
        values, middle, mean = (
            out[0, first : first + length],
            middles[: len(low)],
            means[: len(low)],
        )
        for k in range(len(middle)):
            middle[k] = (high[k] + low[k]) / 2.0
        is_done &= window_sums(middle, slow, p[1], s, mean)
        window_sums(middle, fast, p[0], s[slow + 3 :], values)
        for k in range(len(values)):
            values[k] -= mean[k]
    return is_done


AO = Step(ao_step, quick_ao)


def ac_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low. p: n fast, n slow, n signal. out: `ao_step` less its own mean."""
    fast, slow = int(p[0]), int(p[1])
    middle = (x[0] + x[1]) / 2.0
    low = block_sum(s, 0, middle, slow) / slow
    line = block_sum(s, slow + 3, middle, fast) / fast - low
    out[0] = line - block_sum(s, slow + fast + 6, line, int(p[2])) / p[2] if line == line else nan


AC = Step(ac_step)


def qstick_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: open, close. p: n. out: mean body."""
    out[0] = block_sum(s, 0, x[1] - x[0], int(p[0])) / p[0]


@cell
def quick_qstick(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`qstick_step` over columns."""
    return differences_averaged(columns[1], columns[0], int(p[0]), p[0], s, out[0])


QSTICK = Step(qstick_step, quick_qstick)


@cell
def twice(s: Numbers, at: int, x: float, first: int, second: int) -> float:
    """Exponential average of an exponential average; NaN until it is defined. State (4)."""
    once = exponential(s, at, x, first)
    return exponential(s, at + 2, once, second) if once == once else nan


def tsi_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n first, n second. out: index."""
    out[0] = nan
    change = change_since_last(s, 0, x[0])
    if change == change:
        first, second = int(p[0]), int(p[1])
        moved = twice(s, 2, change, first, second)
        path = twice(s, 6, abs(change), first, second)
        if path == path:
            out[0] = 100.0 * (moved / path) if path > 0.0 else 0.0


TSI = Step(tsi_step)
TSI_SIZE = CHANGE_SIZE + 4 * AVERAGE_SIZE


def trix_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n. s: three averages, 1 once there is one before, it. out: percent."""
    n = int(p[0])
    out[0] = nan
    double = twice(s, 0, x[0], n, n)
    triple = exponential(s, 4, double, n) if double == double else nan
    if triple == triple:
        if s[6] == 1.0:
            out[0] = (triple / s[7] - 1.0) * 100.0 if s[7] != 0.0 else 0.0
        s[6], s[7] = 1.0, triple


TRIX = Step(trix_step)
TRIX_SIZE = 3 * AVERAGE_SIZE + 2


@cell
def percent_change(s: Numbers, at: int, x: float, n: int) -> float:
    """Change over n values in percent; 0 from a value of 0. State as `delay`."""
    before = delay(s, at, x, n)
    return 100.0 * (x / before - 1.0) if before != 0.0 else 0.0


def coppock_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n of the average, n of the two changes. out: weighted average of their sum."""
    n, first, second = int(p[0]), int(p[1]), int(p[2])
    both = percent_change(s, 0, x[0], first) + percent_change(s, first + 2, x[0], second)
    out[0] = nan
    if both == both:
        out[0] = weighted_sum(s, first + second + 4, both, n) / (n * (n + 1) // 2)


COPPOCK = Step(coppock_step)


def coppock_size(n: int, first: int, second: int) -> int:
    """State of `coppock_step`."""
    return delay_size(first) + delay_size(second) + weighted_sum_size(n)


def kst_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: four n of changes, four n of means, n of the signal. out: sum, signal."""
    at = 0
    total = 0.0
    for k in range(4):
        change, n = int(p[k]), int(p[4 + k])
        moved = percent_change(s, at, x[0], change)
        at += change + 2
        mean = block_sum(s, at, moved, n) / n if moved == moved else nan
        at += n + 3
        total += (k + 1) * mean
    out[0] = out[1] = nan
    if total == total:
        signal = block_sum(s, at, total, int(p[8])) / p[8]
        if signal == signal:
            out[0], out[1] = total, signal


KST = Step(kst_step)


def elder_ray_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close. p: n. out: high and low less the average close."""
    mean = exponential(s, 0, x[2], int(p[0]))
    out[0] = x[0] - mean
    out[1] = x[1] - mean


ELDER_RAY = Step(elder_ray_step)


def pretty_good_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close. p: n. out: distance from the mean in average true ranges."""
    n = int(p[0])
    out[0] = nan
    mean = block_sum(s, 0, x[2], n) / n
    span = true_range(s, n + 3, x[0], x[1], x[2])
    if span == span:
        span = exponential(s, n + 3 + TRUE_RANGE_SIZE, span, n)
        out[0] = (x[2] - mean) / span if span > 0.0 else nan


PRETTY_GOOD = Step(pretty_good_step)


def pretty_good_size(n: int) -> int:
    """State of `pretty_good_step`."""
    return block_sum_size(n) + TRUE_RANGE_SIZE + AVERAGE_SIZE


def squeeze_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close. p: n, deviations, true ranges. out: momentum, 1 in a squeeze else 0."""
    n = int(p[0])
    out[0] = out[1] = nan
    high, low, close = x[0], x[1], x[2]
    at = variance_size(n)
    mean, variance = window_variance(s, 0, close, n)
    middle = (window_max(s, at, high, n) + window_min(s, at + n + 3, low, n)) / 2.0
    at += 2 * n + 6
    span = true_range(s, at, high, low, close)
    at += TRUE_RANGE_SIZE
    span = block_sum(s, at, span, n) / n if span == span else nan
    if middle == middle:
        intercept, slope = window_regression(s, at + n + 3, close - (middle + mean) / 2.0, n)
        if intercept == intercept:
            out[0] = intercept + slope * (n - 1)
            out[1] = 1.0 if p[1] * sqrt(variance) < p[2] * span else 0.0


SQUEEZE = Step(squeeze_step)


def squeeze_size(n: int) -> int:
    """State of `squeeze_step`."""
    windows = window_variance_size(n) + 2 * window_extreme_size(n) + block_sum_size(n)
    return windows + TRUE_RANGE_SIZE + window_regression_size(n)


@cell
def symmetric_four(s: Numbers, at: int, x: float) -> float:
    """Weights 1, 2, 2, 1 over six on the last four; NaN before. State (4): seen up to 3, they."""
    value = (x + 2.0 * s[at + 1] + 2.0 * s[at + 2] + s[at + 3]) / 6.0
    s[at + 3] = s[at + 2]
    s[at + 2] = s[at + 1]
    s[at + 1] = x
    if s[at] < 3.0:
        s[at] += 1.0
        return nan
    return float(value)


SYMMETRIC_SIZE = 4


def vigor_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: open, high, low, close. p: n. out: mean body over mean range, its signal.

    Without any range the index is 0: what goes on into the signal must be a number.
    """
    n = int(p[0])
    out[0] = out[1] = nan
    body = symmetric_four(s, 0, x[3] - x[0])
    span = symmetric_four(s, 4, x[1] - x[2])
    if body == body:
        body = block_sum(s, 12, body, n)
        span = block_sum(s, n + 15, span, n)
        if body == body:
            line = body / span if span > 0.0 else 0.0
            signal = symmetric_four(s, 8, line)
            if signal == signal:
                out[0], out[1] = line, signal


VIGOR = Step(vigor_step)


def vigor_size(n: int) -> int:
    """State of `vigor_step`."""
    return 3 * SYMMETRIC_SIZE + 2 * block_sum_size(n)


def wavetrend_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close. p: n channel, n average, n signal. out: wave, its mean."""
    out[0] = out[1] = nan
    price, n = (x[0] + x[1] + x[2]) / 3.0, int(p[0])
    mean = exponential(s, 0, price, n)
    if mean == mean:
        distance = price - mean
        usual = exponential(s, 2, abs(distance), n)
        if usual == usual:
            channel = distance / (0.015 * usual) if usual > 0.0 else 0.0
            wave = exponential(s, 4, channel, int(p[1]))
            if wave == wave:
                signal = block_sum(s, 6, wave, int(p[2])) / p[2]
                if signal == signal:
                    out[0], out[1] = wave, signal


WAVETREND = Step(wavetrend_step)
