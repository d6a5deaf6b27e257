"""What a result is worth after all the tries that led to it.

The trial ledger knows every run of the same strategy family on the same market over the same time,
a search's trials included. Whoever looks a hundred times finds something: the deflated Sharpe ratio
asks whether this result is better than the best of that many worthless tries would be.

Two choices, both on the careful side. The number of independent tries is rho + (1 - rho) M of the
tries' average correlation, over the days of this run. The variance of a worthless try's Sharpe
ratio is the larger of what the tries show and of what chance alone gives (1 / observations): tries
that resemble each other scatter little, and counting them as few AND scattering little would be
forgiving twice.
"""

from collections.abc import Sequence
from math import isnan, nan, sqrt

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.stats.annualisation import DAYS_PER_YEAR
from undertow.stats.backtest_length import minimum_backtest_years
from undertow.stats.deflated_sharpe_ratio import deflated_sharpe
from undertow.stats.haircut import sharpe_haircut
from undertow.stats.sharpe_moments import column_sharpes, return_moments
from undertow.stats.track_record_length import minimum_track_record
from undertow.stats.trial_independence import independent_trials_of_returns
from undertow.storage.trial_ledger import Trial

CONFIDENCE = 0.95
_LEAST_DAYS = 3
_YEAR_ROOT = sqrt(DAYS_PER_YEAR)


class Deflation(msgspec.Struct, frozen=True, kw_only=True):
    """What the tries leave of a result; undefined numbers are NaN.

    tries: rows of the ledger, this one included; distinct: without exact repetitions. independent:
    how many they amount to. is_best: no other try has a higher Sharpe ratio. sharpe: of a year.
    expected_best_sharpe: the yearly one that the best of so many worthless tries would show.
    deflated_sharpe: the probability that the true Sharpe ratio is above 0 (PSR of that benchmark).
    days: observations. minimum_track_record_days: how many it takes to be 95 % sure that the Sharpe
    ratio is above `expected_best_sharpe`. minimum_backtest_years: shorter histories make the best
    of so many worthless tries show a yearly Sharpe ratio of 1. haircut_sharpe: what Bonferroni's
    correction leaves of the yearly one (Harvey and Liu).
    """

    tries: int
    distinct: int
    independent: float
    is_best: bool
    days: int
    sharpe: float
    expected_best_sharpe: float
    deflated_sharpe: float
    minimum_track_record_days: float
    minimum_backtest_years: float
    haircut_sharpe: float

    @property
    def words(self) -> str:
        """For the first lines of a report."""
        place = "the best" if self.is_best else "one"
        tries = "1 try" if self.tries == 1 else f"{self.tries} tries"
        start = f"{place} of {tries} ({self.independent:.1f} independent) of this strategy here"
        if self.tries == 1:
            start = "the first try of this strategy here"
        if isnan(self.deflated_sharpe):
            return f"{start}; too little traded to say more"
        verdict = "more than" if self.deflated_sharpe >= CONFIDENCE else "NOT more than"
        return (
            f"{start}; worthless ones would show a Sharpe ratio of up to "
            f"{self.expected_best_sharpe:.2f}, this shows {self.sharpe:.2f}: {verdict} luck at "
            f"{CONFIDENCE:.0%} (deflated Sharpe ratio {self.deflated_sharpe:.3f})"
        )


def deflate(chosen: Trial, others: Sequence[Trial]) -> Deflation:
    """Judge one try among all tries of its family on its market over its time.

    others: what the ledger has, with or without the chosen one itself; exact repetitions count as
    tries but not as further looks.
    """
    kept = {chosen.identity: chosen}
    for trial in others:
        kept.setdefault(trial.identity, trial)
    is_counted = any(trial.identity == chosen.identity for trial in others)
    tries = len(others) + (not is_counted)
    table = _aligned(chosen, list(kept.values()))
    if len(table) < _LEAST_DAYS:
        return _undefined(tries, len(kept), len(table))
    independent = independent_trials_of_returns(table) if len(kept) > 1 else 1.0
    sharpes = column_sharpes(table)
    own = return_moments(table[:, 0])
    if isnan(own.sharpe):
        return _undefined(tries, len(kept), len(table))
    found = deflated_sharpe(
        own.sharpe,
        len(table),
        trials=max(1.0, independent),
        trial_variance=_variance(sharpes, len(table)),
        skewness=own.skewness,
        kurtosis=own.kurtosis,
    )
    yearly = own.sharpe * _YEAR_ROOT
    return Deflation(
        tries=tries,
        distinct=len(kept),
        independent=independent,
        is_best=bool(own.sharpe >= np.nanmax(sharpes)),
        days=len(table),
        sharpe=yearly,
        expected_best_sharpe=found.benchmark * _YEAR_ROOT,
        deflated_sharpe=found.probability,
        minimum_track_record_days=minimum_track_record(
            own.sharpe,
            benchmark=found.benchmark,
            skewness=own.skewness,
            kurtosis=own.kurtosis,
            confidence=CONFIDENCE,
        ),
        minimum_backtest_years=minimum_backtest_years(max(1.0, independent)),
        haircut_sharpe=sharpe_haircut(
            yearly, len(table), trials=max(1.0, independent), periods_per_year=DAYS_PER_YEAR
        ).sharpe,
    )


def _aligned(chosen: Trial, trials: Sequence[Trial]) -> NDArray[np.float64]:
    # Days of the chosen one down, tries across; a day on which a try did not run is a day flat.
    days = len(chosen.returns)
    table = np.zeros((days, len(trials)))
    for column, trial in enumerate(trials):
        shift = trial.first_day - chosen.first_day
        begin, end = max(0, shift), min(days, shift + len(trial.returns))
        if begin < end:
            table[begin:end, column] = trial.returns[begin - shift : end - shift]
    return table


def _variance(sharpes: NDArray[np.float64], observations: int) -> float:
    traded = sharpes[~np.isnan(sharpes)]
    shown = float(np.var(traded, ddof=1)) if len(traded) > 1 else 0.0
    return max(shown, 1.0 / observations)


def _undefined(tries: int, distinct: int, days: int) -> Deflation:
    return Deflation(
        tries=tries,
        distinct=distinct,
        independent=float(distinct),
        is_best=False,
        days=days,
        sharpe=nan,
        expected_best_sharpe=nan,
        deflated_sharpe=nan,
        minimum_track_record_days=nan,
        minimum_backtest_years=nan,
        haircut_sharpe=nan,
    )
