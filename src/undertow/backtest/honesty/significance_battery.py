"""Every significance test of the toolbox on one sample: a p-value each.

A sample is a table of daily returns, column 0 being the strategy that is asked about, and beside it
the closes and trades of a strategy in the market half of the time. Small p-values say "an edge".
"""

import msgspec
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from undertow.stats.backtest_overfitting import probability_of_backtest_overfitting
from undertow.stats.deflated_sharpe_ratio import deflated_sharpe_of_trials
from undertow.stats.mean_return import mean_return_test, mean_return_test_hac
from undertow.stats.multiple_testing import benjamini_hochberg, bonferroni, holm
from undertow.stats.probabilistic_sharpe_ratio import (
    probabilistic_sharpe_null_variance,
    probabilistic_sharpe_of_returns,
)
from undertow.stats.random_entries import random_entry_test
from undertow.stats.reality_check import superior_predictive_ability, white_reality_check
from undertow.stats.sharpe_bootstrap import sharpe_difference_bootstrap
from undertow.stats.sharpe_comparison import sharpe_difference
from undertow.stats.sharpe_moments import return_moments
from undertow.stats.track_record_length import minimum_track_record

Table = NDArray[np.float64]

FAMILY = 20
"""Strategies in a family, column 0 among them."""

RESAMPLES = 499
PBO_BLOCKS = 8

SINGLE = {
    "t": "mean return, Student's t",
    "t_hac": "mean return, HAC",
    "psr": "probabilistic Sharpe ratio",
    "psr_null": "the same, variance under the null",
    "random_entries": "random entries",
}
PAIR = {
    "lw_hac": "Ledoit-Wolf, HAC",
    "lw_white": "Ledoit-Wolf, HAC prewhitened",
    "lw_boot": "Ledoit-Wolf, studentised bootstrap",
}
FAMILIES = {
    "naive": "the best t test of 20, not corrected",
    "bonferroni": "Bonferroni",
    "holm": "Holm",
    "bh": "Benjamini-Hochberg",
    "white": "White's reality check",
    "spa": "superior predictive ability",
    "dsr": "deflated Sharpe ratio of the best",
}
WORDS = {**SINGLE, **PAIR, **FAMILIES}


class Sample(msgspec.Struct, frozen=True):
    """returns: shape (n, `FAMILY`). closes: shape (n + 1,). trades: entries, exits, sides."""

    returns: Table
    closes: Table
    trades: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


def single_p_values(sample: Sample, rng: Generator) -> dict[str, float]:
    """Of the tests of one strategy, one-sided."""
    own = sample.returns[:, 0]
    found = return_moments(own)
    null = probabilistic_sharpe_null_variance(
        found.sharpe, found.observations, skewness=found.skewness, kurtosis=found.kurtosis
    )
    entries = random_entry_test(sample.closes, sample.trades, rng, resamples=RESAMPLES)
    return {
        "t": mean_return_test(own).p_value,
        "t_hac": mean_return_test_hac(own).p_value,
        "psr": 1.0 - probabilistic_sharpe_of_returns(own),
        "psr_null": 1.0 - null,
        "random_entries": entries.p_value,
    }


def pair_p_values(sample: Sample, rng: Generator) -> dict[str, float]:
    """Of column 0 against column 1, two-sided."""
    first, second = sample.returns[:, 0], sample.returns[:, 1]
    found = sharpe_difference(first, second)
    drawn = sharpe_difference_bootstrap(first, second, rng, resamples=RESAMPLES)
    return {
        "lw_hac": found.p_value,
        "lw_white": found.prewhitened_p_value,
        "lw_boot": drawn.p_value,
    }


def family_p_values(sample: Sample, rng: Generator) -> dict[str, Table]:
    """Of all columns: adjusted ones, shape (`FAMILY`,), or one for the best, shape (1,)."""
    table = sample.returns
    plain = np.array([mean_return_test(column).p_value for column in table.T])
    return {
        "naive": plain,
        "bonferroni": bonferroni(plain),
        "holm": holm(plain),
        "bh": benjamini_hochberg(plain),
        "white": np.array([white_reality_check(table, rng, resamples=RESAMPLES).p_value]),
        "spa": np.array([superior_predictive_ability(table, rng, resamples=RESAMPLES).consistent]),
        "dsr": np.array([1.0 - deflated_sharpe_of_trials(table).probability]),
    }


def overfitting(sample: Sample) -> float:
    """Probability of backtest overfitting of the family."""
    return probability_of_backtest_overfitting(sample.returns, blocks=PBO_BLOCKS).probability


def is_long_enough(sample: Sample, confidence: float) -> bool:
    """Whether the minimum track record length calls column 0's record long enough."""
    found = return_moments(sample.returns[:, 0])
    least = minimum_track_record(
        found.sharpe, skewness=found.skewness, kurtosis=found.kurtosis, confidence=confidence
    )
    return bool(found.observations >= least)
