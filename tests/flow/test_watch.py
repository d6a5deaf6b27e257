"""The words of watched prices."""

import pytest

from undertow.flow.watch import Touch, WatchKind


def test_trails_follow_an_extreme() -> None:
    trails = [kind for kind in WatchKind if kind.is_trail]
    assert trails == [WatchKind.TRAIL_LONG, WatchKind.TRAIL_SHORT]


def test_a_touch_is_frozen() -> None:
    touch = Touch(1, 2, 3, 4)
    assert touch.extreme_ticks == 0
    with pytest.raises(AttributeError):
        touch.ticks = 5  # type: ignore[misc]  # the point of the test
