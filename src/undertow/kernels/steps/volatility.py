"""How far a price goes: true ranges, deviations of returns, drawdowns."""

from math import log, nan, sqrt

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.cells.average import AVERAGE_SIZE
from undertow.kernels.cells.average_kinds import exponential
from undertow.kernels.cells.average_range import average_range
from undertow.kernels.cells.block_sum import block_sum, block_sum_size
from undertow.kernels.cells.change import CHANGE_SIZE, change_since_last
from undertow.kernels.cells.delay import delay, delay_size
from undertow.kernels.cells.rank_before import rank_before, rank_before_size
from undertow.kernels.cells.true_range import true_range
from undertow.kernels.cells.wilder_average import WILDER_AVERAGE_SIZE, wilder_average
from undertow.kernels.cells.window_extreme import window_extreme_size, window_max
from undertow.kernels.cells.window_regression import window_regression, window_regression_size
from undertow.kernels.cells.window_variance import window_variance, window_variance_size
from undertow.kernels.columns.average_ranges import average_ranges
from undertow.kernels.columns.true_ranges import true_ranges
from undertow.kernels.columns.window_sums import differences_averaged
from undertow.kernels.compiled import cell
from undertow.kernels.step import Columns, Numbers, Step

variance_size = cell(window_variance_size)


def atr_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close. p: n. out: average true range."""
    out[0] = average_range(s, 0, x, int(p[0]))


@cell
def quick_atr(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`atr_step` over columns."""
    return average_ranges(columns[0], columns[1], columns[2], int(p[0]), s, out[0])


ATR = Step(atr_step, quick_atr)


def natr_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close. p: n. out: average true range in percent of the close."""
    span = average_range(s, 0, x, int(p[0]))
    out[0] = 100.0 * (span / x[2]) if x[2] != 0.0 else 0.0 * span


@cell
def quick_natr(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`natr_step` over columns."""
    close, spans = columns[2], out[0]
    is_done = average_ranges(columns[0], columns[1], close, int(p[0]), s, spans)
    for k in range(len(close)):
        spans[k] = 100.0 * (spans[k] / close[k]) if close[k] != 0.0 else 0.0 * spans[k]
    return is_done


NATR = Step(natr_step, quick_natr)


def trange_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close. out: true range."""
    out[0] = true_range(s, 0, x[0], x[1], x[2])


@cell
def quick_trange(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`trange_step` over columns."""
    return true_ranges(columns[0], columns[1], columns[2], s, out[0])


TRANGE = Step(trange_step, quick_trange)


def adr_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low. p: n. out: mean range."""
    out[0] = block_sum(s, 0, x[0] - x[1], int(p[0])) / p[0]


@cell
def quick_adr(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`adr_step` over columns."""
    return differences_averaged(columns[0], columns[1], int(p[0]), p[0], s, out[0])


ADR = Step(adr_step, quick_adr)


def cvi_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low. p: n of the average, n of the change. out: its change in percent."""
    out[0] = nan
    mean = exponential(s, 0, x[0] - x[1], int(p[0]))
    if mean == mean:
        before = delay(s, AVERAGE_SIZE, mean, int(p[1]))
        out[0] = 100.0 * ((mean - before) / before) if before != 0.0 else 0.0


CVI = Step(cvi_step)


@cell
def relative_volatility(s: Numbers, at: int, x: float, n: int, window: int) -> float:
    """Share of deviations on rising bars in all, after Wilder's averages of n; 50 without any.

    State: change, `window_variance`, two averages.
    """
    change = change_since_last(s, at, x)
    _, variance = window_variance(s, at + CHANGE_SIZE, x, window)
    if variance != variance:
        return nan
    deviation = sqrt(variance)
    at += CHANGE_SIZE + variance_size(window)
    rise = wilder_average(s, at, deviation if change > 0.0 else 0.0, n)
    at += WILDER_AVERAGE_SIZE
    fall = wilder_average(s, at, deviation if change < 0.0 else 0.0, n)
    if rise != rise:
        return nan
    total = rise + fall
    return 100.0 * (rise / total) if total > 0.0 else 50.0


def relative_volatility_size(window: int) -> int:
    """State of `relative_volatility`."""
    return CHANGE_SIZE + window_variance_size(window) + 2 * WILDER_AVERAGE_SIZE


def rvi_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n, n of the deviation. out: 0 to 100."""
    out[0] = relative_volatility(s, 0, x[0], int(p[0]), int(p[1]))


RVI = Step(rvi_step)


def inertia_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n and n of the deviation of `rvi_step`, n of the line. out: end of the line."""
    out[0] = nan
    n = int(p[2])
    value = relative_volatility(s, 0, x[0], int(p[0]), int(p[1]))
    if value == value:
        at = CHANGE_SIZE + variance_size(int(p[1])) + 2 * WILDER_AVERAGE_SIZE
        intercept, slope = window_regression(s, at, value, n)
        out[0] = intercept + slope * (n - 1)


INERTIA = Step(inertia_step)


def inertia_size(window: int, n: int) -> int:
    """State of `inertia_step`."""
    return relative_volatility_size(window) + window_regression_size(n)


@cell
def root(x: float) -> float:
    """Square root; 0 of what rounding made negative."""
    return 0.0 if x < 0.0 else sqrt(x)


@cell
def log_change(s: Numbers, at: int, x: float) -> float:
    """log(x / the value before it); NaN for the first. State (2) as `change_since_last`."""
    return change_since_last(s, at, log(x))


@cell
def scatter(s: Numbers, at: int, x: float, n: int) -> float:
    """Sample variance (divisor n - 1) of the last `n` values. State as `window_variance`."""
    _, variance = window_variance(s, at, x, n)
    return variance * n / (n - 1.0)


def close_to_close_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: close. p: n, bars per year. out: sample deviation of log returns."""
    out[0] = nan
    if x[0] > 0.0:
        change = log_change(s, 0, x[0])
        if change == change:
            out[0] = sqrt(scatter(s, CHANGE_SIZE, change, int(p[0])) * p[1])


CLOSE_TO_CLOSE = Step(close_to_close_step)


def close_to_close_size(n: int) -> int:
    """State of `close_to_close_step`."""
    return CHANGE_SIZE + window_variance_size(n)


def parkinson_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low. p: n, bars per year. out: deviation."""
    out[0] = nan
    if x[1] > 0.0:
        span = log(x[0] / x[1])
        out[0] = sqrt(block_sum(s, 0, span * span, int(p[0])) / p[0] / (4.0 * log(2.0)) * p[1])


PARKINSON = Step(parkinson_step)


def garman_klass_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: open, high, low, close. p: n, bars per year. out: deviation."""
    out[0] = nan
    if min(x[0], x[1], x[2], x[3]) > 0.0:
        span, body = log(x[1] / x[2]), log(x[3] / x[0])
        term = 0.5 * span * span - (2.0 * log(2.0) - 1.0) * body * body
        out[0] = root(block_sum(s, 0, term, int(p[0])) / p[0] * p[1])


GARMAN_KLASS = Step(garman_klass_step)


@cell
def drift_free(x: Numbers, body: float) -> float:
    """Variance of one bar (open, high, low, close) with log(close / open) in `body` that a drift
    does not change.
    """
    up, down = log(x[1] / x[3]), log(x[2] / x[3])
    return up * (up + body) + down * (down + body)


def rogers_satchell_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: open, high, low, close. p: n, bars per year. out: deviation."""
    out[0] = nan
    if min(x[0], x[1], x[2], x[3]) > 0.0:
        out[0] = root(block_sum(s, 0, drift_free(x, log(x[3] / x[0])), int(p[0])) / p[0] * p[1])


ROGERS_SATCHELL = Step(rogers_satchell_step)


def yang_zhang_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: open, high, low, close. p: n, bars per year. s: 1 once there is a close, it, variances of
    gaps and of bodies, sum. out: deviation.
    """
    out[0] = nan
    if min(x[0], x[1], x[2], x[3]) <= 0.0:
        return
    before = s[1]
    s[1] = x[3]
    if s[0] == 0.0:
        s[0] = 1.0
        return
    n = int(p[0])
    gap = scatter(s, 2, log(x[0] / before), n)
    size = variance_size(n)
    change = log(x[3] / x[0])
    body = scatter(s, 2 + size, change, n)
    within = block_sum(s, 2 + 2 * size, drift_free(x, change), n) / n
    weight = 0.34 / (1.34 + (n + 1.0) / (n - 1.0))
    if gap == gap:
        out[0] = root((gap + weight * body + (1.0 - weight) * within) * p[1])


YANG_ZHANG = Step(yang_zhang_step)


def yang_zhang_size(n: int) -> int:
    """State of `yang_zhang_step`."""
    return 2 + 2 * window_variance_size(n) + block_sum_size(n)


def ulcer_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n. out: root of the mean square of drawdowns in percent."""
    n = int(p[0])
    out[0] = nan
    top = window_max(s, 0, x[0], n)
    if top == top:
        fall = 100.0 * ((x[0] - top) / top) if top > 0.0 else nan
        out[0] = sqrt(block_sum(s, n + 3, fall * fall, n) / n)


ULCER = Step(ulcer_step)


def ulcer_size(n: int) -> int:
    """State of `ulcer_step`."""
    return window_extreme_size(n) + block_sum_size(n)


def percentile_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: close. p: n of the volatility, n to rank among, bars per year. out: rank in percent,
    volatility.
    """
    out[0] = out[1] = nan
    if x[0] <= 0.0:
        return
    n, window = int(p[0]), int(p[1])
    change = log_change(s, 0, x[0])
    if change != change:
        return
    deviation = sqrt(scatter(s, CHANGE_SIZE, change, n) * p[2])
    if deviation == deviation:
        rank = rank_before(s, CHANGE_SIZE + variance_size(n), deviation, window)
        if rank == rank:
            out[0], out[1] = rank, deviation


PERCENTILE = Step(percentile_step)


def percentile_size(n: int, window: int) -> int:
    """State of `percentile_step`."""
    return close_to_close_size(n) + rank_before_size(window)


def vix_fix_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: low, close. p: n. out: fall of the low from the highest close, percent."""
    top = window_max(s, 0, x[1], int(p[0]))
    out[0] = 100.0 * ((top - x[0]) / top) if top != 0.0 else nan


VIX_FIX = Step(vix_fix_step)


def cvi_size(n: int) -> int:
    """State of `cvi_step`; `n` of the change."""
    return AVERAGE_SIZE + delay_size(n)
