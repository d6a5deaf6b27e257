"""What volume says about price: flows, indices, distances from what is usual."""

from math import nan, sqrt

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.cells.average import AVERAGE_SIZE, kept
from undertow.kernels.cells.average_kinds import exponential
from undertow.kernels.cells.block_sum import block_sum, block_sum_size
from undertow.kernels.cells.change import CHANGE_SIZE, change_since_last, move_since_last
from undertow.kernels.cells.wilder_average import WILDER_AVERAGE_SIZE, wilder_average
from undertow.kernels.cells.window_variance import window_variance, window_variance_size
from undertow.kernels.columns.holes import holes
from undertow.kernels.columns.stretch import STRETCH, whole_blocks
from undertow.kernels.columns.window_sums import window_sums
from undertow.kernels.compiled import cell
from undertow.kernels.fused import fused
from undertow.kernels.step import Columns, Numbers, Step


@cell
def close_place(high: float, low: float, close: float) -> float:
    """Where the close lies in its bar: -1 at the low, 1 at the high, 0 without a range."""
    return ((close - low) - (high - close)) / (high - low) if high > low else 0.0


def ad_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close, volume. s: line. out: line."""
    s[0] += close_place(x[0], x[1], x[2]) * x[3]
    out[0] = s[0]


@cell
def money_flows(columns: Columns, first: int, out: NDArray[np.float64]) -> int:
    """out = volume times `close_place` from bar `first` on; how many numbers it met that are none.

    Each bar is free of the others, so that several are worked on at once.
    """
    last = first + len(out)
    high, low = columns[0][first:last], columns[1][first:last]
    close, volume = columns[2][first:last], columns[3][first:last]
    for k in range(len(out)):
        span = high[k] - low[k]
        share = ((close[k] - low[k]) - (high[k] - close[k])) / span
        out[k] = (share if high[k] > low[k] else 0.0) * volume[k]
    return holes(high) + holes(low) + holes(close) + holes(volume)


@cell
def quick_ad(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`ad_step` over columns."""
    line = s[0]
    missing = 0
    for first in range(0, out.shape[1], STRETCH):
        flows = out[0, first : first + STRETCH]
        missing += money_flows(columns, first, flows)
        for k in range(len(flows)):
            line += flows[k]
            flows[k] = line
    s[0] = line
    return missing == 0


AD = Step(ad_step, quick_ad)


def adosc_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close, volume. p: n fast, n slow. s: line, bars seen up to the slow n, two
    averages that start at the first line. out: fast less slow average.
    """
    s[0] += close_place(x[0], x[1], x[2]) * x[3]
    if s[1] == 0.0:
        s[2] = s[3] = s[0]
    for k in range(2):
        keep = kept(2.0 / (p[k] + 1.0))
        s[2 + k] = fused(s[2 + k], keep, s[0] * (1.0 - keep))
    if s[1] < p[1]:
        s[1] += 1.0
    out[0] = s[2] - s[3] if s[1] == p[1] else nan


@cell
def quick_adosc(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`adosc_step` over columns."""
    fast_keep, slow_keep = kept(2.0 / (p[0] + 1.0)), kept(2.0 / (p[1] + 1.0))
    fast_take, slow_take = 1.0 - fast_keep, 1.0 - slow_keep
    line, seen, fast, slow = s[0], s[1], s[2], s[3]
    missing = 0
    for first in range(0, out.shape[1], STRETCH):
        flows = out[0, first : first + STRETCH]
        missing += money_flows(columns, first, flows)
        for k in range(len(flows)):
            line += flows[k]
            if seen == 0.0:
                fast = slow = line
            fast = fused(fast, fast_keep, line * fast_take)
            slow = fused(slow, slow_keep, line * slow_take)
            seen = seen + 1.0 if seen < p[1] else seen
            flows[k] = fast - slow if seen == p[1] else nan
    s[0], s[1], s[2], s[3] = line, seen, fast, slow
    return missing == 0


ADOSC = Step(adosc_step, quick_adosc)
ADOSC_SIZE = 4


def obv_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: close, volume. s: change, line. out: line, which starts with the first volume."""
    change = change_since_last(s, 0, x[0])
    # A choice instead of a branch: which way a price goes cannot be foretold.
    rest = x[1] if change != 0.0 else 0.0
    s[2] += -x[1] if change < 0.0 else rest
    out[0] = s[2]


OBV = Step(obv_step)


def cmf_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close, volume. p: n. out: flow over volume."""
    n = int(p[0])
    flow = block_sum(s, 0, close_place(x[0], x[1], x[2]) * x[3], n)
    volume = block_sum(s, n + 3, x[3], n)
    out[0] = nan
    if flow == flow:
        out[0] = flow / volume if volume > 0.0 else 0.0


@cell
def quick_cmf(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`cmf_step` over columns."""
    n = int(p[0])
    length = whole_blocks(n)
    flows, volumes = np.empty(length), np.empty(length)
    missing = 0
    for first in range(0, out.shape[1], length):
        answers, volume = out[0, first : first + length], columns[3][first : first + length]
        flow, total = flows[: len(volume)], volumes[: len(volume)]
        missing += money_flows(columns, first, flow)
        window_sums(flow, n, 1.0, s, answers)
        window_sums(volume, n, 1.0, s[n + 3 :], total)
        for k in range(len(answers)):
            share = answers[k] / total[k] if total[k] > 0.0 else 0.0
            answers[k] = share if answers[k] == answers[k] else nan
    return missing == 0


CMF = Step(cmf_step, quick_cmf)


def mfi_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close, volume. p: n, answer where nothing moved. out: index."""
    n = int(p[0])
    price = (x[0] + x[1] + x[2]) / 3.0
    change = move_since_last(s, 0, price)
    out[0] = nan
    if change == change:
        flow = price * x[3]
        rise = block_sum(s, 2, flow if change > 0.0 else 0.0, n)
        fall = block_sum(s, n + 5, flow if change < 0.0 else 0.0, n)
        if rise == rise:
            total = rise + fall
            out[0] = 100.0 * (rise / total) if total > 0.0 else p[1]


MFI = Step(mfi_step)


def efi_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: close, volume. p: n. out: average of change times volume."""
    change = change_since_last(s, 0, x[0])
    out[0] = nan
    if change == change:
        out[0] = exponential(s, CHANGE_SIZE, change * x[1], int(p[0]))


EFI = Step(efi_step)


def marketfi_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, volume. out: range per volume."""
    out[0] = (x[0] - x[1]) / x[2] if x[2] != 0.0 else 0.0


MARKETFI = Step(marketfi_step)


@cell
def volume_index(s: Numbers, x: Numbers, sign: float) -> float:
    """Index of 1000 that takes the relative changes of those bars whose volume changed with `sign`.

    x: close, volume. State (4): 1 once there is a bar, close, volume, index.
    """
    if s[0] == 0.0:
        s[0], s[3] = 1.0, 1000.0
    elif sign * (x[1] - s[2]) > 0.0 and s[1] != 0.0:
        s[3] += s[3] * ((x[0] - s[1]) / s[1])
    s[1], s[2] = x[0], x[1]
    return float(s[3])


VOLUME_INDEX_SIZE = 4


def nvi_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: close, volume. out: index of bars with less volume."""
    out[0] = volume_index(s, x, -1.0)


NVI = Step(nvi_step)


def pvi_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: close, volume. out: index of bars with more volume."""
    out[0] = volume_index(s, x, 1.0)


PVI = Step(pvi_step)


def pvt_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: close, volume. s: change, line. out: line."""
    before = s[1]
    change = change_since_last(s, 0, x[0])
    if change == change and before != 0.0:
        s[2] += x[1] * (change / before)
    out[0] = s[2]


PVT = Step(pvt_step)


def rvol_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: volume. p: n. s: sum of the n before, sums. out: volume over their mean."""
    n = int(p[0])
    is_full = s[1] >= n
    before = s[0]
    s[0] = block_sum(s, 1, x[0], n)
    out[0] = x[0] / (before / n) if is_full else nan


RVOL = Step(rvol_step)


def wad_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close. s: change, line. out: line."""
    before = s[1]
    change = change_since_last(s, 0, x[2])
    # Choices instead of branches, as in `obv_step`.
    rise, fall = x[2] - min(before, x[1]), x[2] - max(before, x[0])
    rest = fall if change < 0.0 else 0.0
    s[2] += rise if change > 0.0 else rest
    out[0] = s[2]


WAD = Step(wad_step)
LINE_SIZE = CHANGE_SIZE + 1


def klinger_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close, volume. p: n fast, slow, signal. s: change of the price sum, trend,
    range before, ranges of the trend, three averages. out: oscillator, signal.
    """
    out[0] = out[1] = nan
    span, before = x[0] - x[1], s[3]
    s[3] = span
    change = move_since_last(s, 0, x[0] + x[1] + x[2])
    if change != change:
        return
    trend = 1.0 if change > 0.0 else -1.0
    s[4] = s[4] + span if trend == s[2] else before + span
    s[2] = trend
    force = 0.0
    if s[4] > 0.0:
        force = 100.0 * x[3] * trend * abs(2.0 * (span / s[4]) - 1.0)
    fast = exponential(s, 5, force, int(p[0]))
    slow = exponential(s, 7, force, int(p[1]))
    line = fast - slow
    if line == line:
        signal = exponential(s, 9, line, int(p[2]))
        if signal == signal:
            out[0], out[1] = line, signal


KLINGER = Step(klinger_step)
KLINGER_SIZE = 5 + 3 * AVERAGE_SIZE


def ease_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, volume. p: n, unit of volume. s: change of the midpoint, sum. out: mean."""
    out[0] = nan
    if x[2] <= 0.0:
        return
    change = change_since_last(s, 0, (x[0] + x[1]) / 2.0)
    if change == change:
        n = int(p[0])
        out[0] = block_sum(s, CHANGE_SIZE, change * (x[0] - x[1]) * p[1] / x[2], n) / n


EASE = Step(ease_step)


def vwap_distance_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: close, vwap of the bar, volume. p: n. out: distance in percent, average price."""
    n = int(p[0])
    out[0] = out[1] = nan
    value = block_sum(s, 0, x[1] * x[2], n)
    volume = block_sum(s, n + 3, x[2], n)
    if volume > 0.0:
        out[1] = value / volume
        out[0] = 100.0 * (x[0] / out[1] - 1.0) if out[1] != 0.0 else nan


VWAP_DISTANCE = Step(vwap_distance_step)


def delta_ratio_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: delta, volume. p: n. out: sum of delta over sum of volume."""
    n = int(p[0])
    delta = block_sum(s, 0, x[0], n)
    volume = block_sum(s, n + 3, x[1], n)
    out[0] = delta / volume if volume > 0.0 else nan


DELTA_RATIO = Step(delta_ratio_step)


def cumulative_delta_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: delta. p: n. out: sum."""
    out[0] = block_sum(s, 0, x[0], int(p[0]))


CUMULATIVE_DELTA = Step(cumulative_delta_step)


def volume_z_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: volume. p: n. out: deviations from the mean of the last n, this one included."""
    mean, variance = window_variance(s, 0, x[0], int(p[0]))
    out[0] = (x[0] - mean) / sqrt(variance) if variance > 0.0 else nan


VOLUME_Z = Step(volume_z_step)


def volume_surge_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: volume. p: n, share, threshold. s: bars seen up to n, mean, variance. out: deviations from
    the average of the bars before, 1 beyond the threshold else 0.

    The first n bars give mean and variance (Welford 1962), later ones move them by share.
    """
    miss = x[0] - s[1]
    out[0] = out[1] = nan
    if s[0] < p[0]:
        s[0] += 1.0
        s[1] += miss / s[0]
        s[2] += (miss * (x[0] - s[1]) - s[2]) / s[0]
        return
    if s[2] > 0.0:
        out[0] = miss / sqrt(s[2])
        out[1] = 1.0 if out[0] > p[2] else 0.0
    s[1] += p[1] * miss
    s[2] = (1.0 - p[1]) * (s[2] + p[1] * miss * miss)


VOLUME_SURGE = Step(volume_surge_step)
VOLUME_SURGE_SIZE = 3


def twiggs_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close, volume. p: n. s: change, two averages. out: flow over volume."""
    n = int(p[0])
    before = s[1]
    out[0] = nan
    change = change_since_last(s, 0, x[2])
    if change == change:
        flow = close_place(max(x[0], before), min(x[1], before), x[2]) * x[3]
        flow = wilder_average(s, CHANGE_SIZE, flow, n)
        volume = wilder_average(s, CHANGE_SIZE + WILDER_AVERAGE_SIZE, x[3], n)
        out[0] = flow / volume if volume > 0.0 else nan


TWIGGS = Step(twiggs_step)
TWIGGS_SIZE = CHANGE_SIZE + 2 * WILDER_AVERAGE_SIZE


def mfi_size(n: int) -> int:
    """State of `mfi_step`."""
    return CHANGE_SIZE + 2 * block_sum_size(n)


def volume_z_size(n: int) -> int:
    """State of `volume_z_step`."""
    return window_variance_size(n)
