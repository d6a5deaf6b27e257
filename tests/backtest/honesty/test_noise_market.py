"""Expected: prices as cumulated by hand; the planted Sharpe ratio within 4 standard errors."""

from math import sqrt

import numpy as np

from undertow.backtest.honesty.noise_market import (
    HOURS_A_YEAR,
    VOLATILITY,
    diary,
    market_of,
    noise_market,
    planted_market,
)


def test_bars_follow_their_moves() -> None:
    bars = market_of(np.array([0.1, -0.5, 0.0])).bars
    assert np.allclose(bars.close, [110.0, 55.0, 55.0])
    assert np.allclose(bars.open, [100.0, 110.0, 55.0])
    assert np.array_equal(bars.high, np.maximum(bars.open, bars.close))
    assert set(np.diff(bars.open_time_ns)) == {3_600 * 10**9}


def test_noise_has_the_stated_volatility_and_its_seed_alone() -> None:
    one, same, other = (
        noise_market("normal", HOURS_A_YEAR, np.random.default_rng(seed), np.empty(0)).bars.close
        for seed in (1, 1, 2)
    )
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)
    moves = np.diff(one) / one[:-1]
    assert abs(moves.std() * sqrt(HOURS_A_YEAR) - VOLATILITY) < 0.03


def test_diaries_are_fixed_by_their_key_and_hold_half_of_the_blocks() -> None:
    days = diary(3, 24, 24_000)
    assert np.array_equal(days, diary(3, 24, 24_000))
    assert np.array_equal(days[:100], diary(3, 24, 24_000)[:100])
    assert abs(days.mean() - 0.5) < 4 * 0.5 / sqrt(1_000)
    assert not np.array_equal(days, diary(4, 24, 24_000))
    assert len(set(days[:24])) == 1


def test_only_the_right_diary_earns_the_planted_ratio() -> None:
    years = 40
    bars = planted_market(2.0, 24, years * HOURS_A_YEAR, np.random.default_rng(7)).bars
    moves = bars.close / bars.open - 1.0
    for key, ratio in ((0, 2.0), (1, 0.0)):
        earned = np.where(diary(key, 24, len(moves)), moves, 0.0)
        found = earned.mean() / earned.std() * sqrt(HOURS_A_YEAR)
        assert abs(found - ratio) < 4.0 / sqrt(years)
