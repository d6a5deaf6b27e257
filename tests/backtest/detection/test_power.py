from math import isnan

import numpy as np
import pytest

from undertow.backtest.detection.episode import Tally
from undertow.backtest.detection.power import alarms_a_day, f1_of, power_of


def _tally(episodes: int, found: int, false: int, delays: tuple[float, ...] = ()) -> Tally:
    return Tally(episodes, found, false, 0, 43_200, list(delays))


def test_ratios_are_of_sums_not_means_of_ratios() -> None:
    power = power_of([_tally(10, 8, 2), _tally(2, 0, 8)])
    assert (power.days, power.episodes, power.found, power.false) == (2, 12, 8, 10)
    assert power.precision.value == pytest.approx(8 / 18)
    assert power.recall.value == pytest.approx(8 / 12)
    assert power.f1 == pytest.approx(16 / 30)


def test_delays_are_of_all_days_together() -> None:
    power = power_of([_tally(3, 2, 0, (1.0, 5.0)), _tally(3, 1, 0, (3.0,))])
    assert power.delay_median_s == 3.0
    assert power.delay_90_s == pytest.approx(4.6)


def test_nothing_is_not_zero() -> None:
    power = power_of([_tally(0, 0, 0)])
    assert isnan(power.precision.value)
    assert isnan(power.recall.value)
    assert isnan(power.delay_median_s)
    assert isnan(f1_of(0, 0, 0))
    assert isnan(alarms_a_day([]).value)


def test_alarms_are_per_day() -> None:
    assert alarms_a_day([_tally(0, 0, 3), _tally(0, 0, 5)]).value == 8.0


def test_the_interval_covers_as_often_as_it_says() -> None:
    # 300 studies of 40 days with a recall of 0.7: 95 % of intervals hold it, give or take.
    rng = np.random.default_rng(3)
    hits = 0
    for _ in range(300):
        found = rng.binomial(12, 0.7, 40)
        recall = power_of([_tally(12, int(f), 1) for f in found]).recall
        hits += recall.low <= 0.7 <= recall.high
    assert 0.9 <= hits / 300 <= 0.98


def test_few_days_have_no_interval() -> None:
    two = power_of([_tally(10, 8, 2)] * 2).recall
    assert (two.value, isnan(two.low), isnan(two.high)) == (0.8, True, True)
    assert not isnan(power_of([_tally(10, 8, 2)] * 3).recall.low)
