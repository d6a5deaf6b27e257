"""Confidence intervals by resampling, for any statistic of one series."""

from collections.abc import Callable, Iterator
from math import ceil, nan, sqrt
from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError
from undertow.stats.block_length import optimal_block_length
from undertow.stats.block_resampling import Scheme, circular_block_indices, resample_indices
from undertow.stats.columns import checked_series
from undertow.stats.long_run_variance import prewhitened_long_run_covariance
from undertow.stats.normal_distribution import normal_cdf, normal_quantile
from undertow.stats.smooth_statistics import SmoothStatistic

Method = Literal["percentile", "basic", "bca"]
"""How limits are read from the resampled values."""

Statistic = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""From a table (n, k), a resample in each column, to k values."""

LEAST_OBSERVATIONS = 10
"""Below this an interval is NaN: blocks of a handful of observations say nothing."""

_TABLE_CELLS = 500_000  # of one batch of resamples: bounds memory
_MOST_GROUPS = 200  # left out one at a time for the acceleration


class Interval(NamedTuple):
    """estimate: of the sample itself. block: observations. undefined: resamples without a value;
    where they are more than one tail holds, the limits are NaN.
    """

    estimate: float
    low: float
    high: float
    confidence: float
    method: str
    block: float
    resamples: int
    undefined: int


def studentised_interval(
    values: ArrayLike,
    statistic: SmoothStatistic,
    rng: Generator,
    *,
    confidence: float = 0.95,
    resamples: int = 2000,
    block: int | None = None,
) -> Interval:
    """The interval of a smooth statistic: bootstrap-t with circular blocks, equal tails.

    Each resample gives t* = (its value - the estimate) / its own standard error, the error from the
    sums of influence over its blocks; limits are the estimate less quantiles of t* times the
    sample's error, the larger of two: from all circular blocks, and from the prewhitened long-run
    variance of the influences (the blocks alone are too short for short records). block: default by
    `optimal_block_length` of the influences, so that it follows the dependence that matters to this
    statistic. values: shape (n,). NaN limits for fewer than `LEAST_OBSERVATIONS` and where the
    statistic is undefined.

    Source: Goetze and Kuensch (1996), Annals of Statistics 24(5); Ledoit and Wolf (2008), J.
    Empirical Finance 15. Variant: equal tails; the sample's error is the larger of the two.
    """
    array = _checked(values, confidence, resamples)
    estimate = float(statistic.value(array[:, None])[0]) if len(array) > 1 else nan
    if len(array) < LEAST_OBSERVATIONS or estimate != estimate:
        printed = statistic.printed(estimate) if estimate == estimate else nan
        return Interval(printed, nan, nan, confidence, "studentised", nan, resamples, 0)
    influences = statistic.influence(array[:, None])[:, 0]
    chosen = ceil(optimal_block_length(influences).circular) if block is None else block
    chosen = min(max(chosen, 1), len(array) // 2)
    scores = np.concatenate(
        [
            _scores(
                array[circular_block_indices(len(array), size, rng, block=chosen)],
                statistic,
                estimate,
                chosen,
            )
            for size in _batches(len(array), resamples)
        ]
    )
    lower, upper, undefined = _limits(scores, confidence)
    error = max(block_error(influences, chosen), _long_run_error(influences))
    low, high = (statistic.printed(estimate - score * error) for score in (upper, lower))
    known = statistic.printed(estimate)
    return Interval(known, low, high, confidence, "studentised", chosen, resamples, undefined)


def bootstrap_interval(
    values: ArrayLike,
    statistic: Statistic,
    rng: Generator,
    *,
    method: Method = "bca",
    scheme: Scheme = "stationary",
    confidence: float = 0.95,
    resamples: int = 2000,
    block: float | None = None,
    is_vectorised: bool = True,
) -> Interval:
    """The interval of any statistic, for those without a known influence of each observation.

    percentile: quantiles of the resampled values. basic: those mirrored at the estimate. bca: the
    percentile with bias and acceleration corrected; the acceleration from leaving out up to 200
    groups of neighbours. statistic: table (n, k) to (k,); with `is_vectorised` False it gets one
    series at a time. block: default by `optimal_block_length` of the values. NaN limits for fewer
    than `LEAST_OBSERVATIONS` and where the estimate is undefined.

    Source: Efron (1987), JASA 82(397); Davison and Hinkley (1997), Bootstrap Methods and their
    Application, chapter 5.
    """
    array = _checked(values, confidence, resamples)
    if method not in get_args(Method):
        raise CallerError(f"expected one of {', '.join(get_args(Method))}, found {method!r}")
    apply = statistic if is_vectorised else _one_by_one(statistic)
    estimate = float(apply(array[:, None])[0]) if len(array) else nan
    if len(array) < LEAST_OBSERVATIONS or estimate != estimate:
        return Interval(estimate, nan, nan, confidence, method, nan, resamples, 0)
    chosen = _block_for(array, scheme) if block is None else block
    found = resampled_values(array, apply, rng, resamples=resamples, scheme=scheme, block=chosen)
    low, high, undefined = _limits(found, confidence)
    if method == "basic":
        low, high = 2.0 * estimate - high, 2.0 * estimate - low
    elif method == "bca" and low == low:
        low, high = _corrected(array, apply, found, estimate, confidence)
    return Interval(estimate, low, high, confidence, method, chosen, resamples, undefined)


def resampled_values(
    values: ArrayLike,
    statistic: Statistic,
    rng: Generator,
    *,
    resamples: int = 2000,
    scheme: Scheme = "stationary",
    block: float = 1.0,
) -> NDArray[np.float64]:
    """The statistic of each resample, shape (resamples,), made in batches of bounded memory.

    Source: Efron (1979), Annals of Statistics 7(1).
    """
    array = checked_series(values, "values", least=1)
    return np.concatenate(
        [
            statistic(array[resample_indices(len(array), size, rng, scheme=scheme, block=block)])
            for size in _batches(len(array), resamples)
        ]
    )


def block_error(influences: NDArray[np.float64], block: int) -> float:
    """Standard error of a statistic from its influences, by all circular blocks.

    sqrt(mean of squared block sums / block / n). influences: shape (n,), mean 0. block: in
    observations, 1 for independent ones.

    Source: Kuensch (1989), Annals of Statistics 17(3).
    """
    count = len(influences)
    sums = np.cumsum(np.concatenate(([0.0], influences, influences[:block])))
    blocks = sums[block : block + count] - sums[:count]
    return sqrt(float(np.mean(blocks * blocks)) / block / count)


def _checked(values: ArrayLike, confidence: float, resamples: int) -> NDArray[np.float64]:
    if not 0.0 < confidence < 1.0 or resamples < 1:
        raise CallerError(
            f"expected a confidence between 0 and 1 and resamples, found {confidence}, {resamples}"
        )
    return checked_series(values, "values")


def _batches(count: int, resamples: int) -> Iterator[int]:
    size = max(_TABLE_CELLS // count, 1)
    for done in range(0, resamples, size):
        yield min(size, resamples - done)


def _one_by_one(statistic: Statistic) -> Statistic:
    def apply(table: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.array([float(statistic(column)) for column in table.T])

    return apply


def _block_for(array: NDArray[np.float64], scheme: Scheme) -> float:
    if scheme == "independent":
        return 1.0
    found = optimal_block_length(array)
    return found.stationary if scheme == "stationary" else float(ceil(found.circular))


def _scores(
    table: NDArray[np.float64], statistic: SmoothStatistic, estimate: float, block: int
) -> NDArray[np.float64]:
    # t* of each resample; its blocks are whole, but for a cut last one that is left out.
    count = len(table)
    influences = statistic.influence(table)
    whole = influences[: count // block * block].reshape(count // block, block, -1).sum(axis=1)
    errors = np.sqrt(np.mean(whole * whole, axis=0) / block / count)
    usable = errors > 0.0
    return np.where(
        usable, (statistic.value(table) - estimate) / np.where(usable, errors, 1.0), np.nan
    )


def _long_run_error(influences: NDArray[np.float64]) -> float:
    table = influences[:, None]
    # Parzen's window ends at its bandwidth; the spectral one would sum over all n lags.
    variance = prewhitened_long_run_covariance(table, kernel="parzen")
    return sqrt(max(float(variance[0, 0]), 0.0) / len(influences))


def _limits(found: NDArray[np.float64], confidence: float) -> tuple[float, float, int]:
    tail = (1.0 - confidence) / 2.0
    known = found[np.isfinite(found)]
    undefined = len(found) - len(known)
    if not len(known) or undefined > tail * len(found):
        return nan, nan, undefined
    low, high = np.quantile(known, [tail, 1.0 - tail])
    return float(low), float(high), undefined


def _corrected(
    array: NDArray[np.float64],
    statistic: Statistic,
    found: NDArray[np.float64],
    estimate: float,
    confidence: float,
) -> tuple[float, float]:
    known = found[np.isfinite(found)]
    below = float(np.sum(known < estimate)) + 0.5 * float(np.sum(known == estimate))
    bias = normal_quantile((below + 0.5) / (len(known) + 1.0))
    acceleration = _acceleration(array, statistic)
    if acceleration != acceleration:
        return nan, nan
    limits = []
    for tail in ((1.0 - confidence) / 2.0, (1.0 + confidence) / 2.0):
        moved = bias + normal_quantile(tail)
        at = normal_cdf(bias + moved / (1.0 - acceleration * moved))
        limits.append(float(np.quantile(known, at)))
    return limits[0], limits[1]


def _acceleration(array: NDArray[np.float64], statistic: Statistic) -> float:
    # Values without one group of neighbours each; groups of one where there are few observations.
    # A statistic of a shorter series must be of the same kind, so equal groups are left out.
    size = ceil(len(array) / _MOST_GROUPS)
    groups = len(array) // size
    kept = np.array([np.delete(array, np.s_[g * size : (g + 1) * size]) for g in range(groups)]).T
    left = statistic(kept)
    away = left.mean() - left
    spread = float(np.sum(away * away))
    if not np.isfinite(spread):
        return nan
    return float(np.sum(away**3)) / (6.0 * spread**1.5) if spread > 0.0 else 0.0
