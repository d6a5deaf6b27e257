"""Where the last values stand in order of size: medians, ranks, extremes."""

from math import nan

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.cells.rank_before import rank_before
from undertow.kernels.cells.sorted_window import (
    sorted_deviation,
    sorted_quantile,
    sorted_window,
)
from undertow.kernels.cells.window_extreme import (
    bars_since_max,
    bars_since_min,
    window_max,
    window_min,
)
from undertow.kernels.columns.window_extremes import window_extremes
from undertow.kernels.compiled import cell
from undertow.kernels.robust_spread import NORMAL_MAD, NORMAL_MEAN_DEVIATION
from undertow.kernels.step import Columns, Numbers, Step


def median_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n. out: median, median distance from it."""
    n = int(p[0])
    first = sorted_window(s, 0, x[0], n)
    out[0] = out[1] = nan
    if first >= 0:
        out[0] = sorted_quantile(s, first, n, 0.5)
        out[1] = sorted_deviation(s, first, n, out[0])


MEDIAN = Step(median_step)


def modified_z_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n. out: distance from the median in deviations, median, median distance."""
    n = int(p[0])
    first = sorted_window(s, 0, x[0], n)
    out[0] = out[1] = out[2] = nan
    if first < 0:
        return
    median = sorted_quantile(s, first, n, 0.5)
    spread = sorted_deviation(s, first, n, median)
    out[1] = median
    out[2] = spread
    if spread > 0.0:
        out[0] = NORMAL_MAD * (x[0] - median) / spread
        return
    total = 0.0
    for k in range(n):
        total += abs(s[first + k] - median)
    if total > 0.0:
        out[0] = (x[0] - median) / (NORMAL_MEAN_DEVIATION * total / n)


MODIFIED_Z = Step(modified_z_step)


def percentile_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n, rank from 1. out: the value of that rank among the last n."""
    first = sorted_window(s, 0, x[0], int(p[0]))
    out[0] = s[first + int(p[1]) - 1] if first >= 0 else nan


PERCENTILE = Step(percentile_step)


def percent_rank_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n. out: percentage of the n values before it that are smaller."""
    out[0] = rank_before(s, 0, x[0], int(p[0]))


PERCENT_RANK = Step(percent_rank_step)


def max_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n. out: largest of the last n."""
    out[0] = window_max(s, 0, x[0], int(p[0]))


@cell
def quick_max(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`max_step` over a column."""
    return window_extremes(columns[0], int(p[0]), 1.0, s, out[0])


MAX = Step(max_step, quick_max)


def min_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n. out: smallest of the last n."""
    out[0] = window_min(s, 0, x[0], int(p[0]))


@cell
def quick_min(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`min_step` over a column."""
    return window_extremes(columns[0], int(p[0]), -1.0, s, out[0])


MIN = Step(min_step, quick_min)


def max_index_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n. out: bars since the largest of the last n, its number from the first bar.

    s: bars seen, `bars_since_max`.
    """
    since = bars_since_max(s, 1, x[0], int(p[0]), 0)
    out[0] = since
    out[1] = s[0] - since
    s[0] += 1.0


MAX_INDEX = Step(max_index_step)


def min_index_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """`max_index_step` for the smallest."""
    since = bars_since_min(s, 1, x[0], int(p[0]), 0)
    out[0] = since
    out[1] = s[0] - since
    s[0] += 1.0


MIN_INDEX = Step(min_index_step)
