"""Sharpe haircut: the Sharpe ratio that is left after multiple testing is paid for."""

from math import nan, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from undertow.domain.errors import CallerError
from undertow.stats.columns import checked_series
from undertow.stats.multiple_testing import Correction, adjusted_p_values


class SharpeHaircut(NamedTuple):
    """Two-sided p-value before and after; the annual Sharpe ratio after; the share cut off (0 to
    1).

    `haircut` is NaN where the Sharpe ratio was not above 0: there is nothing to cut.
    """

    p_value: float
    adjusted_p_value: float
    sharpe: float
    haircut: float


def sharpe_haircut(
    annual_sharpe: float, observations: int, *, trials: float, periods_per_year: float = 12.0
) -> SharpeHaircut:
    """t = SR sqrt(n / P); p = 2 (1 - T(t)); p_adj = min(1, M p); SR' = T^-1(1 - p_adj/2) sqrt(P /
    n).

    Bonferroni, the only correction of the paper that is deterministic; T has n - 1 degrees of
    freedom. A Sharpe ratio at or below 0 is cut to 0, the sign is never lost.

    Source: Harvey and Liu (2015), Backtesting, J. Portfolio Management 42(1).
    """
    if not trials >= 1.0:
        raise CallerError(f"expected at least 1 trial, found {trials!r}")
    p_value = _p_value(annual_sharpe, observations, periods_per_year)
    return _cut(
        annual_sharpe, (p_value, min(1.0, trials * p_value)), observations, periods_per_year
    )


def sharpe_haircuts_of_family(
    annual_sharpes: ArrayLike,
    observations: int,
    *,
    correction: Correction = "holm",
    periods_per_year: float = 12.0,
) -> list[SharpeHaircut]:
    """The haircut of every trial of a family whose Sharpe ratios are ALL given, by any correction.

    Holm and BHY (Benjamini-Yekutieli) here adjust the p-values of the trials given. The paper draws
    the p-values of unseen trials from a simulated panel instead: another, random number.

    Source: Harvey and Liu (2015), Backtesting, J. Portfolio Management 42(1).
    """
    sharpes = checked_series(annual_sharpes, "annual Sharpe ratios", least=1)
    raw = [_p_value(float(one), observations, periods_per_year) for one in sharpes]
    adjusted = adjusted_p_values(np.array(raw), correction)
    return [
        _cut(float(one), (before, float(after)), observations, periods_per_year)
        for one, before, after in zip(sharpes, raw, adjusted, strict=True)
    ]


def sharpe_haircut_among(
    annual_sharpe: float,
    observations: int,
    other_p_values: ArrayLike,
    *,
    correction: Correction = "holm",
    periods_per_year: float = 12.0,
) -> SharpeHaircut:
    """The haircut of one strategy among tests whose two-sided p-values are given.

    `other_p_values`: of the other tests of the family, this one not among them (none: no cut).
    Otherwise as `sharpe_haircuts_of_family`.

    Source: Harvey and Liu (2015), Backtesting, J. Portfolio Management 42(1).
    """
    own = _p_value(annual_sharpe, observations, periods_per_year)
    others = checked_series(other_p_values, "p-values")
    adjusted = adjusted_p_values(np.concatenate([[own], others]), correction)
    return _cut(annual_sharpe, (own, float(adjusted[0])), observations, periods_per_year)


def _p_value(annual_sharpe: float, observations: int, periods_per_year: float) -> float:
    from scipy.special import stdtr

    if observations < 2 or not periods_per_year > 0.0:
        raise CallerError(
            f"expected at least 2 observations and periods per year above 0, found {observations} "
            f"and {periods_per_year!r}"
        )
    score = annual_sharpe * sqrt(observations / periods_per_year)
    return min(1.0, 2.0 * float(stdtr(observations - 1, -score)))


def _cut(
    annual_sharpe: float, p_values: tuple[float, float], observations: int, periods_per_year: float
) -> SharpeHaircut:
    from scipy.special import stdtrit

    score = max(-float(stdtrit(observations - 1, p_values[1] / 2.0)), 0.0)
    left = min(score * sqrt(periods_per_year / observations), max(annual_sharpe, 0.0))
    haircut = 1.0 - left / annual_sharpe if annual_sharpe > 0.0 else nan
    return SharpeHaircut(*p_values, left, haircut)
