import pytest

from undertow.domain.time import NS_PER_DAY
from undertow.venues.binance.event_clock import EventClock
from undertow.venues.refusal import Reason, Refusal

MS = 1_000_000
NOW = 1_700_000_000_000


def test_times_become_nanoseconds_and_the_greatest_is_kept() -> None:
    firsts: list[int] = []
    clock = EventClock(MS, firsts.append)
    assert clock.stamp(NOW, NOW * MS + 5) == NOW * MS
    clock.stamp(NOW + 7, NOW * MS)
    clock.stamp(NOW + 3, NOW * MS)
    assert clock.last_ns == (NOW + 7) * MS
    assert firsts == [NOW * MS]


def test_microseconds() -> None:
    clock = EventClock(1_000, lambda first: None)
    assert clock.stamp(NOW * 1_000 + 1, NOW * MS) == NOW * MS + 1_000


@pytest.mark.parametrize("days", [-1, 1, 10_000])
def test_a_time_that_cannot_be_moves_nothing(days: int) -> None:
    clock = EventClock(MS, lambda first: None)
    with pytest.raises(Refusal) as caught:
        clock.stamp(NOW, NOW * MS + days * NS_PER_DAY)
    assert (caught.value.reason, clock.last_ns) == (Reason.TIME, 0)
