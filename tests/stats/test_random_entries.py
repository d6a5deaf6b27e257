"""Expected: all placements counted by hand, uniform p-values on noise, a planted edge found."""

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.stats import random_entry_test


def generator(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_one_trade_against_every_place_by_hand() -> None:
    # Held for one of four steps: returns 0.1, 0.5, -0.5, 0.2; the trade took 0.2.
    closes = np.cumprod([1.0, 1.1, 1.5, 0.5, 1.2])
    found = random_entry_test(closes, ([3], [4], [1]), generator(), resamples=20_000)
    assert found.actual == pytest.approx(0.2)
    assert found.mean == pytest.approx(0.075, abs=0.01)
    assert found.p_value == pytest.approx(0.5, abs=0.02)
    assert (found.trades, found.resamples, found.overlap) == (1, 20_000, False)


def test_a_short_earns_when_prices_fall_and_costs_move_both() -> None:
    found = random_entry_test([1.0, 1.0, 0.5], ([1], [2], [-1]), generator(), cost=0.01)
    assert found.actual == pytest.approx(0.49)
    assert found.mean == pytest.approx(0.24, abs=0.03)


def test_trades_that_fill_everything_have_no_other_place() -> None:
    closes = [1.0, 2.0, 3.0]
    found = random_entry_test(closes, ([0, 1], [1, 2], [1, 1]), generator(), resamples=50)
    assert found.p_value == 1.0
    assert found.mean == pytest.approx(found.actual)


def test_random_trades_stay_apart_unless_the_rule_s_overlap() -> None:
    # Apart, two trades of 2 in 5 closes leave one place each: 0-2 and 2-4.
    closes = np.array([1.0, 1.0, 2.0, 2.0, 5.0])
    apart = random_entry_test(closes, ([0, 2], [2, 4], [1, 1]), generator(), resamples=200)
    assert apart.deviation == pytest.approx(0.0, abs=1e-12)
    free = random_entry_test(closes, ([0, 1], [2, 3], [1, 1]), generator(), resamples=200)
    assert free.overlap
    assert free.deviation > 0.0
    with pytest.raises(CallerError, match="fit into 5 closes"):
        random_entry_test(closes, ([0, 1], [3, 4], [1, 1]), generator(), overlap=False)


def test_on_noise_the_p_value_is_uniform() -> None:
    rng, below = generator(3), 0
    for _ in range(300):
        closes = np.exp(np.cumsum(rng.normal(0.001, 0.01, 300)))
        entries = np.sort(rng.choice(58, 20, replace=False)) * 5
        exits = entries + rng.integers(1, 5, 20)
        found = random_entry_test(closes, (entries, exits, np.ones(20)), rng, resamples=99)
        below += found.p_value <= 0.1
    # 30 expected; 3.5 standard deviations.
    assert 12 <= below <= 49


def test_a_rule_that_sees_the_next_bar_is_found_and_its_opposite_is_not() -> None:
    rng = generator(4)
    closes = np.exp(np.cumsum(rng.normal(0.0, 0.01, 500)))
    entries = np.flatnonzero(np.diff(closes) > 0.0)[::3]
    trades = (entries, entries + 1, np.ones(len(entries)))
    assert random_entry_test(closes, trades, rng, resamples=999).p_value == 0.001
    mirrored = (entries, entries + 1, -np.ones(len(entries)))
    assert random_entry_test(closes, mirrored, rng, resamples=999).p_value == 1.0


def test_drift_alone_is_no_skill() -> None:
    rng = generator(5)
    closes = np.exp(np.cumsum(np.full(400, 0.002) + rng.normal(0, 1e-4, 400)))
    entries = np.arange(0, 390, 13)
    found = random_entry_test(closes, (entries, entries + 5, np.ones(30)), rng)
    assert found.actual > 0.009
    assert found.p_value > 0.05


def test_bad_input_is_refused() -> None:
    with pytest.raises(CallerError, match="1, 0, 1 at index 0"):
        random_entry_test([1.0, 2.0], ([1], [0], [1]), generator())
    with pytest.raises(CallerError, match="side 1 or -1, found 0, 1, 2 at index 0"):
        random_entry_test([1.0, 2.0], ([0], [1], [2]), generator())
    with pytest.raises(CallerError, match="as many exits and sides"):
        random_entry_test([1.0, 2.0], ([0], [1], [1, 1]), generator())
    with pytest.raises(CallerError, match="closes above 0"):
        random_entry_test([1.0, -2.0], ([0], [1], [1]), generator())
    with pytest.raises(CallerError, match="at least 1 sides"):
        random_entry_test([1.0, 2.0], ([], [], []), generator())
    with pytest.raises(CallerError, match="at least 1 resample"):
        random_entry_test([1.0, 2.0], ([0], [1], [1]), generator(), resamples=0)
