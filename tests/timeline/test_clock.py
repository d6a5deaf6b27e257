import pytest

from undertow.domain.errors import InvariantBroken
from undertow.timeline.clock import Clock, ManualClock


def _read(clock: Clock) -> int:
    return clock.now_ns()


def test_moves_only_when_told() -> None:
    clock = ManualClock(5)
    assert (_read(clock), _read(clock)) == (5, 5)
    assert clock.advance(10) == 15
    assert clock.set(20) == 20
    assert _read(clock) == 20


def test_never_goes_back() -> None:
    clock = ManualClock(5)
    with pytest.raises(InvariantBroken, match="at or after 5, found 4"):
        clock.set(4)
    assert clock.now_ns() == 5
