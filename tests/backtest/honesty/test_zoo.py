"""The zoo itself; what the detectors say of it is in tests/backtest/bias."""

import numpy as np

from undertow.backtest.honesty.zoo import CLEAN, PEEKS, market
from undertow.backtest.instrument_bars import read_bars


def test_at_least_twenty_of_each_kind_and_each_says_what_it_does() -> None:
    assert len(set(PEEKS)) >= 20
    assert len(set(CLEAN)) >= 20
    assert all(kind.__doc__ for kind in (*PEEKS, *CLEAN))


def test_markets_differ_by_their_seed_alone() -> None:
    one, same, other = (read_bars(market(seed, 50))[0].bars.close for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)
