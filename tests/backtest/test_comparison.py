from math import isnan

import numpy as np
import pytest
from tests.backtest.reports.made_results import result

from undertow.backtest.comparison import COMPARED, compare, sharpe_difference


def _equity(seed: int, drift: float, days: int = 200) -> np.ndarray:
    returns = np.random.default_rng(seed).normal(drift, 0.01, days)
    return np.asarray(1_000.0 * np.cumprod(np.r_[1.0, 1.0 + returns]))


def test_measures_stand_side_by_side() -> None:
    good, poor = result(_equity(1, 0.004)), result(_equity(2, -0.004))
    found = compare([good, poor, good])
    assert found.names == ("made by hand (pessimistic)",) * 3
    assert set(found.rows) == set(COMPARED)
    assert found.rows["sharpe"][0] == found.rows["sharpe"][2] > found.rows["sharpe"][1]
    assert found.difference is not None
    assert found.difference.words.endswith("the first is better")
    swapped = compare([poor, good]).difference
    assert swapped is not None
    assert swapped.words.endswith("the second is better")


def test_a_run_beside_itself_is_no_different() -> None:
    one = result(_equity(1, 0.001))
    found = sharpe_difference(one, one)
    assert (found.difference, found.p_value) == (0.0, 1.0)
    assert found.words.endswith("no difference beyond luck")


def test_too_few_days_in_common_say_nothing() -> None:
    found = sharpe_difference(result(_equity(1, 0.001, 20)), result(_equity(2, 0.001, 20)))
    assert isnan(found.difference)
    assert found.words == "20 days in common, 30 are needed to compare"


def test_one_run_alone_is_compared_with_nothing() -> None:
    assert compare([result(_equity(1, 0.001))]).difference is None


@pytest.mark.parametrize("seed", range(3))
def test_the_same_seed_gives_the_same_interval(seed: int) -> None:
    one, other = result(_equity(1, 0.001), seed=seed), result(_equity(2, 0.001))
    assert sharpe_difference(one, other) == sharpe_difference(one, other)
