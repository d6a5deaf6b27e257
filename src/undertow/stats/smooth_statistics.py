"""Statistics that are smooth functions of means, each with the influence of every observation.

The influence of an observation is what the statistic changes by, times n, when the observation gets
a little more weight. Its mean is 0, and the deviation of its mean is the standard error of the
statistic; so one formula gives errors for all of them, whatever the dependence.
"""

from collections.abc import Callable
from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from undertow.stats.columns import quotient


class SmoothStatistic(NamedTuple):
    """value: table (n, k) to (k,), on a scale where it is nearly normal. influence: (n, k) to
    (n, k). printed: from that scale to the one people read.
    """

    name: str
    value: Callable[[NDArray[np.float64]], NDArray[np.float64]]
    influence: Callable[[NDArray[np.float64]], NDArray[np.float64]]
    printed: Callable[[float], float]


def mean_statistic() -> SmoothStatistic:
    """The mean: influence x - m.

    Source: definition.
    """
    return SmoothStatistic("mean", _means, lambda table: table - _means(table), float)


def sharpe_statistic(scale: float = 1.0) -> SmoothStatistic:
    """The Sharpe ratio (ddof=1) times `scale`: influence z - SR (z^2 - 1) / 2, z = (x - m) / s.

    scale: sqrt(periods a year).

    Source: Lo (2002), Financial Analysts Journal 58(4); Mertens (2002).
    """

    def influence(table: NDArray[np.float64]) -> NDArray[np.float64]:
        scores = _over(table - _means(table), _spreads(table))
        ratio = quotient(_means(table), _spreads(table))
        return scale * (scores - ratio * (scores * scores - 1.0) / 2.0)

    def value(table: NDArray[np.float64]) -> NDArray[np.float64]:
        count = len(table)
        factor = scale * sqrt((count - 1.0) / count)
        return factor * quotient(_means(table), _spreads(table))

    return SmoothStatistic("sharpe", value, influence, float)


def sortino_statistic(scale: float = 1.0) -> SmoothStatistic:
    """The Sortino ratio (target 0) times `scale`: (x - m)/d - m (min(x, 0)^2 - d^2) / (2 d^3).

    Source: delta method.
    """

    def influence(table: NDArray[np.float64]) -> NDArray[np.float64]:
        mean, below = _means(table), _shortfalls(table)
        part = np.minimum(table, 0.0) ** 2 - below**2
        return scale * (_over(table - mean, below) - _over(mean * part, 2.0 * below**3))

    def value(table: NDArray[np.float64]) -> NDArray[np.float64]:
        return scale * quotient(_means(table), _shortfalls(table))

    return SmoothStatistic("sortino", value, influence, float)


def growth_statistic(periods_per_year: float) -> SmoothStatistic:
    """Compound growth of a year, on the scale of the mean log return: influence ln(1 + x) - m.

    Source: definition of `cagr`; delta method.
    """

    def logs(table: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.log1p(np.maximum(table, -1.0 + 1e-12))

    def printed(value: float) -> float:
        with np.errstate(over="ignore"):
            growth = float(np.expm1(value * periods_per_year))
        return growth if np.isfinite(growth) else float("nan")

    return SmoothStatistic(
        "cagr",
        lambda table: _means(logs(table)),
        lambda table: logs(table) - _means(logs(table)),
        printed,
    )


def profit_factor_statistic() -> SmoothStatistic:
    """The profit factor on a log scale: influence gain / mean gain - loss / mean loss.

    Source: definition of `profit_factor`; delta method.
    """

    def influence(table: NDArray[np.float64]) -> NDArray[np.float64]:
        gains, losses = np.maximum(table, 0.0), np.maximum(-table, 0.0)
        return _over(gains, _means(gains)) - _over(losses, _means(losses))

    def value(table: NDArray[np.float64]) -> NDArray[np.float64]:
        gains, losses = _means(np.maximum(table, 0.0)), _means(np.maximum(-table, 0.0))
        ratio = quotient(gains, losses)
        return np.log(np.where(ratio > 0.0, ratio, np.nan))

    return SmoothStatistic("profit_factor", value, influence, lambda value: float(np.exp(value)))


def volatility_statistic(scale: float = 1.0) -> SmoothStatistic:
    """The standard deviation (ddof=1) times `scale`, on a log scale: influence (z^2 - 1) / 2.

    Source: definition; delta method.
    """

    def influence(table: NDArray[np.float64]) -> NDArray[np.float64]:
        scores = _over(table - _means(table), _spreads(table))
        return (scores * scores - 1.0) / 2.0

    def value(table: NDArray[np.float64]) -> NDArray[np.float64]:
        spreads = _spreads(table) * sqrt(len(table) / max(len(table) - 1.0, 1.0))
        logs: NDArray[np.float64] = np.log(np.where(spreads > 0.0, spreads, np.nan))
        return logs

    return SmoothStatistic(
        "volatility", value, influence, lambda value: scale * float(np.exp(value))
    )


def _means(table: NDArray[np.float64]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = table.mean(axis=0)
    return found


def _spreads(table: NDArray[np.float64]) -> NDArray[np.float64]:
    # Population deviation; exactly 0 where all values are equal.
    centred = table - table[:1]
    found = np.sqrt(np.maximum(np.mean(centred**2, axis=0) - np.mean(centred, axis=0) ** 2, 0.0))
    return np.where((centred == 0.0).all(axis=0), 0.0, found)


def _shortfalls(table: NDArray[np.float64]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.sqrt(np.mean(np.minimum(table, 0.0) ** 2, axis=0))
    return found


def _over(above: NDArray[np.float64], below: NDArray[np.float64]) -> NDArray[np.float64]:
    is_known = below > 0.0
    return np.where(is_known, above / np.where(is_known, below, 1.0), np.nan)
