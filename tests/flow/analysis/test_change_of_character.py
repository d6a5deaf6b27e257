from collections.abc import Callable
from typing import Any

import pytest

from undertow.domain.errors import CallerError
from undertow.flow.change_of_character import (
    StructureBreak,
    StructureRules,
    StructureTracker,
    change_of_character,
    structure_breaks,
)
from undertow.flow.swings import swings

Make = Callable[..., Any]
EVERY = StructureRules(swing_strength=1, least_leg=0.0)
MINUTE = 60 * 10**9

# Closes of an up structure (one tick of wick each way): lows 100, 104, highs 106, 110, 114.
RISING = [102, 105, 101, 106, 109, 107, 105, 108, 113, 110]


def _path(bars_of: Make, closes: list[int]) -> Any:
    rows = [(c, c + 1, c - 1, c, 5, 5) for c in closes]
    return bars_of(rows)


def test_a_close_under_the_last_higher_low_changes_the_character(bars_of: Make) -> None:
    bars = _path(bars_of, [*RISING, 104, 103])
    assert [(s.side, s.ticks) for s in swings(bars, 1)] == [
        (1, 106),
        (-1, 100),
        (1, 110),
        (-1, 104),
        (1, 114),
    ]
    before = change_of_character(bars[:-1], EVERY)
    assert (before.trend, before.level_ticks, before.extreme_ticks) == (1, 104, 114)
    assert before.last_break is None
    after = change_of_character(bars, EVERY)
    assert after.last_break == StructureBreak(-1, True, 104, 6 * MINUTE, 103, 12 * MINUTE)
    assert (after.trend, after.level_ticks, after.age_bars) == (-1, 114, 0)
    assert change_of_character(_path(bars_of, [*RISING, 104, 103, 105]), EVERY).age_bars == 1


def test_a_wick_under_it_does_not(bars_of: Make) -> None:
    rows = [(c, c + 1, c - 1, c, 5, 5) for c in RISING] + [(108, 109, 90, 105, 5, 5)]
    assert change_of_character(bars_of(rows), EVERY).last_break is None


def test_a_close_over_the_last_high_continues(bars_of: Make) -> None:
    bars = _path(bars_of, [*RISING, 109, 115])
    found = structure_breaks(bars, EVERY)
    assert [(b.side, b.is_change, b.level_ticks) for b in found] == [(1, False, 114)]
    assert change_of_character(bars, EVERY).extreme_ticks is None


def test_two_closes_can_be_asked_for(bars_of: Make) -> None:
    twice = StructureRules(swing_strength=1, least_leg=0.0, closes=2)
    assert structure_breaks(_path(bars_of, [*RISING, 103, 105, 103]), twice) == ()
    (found,) = structure_breaks(_path(bars_of, [*RISING, 103, 102]), twice)
    assert (found.side, found.close_ticks) == (-1, 102)


def test_small_legs_are_not_significant(bars_of: Make) -> None:
    bars = _path(bars_of, [*RISING, 104, 103])
    strict = StructureRules(swing_strength=1, least_leg=100.0)
    assert change_of_character(bars, strict).trend == 0


def test_a_lower_high_becomes_the_level_of_the_down_structure(bars_of: Make) -> None:
    closes = [*RISING, 104, 103, 106, 108, 105, 102]
    down = change_of_character(_path(bars_of, closes), EVERY)
    assert (down.trend, down.level_ticks) == (-1, 109)
    up = structure_breaks(_path(bars_of, [*closes, 106, 110]), EVERY)
    assert [(b.side, b.is_change, b.level_ticks) for b in up] == [(-1, True, 104), (1, True, 109)]


def test_the_mirror_has_the_mirrored_breaks(random_bars: Make, mirrored: Make) -> None:
    bars = random_bars(11, 900)
    found = structure_breaks(bars)
    assert {(b.side, b.is_change) for b in found} == {
        (s, c) for s in (1, -1) for c in (True, False)
    }
    facts = [(-b.side, b.is_change, -b.level_ticks, b.known_ns) for b in found]
    mirror = structure_breaks(mirrored(bars))
    assert [(b.side, b.is_change, b.level_ticks, b.known_ns) for b in mirror] == facts


@pytest.mark.parametrize(("seed", "cut"), [(1, 0), (1, 1), (2, 90), (3, 151), (4, 200)])
def test_bar_by_bar_is_the_same_and_breaks_hold(seed: int, cut: int, random_bars: Make) -> None:
    bars = random_bars(seed, 200)
    tracker = StructureTracker(MINUTE)
    names = ("open_time_ns", "high_ticks", "low_ticks", "close_ticks")
    seen = [tracker.on_bar(*(int(bar[name]) for name in names)) for bar in bars[:cut]]
    assert tracker.structure == change_of_character(bars[:cut]) or cut < 2
    assert tuple(b for b in seen if b) == structure_breaks(bars[:cut])


def test_each_level_was_a_confirmed_swing_point(random_bars: Make) -> None:
    bars = random_bars(12, 900)
    points = {(s.ticks, s.open_time_ns): s for s in swings(bars)}
    for found in structure_breaks(bars):
        point = points[found.level_ticks, found.level_ns]
        confirmed_ns = int(bars["open_time_ns"][point.confirmed_bar]) + MINUTE
        assert confirmed_ns < found.known_ns
        assert point.side == found.side
        assert found.side * (found.close_ticks - found.level_ticks) > 0


def test_degenerate_inputs(bars_of: Make) -> None:
    assert structure_breaks(_path(bars_of, [5])) == ()
    assert change_of_character(_path(bars_of, [5] * 90)).trend == 0
    for wrong in ({"swing_strength": 0}, {"closes": 0}, {"range_period": 0}, {"least_leg": -1.0}):
        with pytest.raises(CallerError, match="expected"):
            StructureRules(**wrong)
    with pytest.raises(CallerError, match="at least 1 ns"):
        StructureTracker(0)
