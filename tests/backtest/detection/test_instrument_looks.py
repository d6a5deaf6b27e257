from math import isnan

import numpy as np
import pytest

from undertow.backtest.detection.day_result import DayResult
from undertow.backtest.detection.instrument_looks import mean_true_range
from undertow.domain.bar import BAR


def _bars(count: int) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    bars = np.zeros(count, BAR)
    bars["high_ticks"], bars["low_ticks"], bars["close_ticks"] = 110, 100, 105
    return bars


def test_the_range_reaches_back_to_the_close_before() -> None:
    bars = _bars(15)
    assert mean_true_range(bars) == 10.0
    bars["close_ticks"][0] = 128
    assert mean_true_range(bars) == pytest.approx((13 * 10 + 28) / 14)


def test_too_few_bars_have_no_range() -> None:
    assert isnan(mean_true_range(_bars(14)))


@pytest.mark.parametrize(
    ("name", "least"), [("cascade", 1.25), ("absorption", 1.0), ("sweep", 2.0)]
)
def test_scores_are_at_least_the_loosest_threshold(
    short_day: DayResult, name: str, least: float
) -> None:
    signs = short_day.signs[name]
    assert min(signs.scores) >= least
    assert set(signs.sides) <= {-1, 1}
    assert signs.seconds == sorted(signs.seconds)


def test_shares_are_shares(short_day: DayResult) -> None:
    large, dry = short_day.signs["large trades"], short_day.signs["exhaustion"]
    assert 0.0 < min(large.scores) <= max(large.scores) <= 1.0
    assert 0.0 <= min(dry.scores) <= max(dry.scores) <= 1.0
