"""Expected: correlation 0.3 and the planted Sharpe ratio by construction."""

from math import sqrt

import numpy as np

from undertow.backtest.honesty.noise_sample import DAYS_A_YEAR, VOLATILITY, noise_sample
from undertow.backtest.honesty.significance_battery import FAMILY

NONE = np.empty(0)


def test_a_family_of_one_market() -> None:
    sample = noise_sample("normal", 20_000, np.random.default_rng(1), NONE)
    assert sample.returns.shape == (20_000, FAMILY)
    assert np.allclose(sample.returns.std(axis=0), VOLATILITY, rtol=0.03)
    pairs = np.asarray(np.corrcoef(sample.returns.T))[~np.eye(FAMILY, dtype=bool)]
    assert abs(pairs.mean() - 0.3) < 0.02


def test_trades_lie_in_order_within_the_closes() -> None:
    sample = noise_sample("normal", 365, np.random.default_rng(2), NONE)
    entries, exits, sides = sample.trades
    assert len(sample.closes) == 366
    assert (entries < exits).all()
    assert (entries[1:] > exits[:-1]).all()
    assert exits[-1] <= 365
    assert set(sides) == {1}


def test_the_edge_is_in_the_first_column_and_in_the_trades_alone() -> None:
    days = 40_000
    sample = noise_sample("normal", days, np.random.default_rng(3), NONE, sharpe=2.0)
    ratios = sample.returns.mean(axis=0) / sample.returns.std(axis=0) * sqrt(DAYS_A_YEAR)
    error = sqrt(DAYS_A_YEAR / days)
    assert abs(ratios[0] - 2.0) < 4 * error
    assert np.abs(ratios[1:]).max() < 5 * error
    moves = np.diff(np.log(sample.closes))
    inside = np.zeros(days)
    for begin, end in zip(*sample.trades[:2], strict=True):
        inside[begin:end] = 1.0
    earned = moves * inside
    assert abs(earned.mean() / earned.std() * sqrt(DAYS_A_YEAR) - 2.0) < 4 * error
    assert abs((moves * (1.0 - inside)).mean()) < 4 * VOLATILITY / sqrt(days)
