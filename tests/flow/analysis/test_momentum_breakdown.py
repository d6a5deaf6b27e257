from collections.abc import Callable
from math import isnan
from typing import Any

from undertow.domain.side import Side
from undertow.flow.momentum_breakdown import momentum_breakdown

Make = Callable[..., Any]
CALM = [(100, 104, 96, 101, 5, 5)] * 20


def test_three_lower_bars_break_a_long(bars_of: Make, mirrored: Make) -> None:
    bars = bars_of(
        [*CALM, (100, 103, 95, 99, 5, 5), (99, 102, 94, 98, 5, 5), (98, 101, 93, 99, 5, 5)]
    )
    found = momentum_breakdown(bars, Side.BUY)
    assert (found.is_broken, found.run, found.lost_ticks) == (True, 3, 0)
    assert momentum_breakdown(mirrored(bars), Side.SELL).run == 3
    assert not momentum_breakdown(bars, Side.SELL).is_broken
    assert not momentum_breakdown(bars[:-1], Side.BUY).is_broken


def test_a_lost_swing_low_needs_volume(bars_of: Make, mirrored: Make) -> None:
    dip = [*CALM, (100, 104, 90, 101, 5, 5), *CALM[:3]]
    loud = bars_of([*dip, (95, 105, 85, 88, 5, 15)])
    found = momentum_breakdown(loud, Side.BUY)
    assert (found.is_broken, found.run, found.lost_ticks, found.volume_ratio) == (True, 0, 90, 2.0)
    mirror = momentum_breakdown(mirrored(loud), Side.SELL)
    assert (mirror.is_broken, mirror.lost_ticks) == (True, -90)
    quiet = momentum_breakdown(bars_of([*dip, (95, 105, 85, 88, 5, 5)]), Side.BUY)
    assert (quiet.is_broken, quiet.lost_ticks) == (False, 0)


def test_an_unconfirmed_low_is_not_a_swing_point(bars_of: Make) -> None:
    bars = bars_of([*CALM, (100, 104, 90, 101, 5, 5), (95, 105, 85, 88, 5, 15)])
    assert not momentum_breakdown(bars, Side.BUY).is_broken


def test_too_few_bars_say_nothing(bars_of: Make) -> None:
    found = momentum_breakdown(bars_of(CALM[:3]), Side.BUY)
    assert (found.is_broken, found.is_sufficient) == (False, False)
    assert isnan(found.volume_ratio)


def test_a_lost_support_needs_a_crossing_and_volume(bars_of: Make, mirrored: Make) -> None:
    loud = bars_of([*CALM, (101, 104, 90, 92, 5, 15)])
    found = momentum_breakdown(loud, Side.BUY, supports=[80, 94, 96, 102])
    assert (found.is_broken, found.lost_ticks) == (True, 96)
    mirror = momentum_breakdown(mirrored(loud), Side.SELL, supports=[-94, -96])
    assert (mirror.is_broken, mirror.lost_ticks) == (True, -96)
    assert not momentum_breakdown(loud, Side.BUY, supports=[80, 102]).is_broken
    quiet = bars_of([*CALM, (101, 104, 90, 92, 5, 5)])
    assert not momentum_breakdown(quiet, Side.BUY, supports=[94]).is_broken
