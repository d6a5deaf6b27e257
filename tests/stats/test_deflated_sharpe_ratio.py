"""Expected: Bailey and Lopez de Prado (2014), and error rates on seeded noise."""

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.domain.errors import CallerError
from undertow.stats.deflated_sharpe_ratio import (
    deflated_benchmark,
    deflated_sharpe,
    deflated_sharpe_of_trials,
)
from undertow.stats.probabilistic_sharpe_ratio import (
    probabilistic_sharpe,
    probabilistic_sharpe_of_returns,
)
from undertow.stats.sharpe_moments import column_sharpes

DAILY = 2.5 / np.sqrt(250)  # the paper: annual 2.5 over 1,250 days, annual trial variance 0.5


def test_the_papers_example() -> None:
    found = deflated_sharpe(
        DAILY, 1250, trials=100, trial_variance=0.5 / 250, skewness=-3.0, kurtosis=10.0
    )
    assert round(found.benchmark, 4) == 0.1132
    assert round(found.probability, 4) == 0.9004


def test_forty_six_trials_and_eighty_eight_of_a_normal() -> None:
    fewer = deflated_sharpe(
        DAILY, 1250, trials=46, trial_variance=0.5 / 250, skewness=-3.0, kurtosis=10.0
    )
    normal = deflated_sharpe(DAILY, 1250, trials=88, trial_variance=0.5 / 250)
    assert round(fewer.probability, 4) == 0.9505
    assert round(normal.probability, 4) == 0.9505


def test_one_trial_is_the_plain_probability() -> None:
    found = deflated_sharpe(DAILY, 1250, trials=1, trial_variance=0.002)
    assert found.benchmark == 0.0
    assert found.probability == probabilistic_sharpe(DAILY, 1250)


def test_a_table_is_its_parts() -> None:
    table = _noise(7, 300, 20)
    found = deflated_sharpe_of_trials(table)
    sharpes = column_sharpes(table)
    expected = deflated_benchmark(found.trials, float(np.var(sharpes, ddof=1)))
    assert found.sharpe == pytest.approx(sharpes.max())
    assert found.benchmark == pytest.approx(expected)
    best = table[:, int(sharpes.argmax())]
    assert found.probability == pytest.approx(
        probabilistic_sharpe_of_returns(best, benchmark=found.benchmark)
    )


def test_trials_that_never_traded_do_not_count() -> None:
    table = _noise(8, 200, 5)
    padded = np.hstack([table, np.zeros((200, 3))])
    assert deflated_sharpe_of_trials(padded) == pytest.approx(deflated_sharpe_of_trials(table))
    assert np.isnan(deflated_sharpe_of_trials(np.zeros((9, 2)))).all()
    with pytest.raises(CallerError, match="column 5 constant"):
        deflated_sharpe_of_trials(padded, chosen=5)
    with pytest.raises(CallerError, match="chosen column of 0 to 7"):
        deflated_sharpe_of_trials(padded, chosen=8)


def test_copies_of_one_trial_are_one_trial() -> None:
    column = _noise(9, 200, 1)
    found = deflated_sharpe_of_trials(np.repeat(column, 50, axis=1))
    assert found.trials == pytest.approx(1.0)
    assert found.benchmark == pytest.approx(0.0, abs=1e-9)


def test_the_best_of_a_thousand_noise_strategies_is_not_certified() -> None:
    """Another engine's luck test flags 5 % of them, as many as of single ones: no power.

    Here the plain probability certifies nearly all, the deflated one at most the stated 5 %.
    """
    plain = deflated = 0
    for seed in range(40):
        table = _noise(seed, 250, 1000)
        best = table[:, int(column_sharpes(table).argmax())]
        plain += probabilistic_sharpe_of_returns(best) >= 0.95
        deflated += deflated_sharpe_of_trials(table).probability >= 0.95
    assert plain == 40
    assert deflated <= 2


def test_a_planted_edge_passes() -> None:
    table = _noise(11, 1000, 50)
    table[:, 17] += 0.25  # annual Sharpe ratio of about 4.8
    assert deflated_sharpe_of_trials(table).probability > 0.99


def test_a_variance_below_zero_is_refused() -> None:
    with pytest.raises(CallerError, match="trial variance"):
        deflated_benchmark(10, -0.1)


def _noise(seed: int, rows: int, columns: int) -> NDArray[np.float64]:
    return np.random.default_rng(seed).standard_normal((rows, columns))
