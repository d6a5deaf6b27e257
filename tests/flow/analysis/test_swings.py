from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from undertow.domain.bar import BAR
from undertow.domain.errors import CallerError
from undertow.flow.swings import pivots, swing_trend, swings, trend_structure
from undertow.indicators.swing_trend import swing_trend as swing_column
from undertow.indicators.trend_structure import trend_structure as trend_column

Make = Callable[..., Any]


def _highs(bars_of: Make, highs: list[int]) -> Any:
    return bars_of([(h - 2, h, h - 5, h - 1, 1, 1) for h in highs])


def test_a_swing_point_is_known_when_confirmed(bars_of: Make) -> None:
    found = swings(_highs(bars_of, [1, 3, 5, 4, 2, 3, 4]))
    assert [(s.side, s.ticks, s.bar, s.confirmed_bar) for s in found] == [
        (1, 5, 2, 4),
        (-1, -3, 4, 6),
    ]
    assert found[0].open_time_ns == 120 * 10**9


def test_a_plateau_counts_once_at_its_first_bar(bars_of: Make) -> None:
    found = swings(_highs(bars_of, [1, 3, 5, 5, 2, 1, 0]))
    assert [(s.side, s.bar) for s in found] == [(1, 2)]


@pytest.mark.parametrize("strength", [1, 2, 3])
def test_points_never_repaint(strength: int, random_bars: Make) -> None:
    bars = random_bars(1, 120)
    whole = swings(bars, strength)
    for cut in range(0, 121, 7):
        known = tuple(s for s in whole if s.confirmed_bar < cut)
        assert swings(bars[:cut], strength) == known


def test_the_mirror_exchanges_highs_and_lows(random_bars: Make, mirrored: Make) -> None:
    bars = random_bars(2, 150)
    found = {(s.side, s.ticks, s.bar) for s in swings(bars)}
    assert {(-s.side, -s.ticks, s.bar) for s in swings(mirrored(bars))} == found
    assert swing_trend(swings(mirrored(bars))) == -swing_trend(swings(bars))


def test_it_agrees_with_the_streaming_indicators(random_bars: Make) -> None:
    bars = random_bars(3, 150)
    high, low = bars["high_ticks"].astype(float), bars["low_ticks"].astype(float)
    by_points, by_bars = swing_column(high, low), trend_column(high, low)
    assert [swing_trend(swings(bars[: i + 1])) for i in range(4, 150)] == by_points[4:].tolist()
    assert [trend_structure(bars[: i + 1]) for i in range(2, 150)] == by_bars[2:].tolist()


def test_structure_of_the_last_bars(random_bars: Make, mirrored: Make, bars_of: Make) -> None:
    rising = _highs(bars_of, [9, 1, 2, 3])
    assert trend_structure(rising) == 1
    assert trend_structure(mirrored(rising)) == -1
    assert trend_structure(rising, 4) == 0
    assert trend_structure(rising[:2]) == 0
    assert trend_structure(_highs(bars_of, [1, 2, 2])) == 0


def test_degenerate_inputs(bars_of: Make) -> None:
    assert swings(_highs(bars_of, [1, 2])) == ()
    assert swings(_highs(bars_of, [1] * 9)) == ()
    assert swing_trend(()) == 0
    with pytest.raises(CallerError):
        swings(np.zeros(0, dtype=BAR), 0)
    with pytest.raises(CallerError):
        trend_structure(np.zeros(0, dtype=BAR), 1)


def test_pivots_of_any_series_are_tops_with_room_on_both_sides() -> None:
    values = np.array([1.0, 3.0, 2.0, 5.0, 5.0, 1.0, np.nan, 9.0, 1.0])
    assert pivots(values, 1).tolist() == [1, 3]
    assert pivots(-values, 1).tolist() == [2]
    assert pivots(values[:2], 1).tolist() == []
    with pytest.raises(CallerError, match="strength of at least 1"):
        pivots(values, 0)
