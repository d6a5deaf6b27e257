"""Whether a price goes somewhere: directional movement, range against path, swing points."""

from math import isfinite, log10, nan

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.cells.average import AVERAGE_SIZE, average
from undertow.kernels.cells.average_kinds import exponential
from undertow.kernels.cells.block_sum import block_sum, block_sum_size
from undertow.kernels.cells.change import CHANGE_SIZE, change_since_last
from undertow.kernels.cells.delay import delay, delay_size
from undertow.kernels.cells.directional_movement import (
    DIRECTIONAL_SIZE,
    directional_movement,
    imbalance_of,
    price_movement,
    share_of,
)
from undertow.kernels.cells.true_range import TRUE_RANGE_SIZE, true_range
from undertow.kernels.cells.window_extreme import (
    bars_since_max,
    bars_since_min,
    bars_since_size,
    window_extreme_size,
    window_max,
    window_min,
)
from undertow.kernels.compiled import cell
from undertow.kernels.fused import fused
from undertow.kernels.step import Columns, Numbers, Step


@cell
def smoothed_imbalance(s: Numbers, at: int, dx: float, n: int) -> float:
    """Wilder's average of DX; one of -1, where nothing moved, is left out, as in TA-Lib.

    State (2): values seen up to n, average (their sum until then).
    """
    if s[at] < n:
        s[at] += 1.0
        s[at + 1] += max(dx, 0.0)
        if s[at] < n:
            return nan
        s[at + 1] /= n
    elif dx >= 0.0:
        s[at + 1] = fused(dx - s[at + 1], 1.0 / n, s[at + 1])
    return float(s[at + 1])


@cell
def adx_advance(s: Numbers, x: Numbers, n: int, out: Numbers) -> None:
    """`adx_step` with its n."""
    out[0] = out[1] = out[2] = nan
    if directional_movement(s, 0, x, n) < n:
        return
    out[1] = share_of(s[3], s[6])
    out[2] = share_of(s[4], s[6])
    dx = imbalance_of(out[1], out[2])
    out[0] = smoothed_imbalance(s, DIRECTIONAL_SIZE, dx, n)


def adx_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close. p: n. out: ADX, +DI, -DI."""
    adx_advance(s, x, int(p[0]), out)


@cell
def quick_adx(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`adx_step` over columns; what is no number stays in a sum."""
    high, low, close = columns[0], columns[1], columns[2]
    n = int(p[0])
    x, y = np.empty(3), np.empty(3)
    seen = 0.0
    i = 0
    while i < len(close) and s[DIRECTIONAL_SIZE] < n:
        x[0], x[1], x[2] = high[i], low[i], close[i]
        seen += high[i] + low[i] + close[i]
        adx_advance(s, x, n, y)
        out[0, i], out[1, i], out[2, i] = y[0], y[1], y[2]
        i += 1
    keep, share = (n - 1.0) / n, 1.0 / n
    top, bottom, plus, minus = s[1], s[2], s[3], s[4]
    before, span, index = s[5], s[6], s[DIRECTIONAL_SIZE + 1]
    # Counted from 0, so that no index can be negative and none is checked for it.
    high, low, close, values = high[i:], low[i:], close[i:], out[:, i:]
    for k in range(len(close)):
        up, down = high[k] - top, bottom - low[k]
        top, bottom = high[k], low[k]
        upper = top if top > before else before
        lower = bottom if bottom < before else before
        before = close[k]
        seen += top + bottom + before
        plus = fused(plus, keep, up if up > down and up > 0.0 else 0.0)
        minus = fused(minus, keep, down if down > up and down > 0.0 else 0.0)
        span = fused(span, keep, upper - lower)
        rise, fall = share_of(plus, span), share_of(minus, span)
        dx = imbalance_of(rise, fall)
        if dx >= 0.0:
            index = fused(dx - index, share, index)
        values[0, k], values[1, k], values[2, k] = index, rise, fall
    s[1], s[2], s[3], s[4] = top, bottom, plus, minus
    s[5], s[6], s[DIRECTIONAL_SIZE + 1] = before, span, index
    return isfinite(seen + plus + minus + span)


ADX = Step(adx_step, quick_adx)
ADX_SIZE = DIRECTIONAL_SIZE + 2


def adxr_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close. p: n. out: mean of the index now and n - 1 bars ago."""
    n = int(p[0])
    out[0] = nan
    if directional_movement(s, 0, x, n) == n:
        dx = imbalance_of(share_of(s[3], s[6]), share_of(s[4], s[6]))
        index = smoothed_imbalance(s, DIRECTIONAL_SIZE, dx, n)
        if index == index:
            out[0] = (index + delay(s, DIRECTIONAL_SIZE + 2, index, n - 1)) / 2.0


ADXR = Step(adxr_step)


def adxr_size(n: int) -> int:
    """State of `adxr_step`."""
    return ADX_SIZE + delay_size(n - 1)


def dx_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close. p: n. s: movement, last index. out: DX, +DI, -DI; the last index where
    nothing moved.
    """
    n = int(p[0])
    out[0] = out[1] = out[2] = nan
    if directional_movement(s, 0, x, n) == n:
        out[1] = share_of(s[3], s[6])
        out[2] = share_of(s[4], s[6])
        dx = imbalance_of(out[1], out[2])
        if dx >= 0.0:
            s[DIRECTIONAL_SIZE] = dx
        out[0] = s[DIRECTIONAL_SIZE]


DX = Step(dx_step)


def dm_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low. p: n. out: sums of +DM and -DM."""
    n = int(p[0])
    out[0] = out[1] = nan
    if price_movement(s, 0, x[0], x[1], n) >= max(n - 1, 1):
        out[0], out[1] = s[3], s[4]


DM = Step(dm_step)


def aroon_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low. p: n. out: up less down, up, down, of the last n + 1 bars."""
    n = int(p[0])
    since_high = bars_since_max(s, 0, x[0], n + 1, True)
    since_low = bars_since_min(s, n + 4, x[1], n + 1, True)
    out[1] = 100.0 * ((n - since_high) / n)
    out[2] = 100.0 * ((n - since_low) / n)
    out[0] = 100.0 * ((since_low - since_high) / n)


AROON = Step(aroon_step)


def aroon_size(n: int) -> int:
    """State of `aroon_step`."""
    return 2 * bars_since_size(n + 1)


def vortex_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close. p: n. s: true range, high and low before, three sums. out: VI+, VI-."""
    n = int(p[0])
    out[0] = out[1] = nan
    high, low = s[2], s[3]
    s[2], s[3] = x[0], x[1]
    span = true_range(s, 0, x[0], x[1], x[2])
    if span == span:
        rise = block_sum(s, 4, abs(x[0] - low), n)
        fall = block_sum(s, n + 7, abs(x[1] - high), n)
        span = block_sum(s, 2 * n + 10, span, n)
        if span == span:
            out[0] = rise / span if span > 0.0 else 0.0
            out[1] = fall / span if span > 0.0 else 0.0


VORTEX = Step(vortex_step)


def vortex_size(n: int) -> int:
    """State of `vortex_step`."""
    return TRUE_RANGE_SIZE + 2 + 3 * block_sum_size(n)


def vhf_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n. out: range over path."""
    n = int(p[0])
    out[0] = nan
    change = change_since_last(s, 0, x[0])
    high = window_max(s, 2, x[0], n)
    low = window_min(s, n + 5, x[0], n)
    if change == change:
        path = block_sum(s, 2 * n + 8, abs(change), n)
        if path == path:
            out[0] = (high - low) / path if path > 0.0 else 0.0


VHF = Step(vhf_step)


def vhf_size(n: int) -> int:
    """State of `vhf_step`."""
    return CHANGE_SIZE + 2 * window_extreme_size(n) + block_sum_size(n)


@cell
def is_peak(s: Numbers, at: int, x: float, left: int, right: int) -> float:
    """100 where the value `right` updates ago is above all `left` before it and all after it, else
    0; NaN until there are as many.

    State (left + 2 right + 9): what came after, the value then, what came before it.
    """
    pivot = delay(s, at, x, right)
    after = window_max(s, at + right + 2, x, right)
    if pivot != pivot:
        return nan
    at += 2 * right + 5
    is_full = s[at + 1] == left
    before = s[at]
    s[at] = window_max(s, at + 1, pivot, left)
    if not is_full:
        return nan
    return 100.0 if pivot > before and pivot > after else 0.0


def peak_size(left: int, right: int) -> int:
    """Numbers of state that `is_peak` needs."""
    return delay_size(right) + window_extreme_size(right) + 1 + window_extreme_size(left)


def fractal_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low. p: bars before, bars after. out: 100 at a swing high, 100 at a swing low."""
    left, right = int(p[0]), int(p[1])
    out[0] = is_peak(s, 0, x[0], left, right)
    out[1] = is_peak(s, left + 2 * right + 9, -x[1], left, right)


FRACTAL = Step(fractal_step)


def choppiness_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close. p: n. out: path of true ranges over range, as a power of n, percent."""
    n = int(p[0])
    out[0] = nan
    high = window_max(s, 2, x[0], n)
    low = window_min(s, n + 5, x[1], n)
    span = true_range(s, 0, x[0], x[1], x[2])
    if span == span:
        path = block_sum(s, 2 * n + 8, span, n)
        if path == path and high > low:
            out[0] = 100.0 * (log10(path / (high - low)) / log10(n))


CHOPPINESS = Step(choppiness_step)


def choppiness_size(n: int) -> int:
    """State of `choppiness_step`."""
    return TRUE_RANGE_SIZE + 2 * window_extreme_size(n) + block_sum_size(n)


def random_walk_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close. p: n, roots of 2 to n. s: true range, bars seen up to n, place, rings of
    highs, lows and true ranges. out: largest rise and fall over 2 to n bars in expected ranges.
    """
    n = int(p[0])
    place = int(s[3])
    highs, lows, spans = 4, 4 + n, 4 + 2 * n
    span = true_range(s, 0, x[0], x[1], x[2])
    out[0] = out[1] = nan
    if s[2] == n:
        total = span
        for k in range(1, n):
            there = place - k
            if there < 0:
                there += n
            total += s[spans + there]
            if total > 0.0:
                per_usual = p[k] / total
                there = there - 1 if there > 0 else n - 1
                rise = (x[0] - s[lows + there]) * per_usual
                fall = (s[highs + there] - x[1]) * per_usual
                if not out[0] >= rise:
                    out[0] = rise
                if not out[1] >= fall:
                    out[1] = fall
    s[highs + place], s[lows + place], s[spans + place] = x[0], x[1], span
    s[3] = 0.0 if place + 1 == n else place + 1.0
    if s[2] < n:
        s[2] += 1.0


RANDOM_WALK = Step(random_walk_step)


def random_walk_size(n: int) -> int:
    """State of `random_walk_step`."""
    return TRUE_RANGE_SIZE + 2 + 3 * n


def mass_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low. p: n of the averages, n of the sum. out: sum of single over double average."""
    n = int(p[0])
    out[0] = nan
    once = exponential(s, 0, x[0] - x[1], n)
    twice = exponential(s, 2, once, n) if once == once else nan
    if twice == twice:
        out[0] = block_sum(s, 4, once / twice if twice != 0.0 else 1.0, int(p[1]))


MASS = Step(mass_step)


def mass_size(n: int) -> int:
    """State of `mass_step`; `n` of the sum."""
    return 2 * AVERAGE_SIZE + block_sum_size(n)


def intensity_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n of the mean, n of the sums. out: share of deviations above, percent."""
    long, n = int(p[0]), int(p[1])
    out[0] = nan
    deviation = x[0] - block_sum(s, 0, x[0], long) / long
    if deviation == deviation:
        above = block_sum(s, long + 3, max(deviation, 0.0), n)
        below = block_sum(s, long + n + 6, max(-deviation, 0.0), n)
        if above + below > 0.0:
            out[0] = 100.0 * (above / (above + below))


INTENSITY = Step(intensity_step)


@cell
def macd_gap(s: Numbers, at: int, x: float, p: Numbers) -> float:
    """Histogram of the MACD with p: n fast, slow, signal and their shares; NaN until it is defined.

    State (7): values seen up to the slow n, slow, fast and signal average. The fast average starts
    late enough to be defined together with the slow one, as in TA-Lib.
    """
    fast, slow = p[0], p[1]
    low = average(s, at + 1, x, slow, p[4])
    if s[at] < slow:
        s[at] += 1.0
    if s[at] <= slow - fast:
        return nan
    line = average(s, at + 3, x, fast, p[3]) - low
    return line - average(s, at + 5, line, p[2], p[5]) if line == line else nan


def impulse_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: as `macd_gap`, n of the average. s: average before, histogram before, 1 once
    they are defined, average, `macd_gap`. out: 1 both rise, -1 both fall, else 0.
    """
    mean = exponential(s, 3, x[0], int(p[6]))
    gap = macd_gap(s, 5, x[0], p)
    out[0] = nan
    if gap != gap or mean != mean:
        return
    if s[2] == 1.0:
        out[0] = 0.0
        if mean > s[0] and gap > s[1]:
            out[0] = 1.0
        elif mean < s[0] and gap < s[1]:
            out[0] = -1.0
    s[0], s[1], s[2] = mean, gap, 1.0


IMPULSE = Step(impulse_step)
IMPULSE_SIZE = 12
