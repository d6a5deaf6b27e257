"""Deflated Sharpe ratio: the probabilistic one against the best of N worthless trials."""

from math import nan, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from undertow.domain.errors import CallerError
from undertow.stats.array_input import checked_table
from undertow.stats.best_of_trials import expected_maximum
from undertow.stats.probabilistic_sharpe_ratio import probabilistic_sharpe
from undertow.stats.sharpe_moments import column_sharpes, return_moments
from undertow.stats.trial_independence import independent_trials_of_returns


class DeflatedSharpe(NamedTuple):
    """The probability that the true Sharpe ratio is above 0 once the search is paid for.

    `benchmark` is SR0, the expected best of `trials` independent worthless ones; both Sharpe ratios
    are per observation.
    """

    probability: float
    benchmark: float
    sharpe: float
    trials: float


def deflated_benchmark(trials: float, trial_variance: float) -> float:
    """SR0 = sqrt(V) ((1 - g) z(1 - 1/N) + g z(1 - 1/(N e))), per observation; 0 for N = 1.

    `trials` is the number of INDEPENDENT trials, real valued (`independent_trials`), not the raw
    count; `trial_variance` the variance of their per-observation Sharpe ratios (the variance of
    annual ones divided by the periods of a year).

    Source: Bailey and Lopez de Prado (2014), The Deflated Sharpe Ratio, J. Portfolio Management
    40(5).
    """
    if not trial_variance >= 0.0:
        raise CallerError(f"expected a trial variance of at least 0, found {trial_variance!r}")
    return sqrt(trial_variance) * expected_maximum(trials)


def deflated_sharpe(
    sharpe: float,
    observations: float,
    *,
    trials: float,
    trial_variance: float,
    skewness: float = 0.0,
    kurtosis: float = 3.0,
) -> DeflatedSharpe:
    """PSR(SR0) of the chosen strategy.

    Everything per observation, `kurtosis` full. N = 1 gives PSR(0).

    Source: Bailey and Lopez de Prado (2014), The Deflated Sharpe Ratio, J. Portfolio Management
    40(5). Variant: observed-variance PSR.
    """
    benchmark = deflated_benchmark(trials, trial_variance)
    probability = probabilistic_sharpe(
        sharpe, observations, benchmark=benchmark, skewness=skewness, kurtosis=kurtosis
    )
    return DeflatedSharpe(probability, benchmark, sharpe, float(trials))


def deflated_sharpe_of_trials(
    trial_returns: ArrayLike, *, chosen: int | None = None, trials: float | None = None
) -> DeflatedSharpe:
    """The deflated Sharpe ratio of the best (or `chosen`) column among all columns tried.

    `trial_returns`: T x M, every trial made, the bad ones too. V is the sample variance (ddof = 1)
    of the columns' Sharpe ratios; `trials` defaults to rho + (1 - rho) M of their average
    correlation. Columns without variation never traded: they have no Sharpe ratio and do not count.
    NaN when none is left.

    Source: Bailey and Lopez de Prado (2014), The Deflated Sharpe Ratio, J. Portfolio Management
    40(5). Variant: V with ddof=1.
    """
    table = checked_table(trial_returns, "trial returns")
    sharpes = column_sharpes(table)
    traded = np.flatnonzero(~np.isnan(sharpes))
    if not len(traded):
        return DeflatedSharpe(nan, nan, nan, nan)
    best = int(np.nanargmax(sharpes)) if chosen is None else chosen
    if not 0 <= best < len(sharpes):
        raise CallerError(f"expected a chosen column of 0 to {len(sharpes) - 1}, found {chosen}")
    if np.isnan(sharpes[best]):
        raise CallerError(f"expected a chosen column that varies, found column {best} constant")
    counted = independent_trials_of_returns(table[:, traded]) if trials is None else trials
    variance = float(np.var(sharpes[traded], ddof=1)) if len(traded) > 1 else 0.0
    found = return_moments(table[:, best])
    return deflated_sharpe(
        found.sharpe,
        found.observations,
        trials=counted,
        trial_variance=variance,
        skewness=found.skewness,
        kurtosis=found.kurtosis,
    )
