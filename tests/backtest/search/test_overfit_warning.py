"""The warning on invented returns: noise is called noise, an edge that holds is not."""

from math import isnan

import msgspec
import numpy as np
from tests.backtest.reports.made_results import result

from undertow.backtest.result_trial import trial_of
from undertow.backtest.search.overfit_warning import overfit_warning
from undertow.stats.backtest_overfitting import probability_of_backtest_overfitting
from undertow.storage.trial_ledger import Trial


def tries(edge: float, count: int = 20, days: int = 400) -> list[Trial]:
    """Noise; the first has an edge of so much a day."""
    rng = np.random.default_rng(9)
    made = trial_of(result([1_000.0, 1_001.0]), "search")
    table = rng.normal(0.0, 0.01, (count, days))
    table[0] += edge
    return [
        msgspec.structs.replace(made, parameters={"n": n}, returns=row)
        for n, row in enumerate(table)
    ]


def best(found: list[Trial]) -> Trial:
    return max(found, key=lambda trial: trial.returns.mean() / trial.returns.std())


def test_the_best_of_noise_is_not_trusted() -> None:
    found = tries(0.0)
    told = overfit_warning(best(found), found, found)
    assert not told.is_trusted
    assert told.overfit_probability > 0.1
    assert "best of 20 tries" in told.words
    assert "too often a bad choice" in told.words
    table = np.column_stack([trial.returns for trial in found])
    expected = probability_of_backtest_overfitting(table).probability
    assert told.overfit_probability == expected


def test_an_edge_that_holds_is_trusted() -> None:
    found = tries(0.004)
    told = overfit_warning(found[0], found, found)
    assert told.is_trusted
    assert told.overfit_probability < 0.05
    assert "too often" not in told.words


def test_what_cannot_be_told() -> None:
    found = tries(0.0, days=7)
    told = overfit_warning(found[0], found, found)
    assert isnan(told.overfit_probability)
    assert not told.is_trusted
    assert "cannot be told from 20 tries over 7 days" in told.words
    alone = overfit_warning(found[0], found[:1], found[:1])
    assert alone.tries == 1
    assert isnan(alone.overfit_probability)


def test_repetitions_and_other_stretches_are_no_columns() -> None:
    found = tries(0.0, count=4, days=40)
    short = msgspec.structs.replace(found[1], returns=found[1].returns[:10])
    told = overfit_warning(found[0], [*found, found[2], short], found)
    assert told.tries == 4
