"""Moving averages."""

from math import exp, isfinite, log, nan

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.cells.average import average, kept
from undertow.kernels.cells.block_sum import block_sum
from undertow.kernels.cells.delay import delay
from undertow.kernels.cells.shaped_sum import shaped_sum
from undertow.kernels.cells.weighted_sum import weighted_sum
from undertow.kernels.cells.wilder_average import EARLIER, LATEST, wilder_average
from undertow.kernels.cells.window_extreme import window_max, window_min
from undertow.kernels.columns.delays import end_delay
from undertow.kernels.columns.holes import holes
from undertow.kernels.columns.stretch import whole_blocks
from undertow.kernels.columns.wilder_averages import wilder_averages
from undertow.kernels.columns.window_ranges import window_ranges
from undertow.kernels.columns.window_sums import silence, weighted_means, window_sums
from undertow.kernels.compiled import cell
from undertow.kernels.fused import fused
from undertow.kernels.step import Columns, Numbers, Step


def ema_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n, share. out: average."""
    out[0] = average(s, 0, x[0], p[0], p[1])


@cell
def quick_ema(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`ema_step` over a column; an average that met no number never becomes one again."""
    x = columns[0]
    n, share = p[0], p[1]
    i = 0
    while i < len(x) and s[0] < n:
        out[0, i] = average(s, 0, x[i], n, share)
        i += 1
    keep, value = kept(share), s[1]
    take = 1.0 - keep
    # Counted from 0, so that no index can be negative and none is checked for it.
    x, answers = x[i:], out[0, i:]
    for k in range(len(x)):
        value = fused(value, keep, x[k] * take)
        answers[k] = value
    s[1] = value
    return isfinite(value)


EMA = Step(ema_step, quick_ema)


def sma_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n. out: mean of the last n."""
    out[0] = block_sum(s, 0, x[0], int(p[0])) / p[0]


@cell
def quick_sma(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`sma_step` over a column."""
    return window_sums(columns[0], int(p[0]), p[0], s, out[0])


SMA = Step(sma_step, quick_sma)


def rma_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n. out: Wilder's average."""
    out[0] = wilder_average(s, 0, x[0], int(p[0]))


@cell
def quick_rma(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`rma_step` over a column; an average that met no number never becomes one again."""
    x, answers = columns[0], out[0]
    n = int(p[0])
    i = 0
    while i < len(x) and s[0] <= n:
        answers[i] = wilder_average(s, 0, x[i], n)
        i += 1
    wilder_averages(x[i:], n, s, answers[i:])
    return isfinite(s[LATEST] + s[EARLIER])


RMA = Step(rma_step, quick_rma)


def wma_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n, sum of the weights. out: mean with weights 1 to n."""
    out[0] = weighted_sum(s, 0, x[0], int(p[0])) / p[1]


@cell
def quick_wma(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`wma_step` over a column."""
    return weighted_means(columns[0], int(p[0]), p[1], s, out[0])


WMA = Step(wma_step, quick_wma)


def dema_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n, share. out: 2 * average - average of the average."""
    out[0] = nan
    first = average(s, 0, x[0], p[0], p[1])
    if first == first:
        out[0] = 2.0 * first - average(s, 2, first, p[0], p[1])


@cell
def quick_dema(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`dema_step` over a column; an average that met no number never becomes one again."""
    x, answers = columns[0], out[0]
    n, share = p[0], p[1]
    i = 0
    while i < len(x) and s[2] < n:
        answers[i] = nan
        first = average(s, 0, x[i], n, share)
        if first == first:
            answers[i] = 2.0 * first - average(s, 2, first, n, share)
        i += 1
    keep, first, second = kept(share), s[1], s[3]
    take = 1.0 - keep
    x, answers = x[i:], answers[i:]
    for k in range(len(x)):
        first = fused(first, keep, x[k] * take)
        second = fused(second, keep, first * take)
        answers[k] = 2.0 * first - second
    s[1], s[3] = first, second
    return isfinite(first)


DEMA = Step(dema_step, quick_dema)


def tema_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n, share. out: three averages of averages, 3 : -3 : 1."""
    out[0] = tema(x[0], p[0], p[1], s)


@cell
def tema(x: float, n: float, share: float, s: Numbers) -> float:
    """The triple average; NaN before it is defined."""
    first = average(s, 0, x, n, share)
    if first != first:
        return nan
    second = average(s, 2, first, n, share)
    if second != second:
        return nan
    return 3.0 * (first - second) + average(s, 4, second, n, share)


@cell
def quick_tema(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`tema_step` over a column; an average that met no number never becomes one again."""
    x, answers = columns[0], out[0]
    n, share = p[0], p[1]
    i = 0
    while i < len(x) and s[4] < n:
        answers[i] = tema(x[i], n, share, s)
        i += 1
    keep, first, second, third = kept(share), s[1], s[3], s[5]
    take = 1.0 - keep
    x, answers = x[i:], answers[i:]
    for k in range(len(x)):
        first = fused(first, keep, x[k] * take)
        second = fused(second, keep, first * take)
        third = fused(third, keep, second * take)
        answers[k] = 3.0 * (first - second) + third
    s[1], s[3], s[5] = first, second, third
    return isfinite(first)


TEMA = Step(tema_step, quick_tema)


def t3_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n, share, weights of the sixth to the third of six nested averages."""
    value = x[0]
    for k in range(6):
        value = average(s, 2 * k, value, p[0], p[1])
        if value != value:
            break
    out[0] = p[2] * value + p[3] * s[9] + p[4] * s[7] + p[5] * s[5]


@cell
def quick_t3(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`t3_step` over a column; an average that met no number never becomes one again."""
    x, answers = columns[0], out[0]
    n, share = p[0], p[1]
    i = 0
    while i < len(x) and s[10] < n:
        value = x[i]
        for k in range(6):
            value = average(s, 2 * k, value, n, share)
            if value != value:
                break
        answers[i] = p[2] * value + p[3] * s[9] + p[4] * s[7] + p[5] * s[5]
        i += 1
    first, second, third, fourth, fifth, sixth = s[1], s[3], s[5], s[7], s[9], s[11]
    keep = kept(share)
    take = 1.0 - keep
    x, answers = x[i:], answers[i:]
    for k in range(len(x)):
        first = fused(first, keep, x[k] * take)
        second = fused(second, keep, first * take)
        third = fused(third, keep, second * take)
        fourth = fused(fourth, keep, third * take)
        fifth = fused(fifth, keep, fourth * take)
        sixth = fused(sixth, keep, fifth * take)
        answers[k] = p[2] * sixth + p[3] * fifth + p[4] * fourth + p[5] * third
    s[1], s[3], s[5], s[7], s[9], s[11] = first, second, third, fourth, fifth, sixth
    return isfinite(first)


T3 = Step(t3_step, quick_t3)


def trima_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: shorter and longer half. out: simple average of a simple average."""
    out[0] = nan
    inner = block_sum(s, 0, x[0], int(p[0]))
    if inner == inner:
        out[0] = block_sum(s, int(p[0]) + 3, inner, int(p[1])) / (p[0] * p[1])


@cell
def quick_trima(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`trima_step` over a column."""
    x, answers = columns[0], out[0]
    inner, outer = int(p[0]), int(p[1])
    length = whole_blocks(inner * outer)
    found = np.empty(length)
    is_done = True
    for first in range(0, len(x), length):
        last = min(first + length, len(x))
        sums, means = found[: last - first], answers[first:last]
        is_done &= window_sums(x[first:last], inner, 1.0, s, sums)
        start = silence(sums, means)
        window_sums(sums[start:], outer, p[0] * p[1], s[inner + 3 :], means[start:])
    return is_done


TRIMA = Step(trima_step, quick_trima)


def kama_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n, root of the share without a trend, what a trend adds to it. out: average.

    s: value before, average, 0 for the first value, 2 once there is an average, `delay` of the
    values, `block_sum` of the moves.
    """
    n = int(p[0])
    before = s[0]
    s[0] = x[0]
    out[0] = nan
    old = delay(s, 3, x[0], n)
    if s[2] == 0.0:
        s[2] = 1.0
        return
    path = block_sum(s, n + 5, abs(x[0] - before), n)
    if path != path:
        return
    if s[2] == 1.0:
        s[2] = 2.0
        s[1] = before
    share = p[1] + p[2] * (abs(x[0] - old) / path if path > 0.0 else 1.0)
    keep = kept(share * share)
    s[1] = fused(s[1], keep, x[0] * (1.0 - keep))
    out[0] = s[1]


kama_bar = cell(kama_step)


@cell
def quick_kama(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`kama_step` over a column."""
    x, answers, n = columns[0], out[0], int(p[0])
    length = whole_blocks(n)
    found, paths, y = np.empty(length), np.empty(length), np.empty(1)
    first = 0
    while first < len(x) and (first <= n or s[n + 6] != 0.0 or s[2] != 2.0):
        kama_bar(x[first:], p, s, y)
        answers[first] = y[0]
        first += 1
    missing = holes(x[:first])
    value = s[1]
    while first < len(x):
        last = min(first + length, len(x))
        now, before, old = x[first:last], x[first - 1 : last - 1], x[first - n : last - n]
        moves, path, means = found[: len(now)], paths[: len(now)], answers[first:last]
        missing += holes(now)
        for k in range(len(now)):
            moves[k] = abs(now[k] - before[k])
        window_sums(moves, n, 1.0, s[n + 5 :], path)
        for k in range(len(now)):
            distance = abs(now[k] - old[k]) / path[k]
            share = p[1] + p[2] * (distance if path[k] > 0.0 else 1.0)
            moves[k] = kept(share * share)
        for k in range(len(now)):
            value = fused(value, moves[k], now[k] * (1.0 - moves[k]))
            means[k] = value
        first = last
    s[0], s[1] = x[len(x) - 1] if len(x) > 0 else s[0], value
    end_delay(x, n, s[3:])
    return missing == 0


KAMA = Step(kama_step, quick_kama)


def hma_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n, half of it, root of it. out: average.

    s: `weighted_sum` of n, of the half, and of the differences.
    """
    n, half, root = int(p[0]), int(p[1]), int(p[2])
    out[0] = nan
    slow = weighted_sum(s, 0, x[0], n)
    fast = weighted_sum(s, 2 * n + 4, x[0], half)
    if slow == slow:
        ahead = 2.0 * (fast / (half * (half + 1) // 2)) - slow / (n * (n + 1) // 2)
        total = weighted_sum(s, 2 * (n + half) + 8, ahead, root)
        out[0] = total / (root * (root + 1) // 2)


@cell
def quick_hma(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`hma_step` over a column."""
    x, fast = columns[0], out[0]
    n, half, root = int(p[0]), int(p[1]), int(p[2])
    ahead = np.empty(len(x))
    if not weighted_means(x, n, n * (n + 1) // 2, s, ahead):
        return False
    weighted_means(x, half, half * (half + 1) // 2, s[2 * n + 4 :], fast)
    for k in range(len(x)):
        ahead[k] = 2.0 * fast[k] - ahead[k]
    start = silence(ahead, fast)
    rest = s[2 * (n + half) + 8 :]
    return weighted_means(ahead[start:], root, root * (root + 1) // 2, rest, fast[start:])


HMA = Step(hma_step, quick_hma)


def ehma_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n, half of it, root of it. out: `hma_step` with exponential averages."""
    out[0] = nan
    slow = average(s, 0, x[0], p[0], 2.0 / (p[0] + 1.0))
    fast = average(s, 2, x[0], p[1], 2.0 / (p[1] + 1.0))
    if slow == slow:
        out[0] = average(s, 4, 2.0 * fast - slow, p[2], 2.0 / (p[2] + 1.0))


EHMA = Step(ehma_step)


def zlema_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n, share, lag. out: average of 2 * value - value `lag` bars ago."""
    old = x[0]
    if p[2] > 0.0:
        old = delay(s, 2, x[0], int(p[2]))
    out[0] = nan
    if old == old:
        out[0] = average(s, 0, 2.0 * x[0] - old, p[0], p[1])


ZLEMA = Step(zlema_step)


def vwma_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value, volume. p: n. out: mean of the last n weighted by volume."""
    n = int(p[0])
    paid = block_sum(s, 0, x[0] * x[1], n)
    volume = block_sum(s, n + 3, x[1], n)
    out[0] = paid / volume if volume != 0.0 else nan


@cell
def quick_vwma(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`vwma_step` over columns."""
    x, volume = columns
    n = int(p[0])
    paid = np.empty(len(x))
    for k in range(len(x)):
        paid[k] = x[k] * volume[k]
    is_done = window_sums(paid, n, 1.0, s, out[0])
    is_done &= window_sums(volume, n, 1.0, s[n + 3 :], paid)
    for k in range(len(x)):
        out[0, k] = out[0, k] / paid[k] if paid[k] != 0.0 else nan
    return is_done


VWMA = Step(vwma_step, quick_vwma)


def evwma_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value, volume. p: n. out: average that moves by the bar's share in the volume of n bars.

    s: average, 1 once there is one, `block_sum` of the volume.
    """
    volume = block_sum(s, 2, x[1], int(p[0]))
    out[0] = nan
    if volume == volume:
        if s[1] == 0.0:
            s[1] = 1.0
            s[0] = x[0]
        if volume > 0.0:
            s[0] += (x[0] - s[0]) * (x[1] / volume)
        out[0] = s[0]


EVWMA = Step(evwma_step)


def midpoint_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n. out: middle between the largest and the smallest of the last n."""
    n = int(p[0])
    out[0] = (window_max(s, 0, x[0], n) + window_min(s, n + 3, x[0], n)) / 2.0


@cell
def quick_middle(
    high: NDArray[np.float64],
    low: NDArray[np.float64],
    n: int,
    s: NDArray[np.float64],
    out: NDArray[np.float64],
) -> bool:
    """Middle between the highest of one column and the lowest of another."""
    length = whole_blocks(n)
    lowest = np.empty(length)
    missing = 0
    for first in range(0, len(out), length):
        last = min(first + length, len(out))
        top, bottom = out[first:last], lowest[: last - first]
        missing += window_ranges(high[first:last], low[first:last], n, s, top, bottom)
        for k in range(len(top)):
            top[k] = (top[k] + bottom[k]) / 2.0
    return missing == 0


@cell
def quick_midpoint(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`midpoint_step` over a column."""
    return quick_middle(columns[0], columns[0], int(p[0]), s, out[0])


MIDPOINT = Step(midpoint_step, quick_midpoint)


def midprice_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low. p: n. out: middle between the highest high and the lowest low of n."""
    n = int(p[0])
    out[0] = (window_max(s, 0, x[0], n) + window_min(s, n + 3, x[1], n)) / 2.0


@cell
def quick_midprice(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`midprice_step` over columns."""
    return quick_middle(columns[0], columns[1], int(p[0]), s, out[0])


MIDPRICE = Step(midprice_step, quick_midprice)


def shaped_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n, then n weights that sum to 1, oldest first. out: weighted mean."""
    out[0] = shaped_sum(s, 0, x[0], int(p[0]), p)


SHAPED = Step(shaped_step)


def frama_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low. p: half of n. out: average of the middles.

    s: average, dimension, 1 once there is an average, then of both halves the highest and lowest:
    two `window_max`, two `delay`.
    """
    half = int(p[0])
    high = window_max(s, 3, x[0], half)
    low = window_min(s, half + 6, x[1], half)
    out[0] = nan
    if high != high:
        return
    high_before = delay(s, 2 * half + 9, high, half)
    low_before = delay(s, 3 * half + 11, low, half)
    if high_before != high_before:
        return
    price = (x[0] + x[1]) / 2.0
    near = (high - low) / half
    far = (high_before - low_before) / half
    whole = (max(high, high_before) - min(low, low_before)) / (2.0 * half)
    if near > 0.0 and far > 0.0 and whole > 0.0:
        s[1] = log((near + far) / whole) / log(2.0)
    if s[2] == 0.0:
        s[2] = 1.0
        s[0] = price
    share = min(max(exp(-4.6 * (s[1] - 1.0)), 0.01), 1.0)
    s[0] = fused(price - s[0], share, s[0])
    out[0] = s[0]


FRAMA = Step(frama_step)


def vidya_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: share, momentum bars. out: average.

    s: value before, average, 0 for the first value, 2 once there is an average, two `block_sum`.
    """
    n = int(p[1])
    move = x[0] - s[0]
    s[0] = x[0]
    out[0] = nan
    if s[2] == 0.0:
        s[2] = 1.0
        return
    up = block_sum(s, 3, max(move, 0.0), n)
    down = block_sum(s, n + 6, max(-move, 0.0), n)
    if up != up:
        return
    if s[2] == 1.0:
        s[2] = 2.0
        s[1] = x[0]
    elif up + down > 0.0:
        s[1] = fused(x[0] - s[1], p[0] * abs(up - down) / (up + down), s[1])
    out[0] = s[1]


VIDYA = Step(vidya_step)


def mcginley_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n. out: average.

    s: values seen up to n, their sum and then the average.
    """
    if s[0] < p[0]:
        out[0] = average(s, 0, x[0], p[0], 0.0)
        return
    ratio = x[0] / s[1]
    if ratio > 0.0:
        s[1] += (x[0] - s[1]) / max(p[0] * ratio * ratio * ratio * ratio, 1.0)
    out[0] = s[1]


MCGINLEY = Step(mcginley_step)
