"""Expected: worked by hand, empyrical-reloaded 0.7.1, and a slow loop. Tolerance 1e-12 relative."""

from math import isnan

import empyrical
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.errors import CallerError
from undertow.stats import (
    Drawdown,
    compounded_equity,
    costliest_drawdown,
    deepest_drawdown,
    drawdown_episodes,
    drawdown_times,
    longest_drawdown,
    max_drawdown,
    max_drawdown_amount,
    time_under_water,
    underwater,
)

# Half of 10 is lost early, then 20 of 100: deepest and costliest are different episodes.
CURVE = [10.0, 10.0, 5.0, 8.0, 10.0, 100.0, 90.0, 80.0, 95.0, 120.0, 119.0]
curves = st.lists(st.integers(1, 50), min_size=1, max_size=40)


def test_the_curve_worked_by_hand() -> None:
    first, second, last = drawdown_episodes(CURVE)
    assert first == Drawdown(1, 2, 4, 10.0, 5.0, -0.5, 5.0, 1, 3, False)
    assert second[:4] == (5, 7, 9, 100.0)
    assert second.depth == pytest.approx(-0.2)
    assert (second.amount, second.fall, second.length) == (20.0, 2, 4)
    assert last[:3] == (9, 10, -1)
    assert last.is_open
    assert last.length == 1


def test_fraction_and_money_each_from_its_own_episode() -> None:
    deepest, costliest = deepest_drawdown(CURVE), costliest_drawdown(CURVE)
    assert deepest is not None
    assert costliest is not None
    assert (max_drawdown(CURVE), deepest.depth) == (-0.5, -0.5)
    assert (max_drawdown_amount(CURVE), costliest.amount) == (20.0, 20.0)
    assert deepest.peak != costliest.peak
    longest = longest_drawdown(CURVE)
    assert longest is not None
    assert longest.length == 4


def test_times_run_from_the_peak_to_the_recovery() -> None:
    first, _, last = drawdown_episodes(CURVE)
    times = np.arange(11) * 10
    assert drawdown_times(first, times) == (10, 20, 40, 10, 30)
    assert drawdown_times(last, times) == (90, 100, -1, 10, 10)
    with pytest.raises(CallerError, match="more than 10 times"):
        drawdown_times(last, times[:10])


def test_a_loss_in_the_first_period_is_a_drawdown() -> None:
    assert max_drawdown([100.0, 90.0, 120.0]) == pytest.approx(-0.1)
    assert max_drawdown(compounded_equity([-0.1, 0.2])) == pytest.approx(-0.1)


def test_under_water() -> None:
    # Of ten points after the start six are below a peak: 5, 8, 90, 80, 95, 119.
    assert time_under_water(CURVE) == pytest.approx(0.6)
    assert underwater(CURVE)[[0, 2, 7]].tolist() == pytest.approx([0.0, -0.5, -0.2])


def test_a_curve_that_never_falls() -> None:
    assert drawdown_episodes([1.0, 1.0, 2.0]) == ()
    assert deepest_drawdown([1.0]) is None
    assert (max_drawdown([1.0]), max_drawdown_amount([1.0])) == (0.0, 0.0)
    assert isnan(time_under_water([1.0]))
    assert time_under_water([1.0, 1.0]) == 0.0


def test_more_than_everything_can_be_lost() -> None:
    assert max_drawdown([100.0, -20.0]) == pytest.approx(-1.2)


def test_agrees_with_empyrical() -> None:
    returns = np.random.default_rng(1).normal(0.0, 0.02, (300, 5))
    expected = [empyrical.max_drawdown(returns[:, k]) for k in range(5)]
    assert max_drawdown(compounded_equity(returns)).tolist() == pytest.approx(expected, rel=1e-12)


def test_bad_input_is_refused() -> None:
    with pytest.raises(CallerError, match="starting equity above 0, found 0"):
        max_drawdown([0.0, 1.0])
    with pytest.raises(CallerError, match="at least 1 equity"):
        underwater([])
    with pytest.raises(CallerError, match="shape"):
        drawdown_episodes(np.ones((3, 2)))


@given(curves)
def test_episodes_agree_with_a_slow_loop(curve: list[int]) -> None:
    peak, depth, amount, wet = 0.0, 0.0, 0.0, 0
    for value in curve:
        peak = max(peak, value)
        depth, amount = min(depth, value / peak - 1.0), max(amount, peak - value)
        wet += value < peak
    episodes = drawdown_episodes(curve)
    assert max_drawdown(curve) == min([e.depth for e in episodes], default=0.0) == depth
    assert max_drawdown_amount(curve) == max([e.amount for e in episodes], default=0.0) == amount
    # Points below water: from after the peak to before the recovery, or to the end.
    assert sum(e.length - (not e.is_open) for e in episodes) == wet


@given(curves, st.integers(1, 10))
def test_the_unit_of_money_does_not_matter(curve: list[int], scale: int) -> None:
    scaled = [value * scale for value in curve]
    assert max_drawdown(scaled) == pytest.approx(max_drawdown(curve), rel=1e-12)
    assert max_drawdown_amount(scaled) == max_drawdown_amount(curve) * scale
