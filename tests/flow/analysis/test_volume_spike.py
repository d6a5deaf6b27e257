from collections.abc import Callable
from math import isnan
from typing import Any

import pytest

from undertow.flow.volume_spike import volume_spike, volume_trend

BarsOf = Callable[..., Any]


def test_the_last_bar_is_not_in_its_own_baseline(bars_of: BarsOf) -> None:
    bars = bars_of([(5, 6, 4, 5, 6, 4)] * 20 + [(5, 6, 4, 5, 15, 15)])
    assert volume_spike(bars) == 3.0
    assert volume_spike(bars[1:], 19) == 3.0


def test_too_few_bars_or_no_volume_is_unknown(bars_of: BarsOf) -> None:
    assert isnan(volume_spike(bars_of([(5, 6, 4, 5, 6, 4)] * 20)))
    assert isnan(volume_spike(bars_of([(5, 5, 5, 5, 0, 0)] * 20 + [(5, 6, 4, 5, 1, 1)])))


def test_trend_is_the_change_over_the_bars_in_mean_volumes(bars_of: BarsOf) -> None:
    rising = bars_of([(5, 6, 4, 5, v, v) for v in (10, 20, 30)])
    assert volume_trend(rising) == pytest.approx(1.0)
    assert volume_trend(bars_of([(5, 6, 4, 5, v, v) for v in (30, 20, 10)])) == pytest.approx(-1.0)
    assert volume_trend(bars_of([(5, 6, 4, 5, 3, 3)] * 5)) == 0.0
    assert isnan(volume_trend(rising[:2]))
    assert isnan(volume_trend(bars_of([(5, 5, 5, 5, 0, 0)] * 5)))
