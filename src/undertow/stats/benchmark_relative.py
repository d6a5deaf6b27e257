"""Returns against a benchmark: beta, alpha, tracking error, capture.

Returns and benchmark are of the same periods, in order; the benchmark of a strategy is buy and hold
of what it trades. returns: shape (n,) or (n, k); benchmark: shape (n,), or (n, k) for one each.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.stats.columns import (
    Columns,
    Measure,
    checked_columns,
    checked_pair,
    deviations_of,
    quotient,
)


class BenchmarkComparison(NamedTuple):
    """alpha, tracking_error, information_ratio: of a year. capture_ratio: up over down."""

    beta: float
    alpha: float
    correlation: float
    tracking_error: float
    information_ratio: float
    up_capture: float
    down_capture: float
    capture_ratio: float


def beta(returns: ArrayLike, benchmark: ArrayLike) -> Measure:
    """cov(r, b) / var(b); NaN for fewer than 2 periods and for a benchmark that does not vary.

    Source: Sharpe (1964), J. Finance 19(3). Variant: risk-free 0.
    """
    one, two = _pair(returns, benchmark)
    covariance, variance = _second_moments(one.array, two.array)
    return one.measure(quotient(covariance, variance))


def alpha(returns: ArrayLike, benchmark: ArrayLike, periods_per_year: float) -> Measure:
    """Jensen's alpha of a year: (mean(r) - beta * mean(b)) * periods a year.

    NaN where beta is.

    Source: Jensen (1968), J. Finance 23(2). Variant: risk-free 0, arithmetic; empyrical compounds
    (1 + a)^periods - 1.
    """
    one, two = _pair(returns, benchmark)
    slope = np.atleast_1d(beta(one.array, two.array))
    return one.measure((_means(one.array) - slope * _means(two.array)) * periods_per_year)


def benchmark_correlation(returns: ArrayLike, benchmark: ArrayLike) -> Measure:
    """Pearson's correlation with the benchmark; NaN where one of them does not vary.

    Source: Pearson (1895), Proceedings of the Royal Society 58.
    """
    one, two = _pair(returns, benchmark)
    covariance, _ = _second_moments(one.array, two.array)
    return one.measure(quotient(covariance, deviations_of(one.array) * deviations_of(two.array)))


def tracking_error(returns: ArrayLike, benchmark: ArrayLike, periods_per_year: float) -> Measure:
    """Annualised deviation of r - b; NaN for fewer than 2 periods.

    Source: Grinold and Kahn (2000), Active Portfolio Management. Variant: ddof=1.
    """
    one, two = _pair(returns, benchmark)
    return one.measure(deviations_of(one.array - two.array) * np.sqrt(periods_per_year))


def information_ratio(returns: ArrayLike, benchmark: ArrayLike, periods_per_year: float) -> Measure:
    """Annualised mean of r - b over its deviation: the Sharpe ratio of the difference.

    NaN for fewer than 2 periods and for a difference that does not vary.

    Source: Grinold and Kahn (2000), Active Portfolio Management. Variant: ddof=1, annualised;
    quantstats' is of a period.
    """
    one, two = _pair(returns, benchmark)
    active = one.array - two.array
    ratio = quotient(_means(active), deviations_of(active))
    return one.measure(ratio * np.sqrt(periods_per_year))


def up_capture(returns: ArrayLike, benchmark: ArrayLike) -> Measure:
    """Geometric mean return over that of the benchmark, in the periods in which it rose.

    1: as much as the benchmark. NaN without such a period.

    Source: Morningstar (2011), Upside and downside capture ratios. Variant: geometric mean of a
    period, not annualised, so that it does not explode on days.
    """
    one, two = _pair(returns, benchmark)
    return one.measure(_capture(one.array, two.array, two.array > 0.0))


def down_capture(returns: ArrayLike, benchmark: ArrayLike) -> Measure:
    """Geometric mean return over that of the benchmark, in the periods in which it fell.

    Below 1: lost less; negative: gained. NaN without such a period.

    Source: Morningstar (2011), Upside and downside capture ratios. Variant: as `up_capture`.
    """
    one, two = _pair(returns, benchmark)
    return one.measure(_capture(one.array, two.array, two.array < 0.0))


def compared_with_benchmark(
    returns: ArrayLike, benchmark: ArrayLike, periods_per_year: float
) -> BenchmarkComparison:
    """All of these of one series of returns, shape (n,).

    Source: definition.
    """
    up, down = up_capture(returns, benchmark), down_capture(returns, benchmark)
    return BenchmarkComparison(
        beta=beta(returns, benchmark),
        alpha=alpha(returns, benchmark, periods_per_year),
        correlation=benchmark_correlation(returns, benchmark),
        tracking_error=tracking_error(returns, benchmark, periods_per_year),
        information_ratio=information_ratio(returns, benchmark, periods_per_year),
        up_capture=up,
        down_capture=down,
        capture_ratio=float(quotient(np.atleast_1d(up), np.atleast_1d(down))[0]),
    )


def _pair(returns: ArrayLike, benchmark: ArrayLike) -> tuple[Columns, Columns]:
    checked_columns(benchmark, "benchmark")
    return checked_pair(returns, benchmark, "returns", "benchmark")


def _means(array: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.mean(array, axis=0) if len(array) else np.full(array.shape[1], np.nan)


def _second_moments(
    one: NDArray[np.float64], two: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if len(one) < 2:
        unknown = np.full(one.shape[1], np.nan)
        return unknown, unknown
    centred = two - two.mean(axis=0)
    covariance = np.sum((one - one.mean(axis=0)) * centred, axis=0) / (len(one) - 1)
    return covariance, deviations_of(two) ** 2


def _capture(
    one: NDArray[np.float64], two: NDArray[np.float64], chosen: NDArray[np.bool_]
) -> NDArray[np.float64]:
    count = np.sum(chosen, axis=0)
    power = quotient(np.ones(len(count)), count.astype(np.float64))
    own = np.prod(np.where(chosen, 1.0 + one, 1.0), axis=0) ** power - 1.0
    theirs = np.prod(np.where(chosen, 1.0 + two, 1.0), axis=0) ** power - 1.0
    return quotient(own, np.where(np.isnan(theirs), 0.0, theirs))
