"""Is a mean excess return above zero: a one-sided test that keeps the sign."""

from math import nan, sqrt
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError
from undertow.stats.columns import checked_series
from undertow.stats.long_run_variance import long_run_covariance
from undertow.stats.normal_distribution import normal_cdf

Alternative = Literal["greater", "less", "two-sided"]


class MeanReturnTest(NamedTuple):
    """Mean excess return of a period, its standard error, their ratio and the p-value."""

    mean: float
    standard_error: float
    score: float
    p_value: float
    observations: int


def mean_return_test(
    returns: ArrayLike,
    *,
    benchmark: float | ArrayLike = 0.0,
    alternative: Alternative = "greater",
) -> MeanReturnTest:
    """Student's t test of mean(returns - benchmark) against 0, n - 1 degrees of freedom.

    returns: shape (n,), n >= 2. benchmark: one return a period, or the benchmark's own returns of
    the same n periods: a benchmark that is missing is refused, never taken for zeros. With
    "greater" the p-value of a strategy that loses is above 0.5, however clear its loss. Returns
    must not be serially correlated (else `mean_return_test_hac`). All values NaN where the excess
    never varies.

    Source: Student (1908), Biometrika 6(1).
    """
    excess = _excess(returns, benchmark)
    count = len(excess)
    if excess.max() == excess.min():
        return MeanReturnTest(float(excess[0]), nan, nan, nan, count)
    mean, error = float(excess.mean()), float(excess.std(ddof=1)) / sqrt(count)
    score = mean / error
    return MeanReturnTest(mean, error, score, _student_p(score, count - 1, alternative), count)


def mean_return_test_hac(
    returns: ArrayLike,
    *,
    benchmark: float | ArrayLike = 0.0,
    alternative: Alternative = "greater",
) -> MeanReturnTest:
    """The same with a standard error that stands serial correlation and changing variance.

    sqrt(long-run variance / n), Parzen kernel with Andrews' bandwidth, against the normal; wants
    some hundred returns (at least 10 are demanded). Otherwise as `mean_return_test`.

    Source: Andrews (1991), Econometrica 59(3).
    """
    excess = _excess(returns, benchmark)
    count = len(excess)
    if count < 10:
        raise CallerError(f"expected at least 10 returns, found {count}")
    if excess.max() == excess.min():
        return MeanReturnTest(float(excess[0]), nan, nan, nan, count)
    mean = float(excess.mean())
    variance = float(long_run_covariance((excess - mean)[:, None], parameters=1)[0, 0])
    error = sqrt(variance / count)
    score = mean / error
    return MeanReturnTest(mean, error, score, _tail(normal_cdf(-score), alternative), count)


def _excess(returns: ArrayLike, benchmark: float | ArrayLike) -> NDArray[np.float64]:
    array = checked_series(returns, "returns", least=2)
    other = np.asarray(benchmark, dtype=np.float64)
    if other.ndim == 0:
        other = np.full(len(array), float(other))
    against = checked_series(other, "benchmark returns")
    if len(against) != len(array):
        raise CallerError(
            f"expected a benchmark return for each of {len(array)} periods, found {len(against)}"
        )
    return array - against


def _student_p(score: float, degrees: int, alternative: Alternative) -> float:
    from scipy.special import stdtr

    return _tail(float(stdtr(degrees, -score)), alternative)


def _tail(above: float, alternative: Alternative) -> float:
    # `above`: the chance of a score at least as large under no excess.
    if alternative == "greater":
        return above
    if alternative == "less":
        return 1.0 - above
    if alternative == "two-sided":
        return 2.0 * min(above, 1.0 - above)
    raise CallerError(f"expected greater, less or two-sided, found {alternative!r}")
