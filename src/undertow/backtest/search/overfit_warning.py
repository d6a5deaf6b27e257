"""How likely it is that the best of a search was luck: what stands beside the best row.

Two questions. Is the best better than the best of as many worthless tries would be (deflated
Sharpe ratio, all tries of the ledger counted)? And does choosing the best in one half of the days
choose a good one in the other (probability of backtest overfitting by CSCV)?
"""

from collections.abc import Sequence
from math import isnan, nan

import msgspec
import numpy as np

from undertow.backtest.deflation import CONFIDENCE, Deflation, deflate
from undertow.stats.backtest_overfitting import probability_of_backtest_overfitting
from undertow.storage.trial_ledger import Trial

MOST_BLOCKS, LEAST_BLOCKS = 16, 4
TRUSTED = 0.1
"""A probability of overfitting above this is told as a warning."""


class OverfitWarning(msgspec.Struct, frozen=True):
    """deflation: of the best try among all of its family here. overfit_probability: by CSCV over
    `tries` tries and `days` days, NaN for fewer than two tries or 8 days.
    """

    deflation: Deflation
    overfit_probability: float
    tries: int
    days: int

    @property
    def is_trusted(self) -> bool:
        """True when both questions are answered well."""
        return self.deflation.deflated_sharpe >= CONFIDENCE and self.overfit_probability <= TRUSTED

    @property
    def words(self) -> str:
        """For the place beside the best row."""
        if isnan(self.overfit_probability):
            found = f"overfitting cannot be told from {self.tries} tries over {self.days} days"
        else:
            found = (
                f"probability of overfitting {self.overfit_probability:.0%} "
                f"(CSCV, {self.tries} tries, {self.days} days)"
            )
            if self.overfit_probability > TRUSTED:
                found += ": the best of one half of the time is too often a bad choice in the other"
        return f"{self.deflation.words}; {found}"


def overfit_warning(best: Trial, tries: Sequence[Trial], known: Sequence[Trial]) -> OverfitWarning:
    """tries: those of this search. known: what the ledger has of the family; without a ledger the
    same tries.
    """
    alike = {
        trial.identity: trial
        for trial in tries
        if trial.first_day == best.first_day and len(trial.returns) == len(best.returns)
    }
    columns = [trial.returns for trial in alike.values()]
    days = len(best.returns)
    blocks = min(MOST_BLOCKS, days // 2 // 2 * 2)
    probability = nan
    if len(columns) > 1 and blocks >= LEAST_BLOCKS:
        table = np.column_stack(columns)
        probability = probability_of_backtest_overfitting(table, blocks=blocks).probability
    return OverfitWarning(deflate(best, known), probability, len(columns), days)
