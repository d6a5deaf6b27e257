"""How fast and how steadily a price moves: changes, gains against losses."""

from math import isfinite, nan

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.cells.block_sum import block_sum, block_sum_size
from undertow.kernels.cells.change import CHANGE_SIZE, change_since_last
from undertow.kernels.cells.delay import delay, delay_size
from undertow.kernels.cells.rank_before import rank_before
from undertow.kernels.cells.relative_strength import (
    RELATIVE_STRENGTH_SIZE,
    is_moved,
    relative_strength,
    strength_of,
)
from undertow.kernels.cells.window_regression import window_regression
from undertow.kernels.columns.delays import end_delay
from undertow.kernels.columns.holes import holes, is_hole
from undertow.kernels.columns.stretch import STRETCH, whole_blocks
from undertow.kernels.columns.window_sums import window_sums
from undertow.kernels.compiled import cell
from undertow.kernels.fused import fused
from undertow.kernels.step import Columns, Numbers, Step


def rsi_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n, answer where nothing moved. out: index."""
    out[0] = relative_strength(s, 0, x[0], int(p[0]), p[1])


@cell
def quick_rsi(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`rsi_step` over a column; what is no number stays in a sum."""
    x = columns[0]
    n = int(p[0])
    flat = p[1]
    seen = 0.0
    i = 0
    while i < len(x) and s[0] <= n:
        seen += x[i]
        out[0, i] = relative_strength(s, 0, x[i], n, flat)
        i += 1
    share = 1.0 / n
    keep = 1.0 - share
    before, gain, loss = s[1], s[2], s[3]
    # Counted from 0, so that no index can be negative and none is checked for it.
    x, values = x[i:], out[0, i:]
    for k in range(len(x)):
        change = x[k] - before
        before = x[k]
        seen += before
        up = change if change > 0.0 else 0.0
        down = -change if change < 0.0 else 0.0
        gain = fused(gain, keep, up * share)
        loss = fused(loss, keep, down * share)
        values[k] = strength_of(gain, loss, flat)
    s[1], s[2], s[3] = before, gain, loss
    return isfinite(seen + gain + loss)


RSI = Step(rsi_step, quick_rsi)


@cell
def balance_of(gain: float, loss: float) -> float:
    """100 * (gain - loss) / (gain + loss), -100 to 100; 0 where nothing moved."""
    total = gain + loss
    return 100.0 * ((gain - loss) / total) if total > 0.0 else 0.0


def cmo_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n. out: oscillator of Wilder's averages."""
    out[0] = balance_of(s[2], s[3]) if is_moved(s, 0, x[0], int(p[0])) else nan


CMO = Step(cmo_step)


def cmou_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n. out: oscillator of plain sums."""
    n = int(p[0])
    out[0] = nan
    change = change_since_last(s, 0, x[0])
    if change == change:
        gain = block_sum(s, 2, max(change, 0.0), n)
        loss = block_sum(s, n + 5, max(-change, 0.0), n)
        out[0] = balance_of(gain, loss) if gain == gain else nan


CMOU = Step(cmou_step)


def roc_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n, scale. out: relative change, ratio, both times scale."""
    before = delay(s, 0, x[0], int(p[0]))
    if before == 0.0:
        out[0] = out[1] = 0.0
    else:
        out[0] = (x[0] / before - 1.0) * p[1]
        out[1] = (x[0] / before) * p[1]


@cell
def quick_roc(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`roc_step` over a column."""
    x, n, scale = columns[0], int(p[0]), p[1]
    first = min(n, len(x))
    for k in range(first):
        before = delay(s, 0, x[k], n)
        out[0, k] = (x[k] / before - 1.0) * scale if before != 0.0 else 0.0
        out[1, k] = (x[k] / before) * scale if before != 0.0 else 0.0
    old, new, changes, ratios = x[: len(x) - first], x[first:], out[0, first:], out[1, first:]
    for k in range(len(new)):
        ratio = new[k] / old[k]
        changes[k] = (ratio - 1.0) * scale if old[k] != 0.0 else 0.0
        ratios[k] = ratio * scale if old[k] != 0.0 else 0.0
    end_delay(x, n, s)
    return holes(x) == 0


ROC = Step(roc_step, quick_roc)


def mom_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n. out: change over n."""
    out[0] = x[0] - delay(s, 0, x[0], int(p[0]))


@cell
def quick_mom(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`mom_step` over a column."""
    x, n = columns[0], int(p[0])
    first = min(n, len(x))
    for k in range(first):
        out[0, k] = x[k] - delay(s, 0, x[k], n)
    old, new, changes = x[: len(x) - first], x[first:], out[0, first:]
    bits = new.view(np.int64)
    missing = np.int64(holes(x[:first]))
    for k in range(len(new)):
        changes[k] = new[k] - old[k]
        missing += np.int64(is_hole(bits[k]))
    end_delay(x, n, s)
    return bool(missing == 0)


MOM = Step(mom_step, quick_mom)


def imi_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: open, close. p: n. out: index."""
    n = int(p[0])
    change = x[1] - x[0]
    gain = block_sum(s, 0, max(change, 0.0), n)
    loss = block_sum(s, n + 3, max(-change, 0.0), n)
    out[0] = strength_of(gain, loss, 50.0) if gain == gain else nan


IMI = Step(imi_step)


def efficiency_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n. out: distance over path."""
    n = int(p[0])
    out[0] = nan
    change = change_since_last(s, 0, x[0])
    before = delay(s, 2, x[0], n)
    if change == change:
        path = block_sum(s, n + 4, abs(change), n)
        if path == path:
            out[0] = abs(x[0] - before) / path if path > 0.0 else 1.0


efficiency_bar = cell(efficiency_step)


@cell
def quick_efficiency(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`efficiency_step` over a column."""
    x, answers, n = columns[0], out[0], int(p[0])
    length = whole_blocks(n)
    found, y = np.empty(length), np.empty(1)
    first = 0
    while first < len(x) and (first <= n or s[n + 5] != 0.0):
        efficiency_bar(x[first:], p, s, y)
        answers[first] = y[0]
        first += 1
    missing = holes(x[:first])
    while first < len(x):
        last = min(first + length, len(x))
        now, before, old = x[first:last], x[first - 1 : last - 1], x[first - n : last - n]
        moves, shares = found[: len(now)], answers[first:last]
        missing += holes(now)
        for k in range(len(now)):
            moves[k] = abs(now[k] - before[k])
        window_sums(moves, n, 1.0, s[n + 4 :], shares)
        for k in range(len(now)):
            share = abs(now[k] - old[k]) / shares[k]
            shares[k] = share if shares[k] > 0.0 else 1.0
        first = last
    s[1] = x[len(x) - 1] if len(x) > 0 else s[1]
    end_delay(x, n, s[2:])
    return missing == 0


EFFICIENCY = Step(efficiency_step, quick_efficiency)


def psychological_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n. out: share of rises, percent."""
    out[0] = nan
    change = change_since_last(s, 0, x[0])
    if change == change:
        out[0] = 100.0 * block_sum(s, 2, 1.0 if change > 0.0 else 0.0, int(p[0])) / p[0]


PSYCHOLOGICAL = Step(psychological_step)


@cell
def streak_of(s: Numbers, at: int, change: float) -> float:
    """Changes in a row of one sign, with that sign; 0 after none. State (1)."""
    if change > 0.0:
        s[at] = max(s[at], 0.0) + 1.0
    elif change < 0.0:
        s[at] = min(s[at], 0.0) - 1.0
    else:
        s[at] = 0.0
    return float(s[at])


CONNORS_FIXED = CHANGE_SIZE + 1 + 2 * RELATIVE_STRENGTH_SIZE


def connors_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n of the index, n of the streak's index, n of the rank. out: mean of three."""
    out[0] = nan
    close = x[0]
    before = s[1]
    change = change_since_last(s, 0, close)
    streak = 0.0 if change != change else streak_of(s, 2, change)
    strength = relative_strength(s, 3, close, int(p[0]), 50.0)
    steady = relative_strength(s, 3 + RELATIVE_STRENGTH_SIZE, streak, int(p[1]), 50.0)
    if change == change:
        move = change / before if before != 0.0 else 0.0
        rank = rank_before(s, CONNORS_FIXED, move, int(p[2]))
        out[0] = (strength + steady + rank) / 3.0


CONNORS = Step(connors_step)


def bop_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: open, high, low, close. out: body over range."""
    span = x[1] - x[2]
    out[0] = (x[3] - x[0]) / span if span > 0.0 else 0.0


@cell
def quick_bop(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`bop_step` over columns."""
    missing = 0
    for first in range(0, out.shape[1], STRETCH):
        opened, high = columns[0][first : first + STRETCH], columns[1][first : first + STRETCH]
        low, close = columns[2][first : first + STRETCH], columns[3][first : first + STRETCH]
        answers = out[0, first : first + STRETCH]
        missing += holes(opened) + holes(high) + holes(low) + holes(close)
        for k in range(len(answers)):
            span = high[k] - low[k]
            share = (close[k] - opened[k]) / span
            answers[k] = share if span > 0.0 else 0.0
    return missing == 0


BOP = Step(bop_step, quick_bop)


def fosc_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n. s: 1 once there is a forecast, it, regression. out: miss in percent."""
    out[0] = nan
    if s[0] == 1.0:
        out[0] = 100.0 * ((x[0] - s[1]) / x[0]) if x[0] != 0.0 else 0.0
    n = int(p[0])
    intercept, slope = window_regression(s, 2, x[0], n)
    if intercept == intercept:
        s[0] = 1.0
        s[1] = intercept + slope * n


FOSC = Step(fosc_step)


def dpo_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n, displacement. out: value then less the mean now."""
    n, back = int(p[0]), int(p[1])
    then = delay(s, 0, x[0], back)
    out[0] = then - block_sum(s, back + 2, x[0], n) / n


@cell
def quick_dpo(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`dpo_step` over a column."""
    x, n, back = columns[0], int(p[0]), int(p[1])
    means = out[0]
    is_done = window_sums(x, n, float(n), s[back + 2 :], means)
    first = min(back, len(x))
    for k in range(first):
        means[k] = delay(s, 0, x[k], back) - means[k]
    old, found = x[: len(x) - first], means[first:]
    for k in range(len(found)):
        found[k] = old[k] - found[k]
    end_delay(x, back, s)
    return is_done


DPO = Step(dpo_step, quick_dpo)


def cmou_size(n: int) -> int:
    """State of `cmou_step`."""
    return CHANGE_SIZE + 2 * block_sum_size(n)


def efficiency_size(n: int) -> int:
    """State of `efficiency_step`."""
    return CHANGE_SIZE + delay_size(n) + block_sum_size(n)
