"""Expected: the gate's own checks, a reader's earnings worked from the market, no wrong pass."""

import numpy as np
import pytest

from undertow.backtest.honesty.market_search import (
    RULES,
    AveragePair,
    DiaryReader,
    MarketSearch,
    average_pairs,
    coin_tosses,
)
from undertow.backtest.honesty.noise_market import diary, noise_market, planted_market
from undertow.backtest.signal_run import run_signals

BARS = 365 * 24


def test_pairs_differ_and_the_slow_one_is_slower() -> None:
    pairs = average_pairs(1_000, np.random.default_rng(1))
    assert len(pairs) == 1_000
    assert all(isinstance(pair, AveragePair) and pair.slow > pair.fast for pair in pairs)
    assert len({(pair.fast, pair.slow) for pair in pairs if isinstance(pair, AveragePair)}) == 1_000
    assert pairs[:5] != average_pairs(1_000, np.random.default_rng(2))[:5]


def test_coins_differ_from_search_to_search() -> None:
    rng = np.random.default_rng(1)
    one, two = coin_tosses(3, 24, rng), coin_tosses(3, 24, rng)
    assert len({coin.key for coin in (*one, *two) if isinstance(coin, DiaryReader)}) == 6


def test_a_reader_holds_its_own_bars_and_pays_nothing() -> None:
    source = planted_market(2.0, 24, 2_400, np.random.default_rng(3))
    run = run_signals(DiaryReader(), [source], RULES)
    equity = run.equity().equity
    moves = np.diff(equity) != 0.0
    wanted = diary(0, 24, 2_400)
    wanted[0] = False  # nothing can be decided before the first bar has closed
    assert (moves == wanted).mean() > 0.99
    assert sum(trade.fees + trade.slippage for trade in run.result().trades) == pytest.approx(0.0)


def test_the_best_of_noise_is_judged_by_all_checks_and_fails() -> None:
    rng = np.random.default_rng(4)
    search = MarketSearch(average_pairs(30, rng), noise_market("normal", BARS, rng, np.empty(0)))
    best = search.best(30)
    assert search.sharpes[best] == np.nanmax(search.sharpes)
    assert search.best(10) < 10
    verdict = search.verdict(30, rng)
    names = {check.name for check in verdict.checks}
    assert {"deflated_sharpe", "random_entries", "overfitting", "profit_factor"} <= names
    assert not verdict.passed


def test_a_great_edge_passes_alone_and_among_others() -> None:
    rng = np.random.default_rng(5)
    source = planted_market(6.0, 24, BARS, rng)
    search = MarketSearch([DiaryReader(key=key) for key in range(20)], source)
    assert search.best(20) == 0
    assert search.verdict(1, rng).reasons == ()
    assert search.verdict(20, rng).reasons == ()
    assert "overfitting" not in {check.name for check in search.verdict(1, rng).checks}
