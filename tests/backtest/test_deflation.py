"""Deflation of a result by the tries of the ledger; expectations from the definitions, by hand."""

from math import isnan, sqrt

import numpy as np
import pytest

from undertow.backtest.deflation import deflate
from undertow.stats.best_of_trials import expected_maximum
from undertow.stats.probabilistic_sharpe_ratio import probabilistic_sharpe_of_returns
from undertow.storage.trial_ledger import Trial

DAYS = 730


def _trial(returns: np.ndarray, name: int = 0, first_day: int = 20_000) -> Trial:
    return Trial(
        kind="backtest",
        family="f",
        market="m",
        parameters={"name": name},
        settings_digest="",
        data_digest="",
        start_ns=0,
        stop_ns=1,
        first_day=first_day,
        returns=returns,
    )


def _noise(seed: int, days: int = DAYS) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.0, 0.01, days)


def test_the_first_try_is_only_asked_whether_it_is_above_zero() -> None:
    returns = _noise(1) + 0.001
    found = deflate(_trial(returns), [])
    assert (found.tries, found.distinct, found.independent, found.is_best) == (1, 1, 1.0, True)
    assert found.expected_best_sharpe == 0.0
    assert found.deflated_sharpe == pytest.approx(probabilistic_sharpe_of_returns(returns))
    assert found.sharpe == pytest.approx(returns.mean() / returns.std(ddof=1) * sqrt(365))
    assert found.words.startswith("the first try of this strategy here; worthless ones")


def test_the_benchmark_grows_with_the_tries() -> None:
    chosen = _trial(_noise(1) + 0.001, 1)
    others = [_trial(_noise(seed), seed) for seed in range(2, 102)]
    found = deflate(chosen, [chosen, *others])
    assert (found.tries, found.distinct) == (101, 101)
    assert found.independent == pytest.approx(101, rel=0.05)
    # Worthless independent tries: their Sharpe ratios scatter by 1 / sqrt(days).
    expected = expected_maximum(found.independent) / sqrt(DAYS) * sqrt(365)
    assert found.expected_best_sharpe == pytest.approx(expected, rel=0.15)
    assert found.expected_best_sharpe >= expected * (1 - 1e-9)
    assert found.deflated_sharpe < deflate(chosen, []).deflated_sharpe
    assert found.haircut_sharpe < found.sharpe


def test_a_try_made_again_is_counted_but_is_no_further_look() -> None:
    chosen = _trial(_noise(1) + 0.001)
    once, thrice = deflate(chosen, [chosen]), deflate(chosen, [chosen] * 3)
    assert (once.tries, thrice.tries, thrice.distinct) == (1, 3, 1)
    assert thrice.deflated_sharpe == once.deflated_sharpe


def test_tries_that_resemble_each_other_count_as_few_and_are_not_forgiven_twice() -> None:
    common = _noise(1)
    tries = [_trial(common + 0.05 * _noise(seed), seed) for seed in range(2, 52)]
    found = deflate(tries[0], tries)
    assert found.independent < 1.5
    # Their own scatter is tiny; the benchmark is still that of chance.
    benchmark = expected_maximum(found.independent) / sqrt(DAYS) * sqrt(365)
    assert found.expected_best_sharpe == pytest.approx(benchmark)


def test_days_are_matched_and_a_day_without_a_run_is_flat() -> None:
    returns = _noise(1)
    late = _trial(returns[:-100], 2, first_day=20_100)
    found = deflate(_trial(returns, 1), [late])
    shifted = deflate(_trial(returns, 1), [_trial(np.r_[np.zeros(100), returns[:-100]], 2)])
    assert found == shifted
    outside = deflate(_trial(returns, 1), [_trial(returns, 2, first_day=90_000)])
    assert outside.distinct == 2
    assert outside.independent == 1.0


def test_is_best_is_said_of_the_best_alone() -> None:
    good, bad = _trial(_noise(1) + 0.002, 1), _trial(_noise(2) - 0.002, 2)
    assert deflate(good, [good, bad]).is_best
    assert not deflate(bad, [good, bad]).is_best
    assert deflate(bad, [good, bad]).words.startswith("one of 2 tries (2.0 independent)")


@pytest.mark.parametrize("returns", [np.zeros(50), np.array([0.01, 0.02]), np.empty(0)])
def test_without_trading_nothing_is_said(returns: np.ndarray) -> None:
    found = deflate(_trial(returns), [_trial(_noise(3), 3)])
    assert isnan(found.deflated_sharpe)
    assert found.words.endswith("too little traded to say more")


def test_luck_is_called_luck_on_noise() -> None:
    # The best of 200 worthless tries, a hundred times: called more than luck rarely.
    called = 0
    for market in range(100):
        rng = np.random.default_rng(market)
        table = rng.normal(0.0, 0.01, (365, 200))
        tries = [_trial(table[:, i].copy(), i) for i in range(200)]
        best = int(np.argmax(table.mean(axis=0) / table.std(axis=0)))
        called += deflate(tries[best], tries).deflated_sharpe >= 0.95
    assert called <= 5
