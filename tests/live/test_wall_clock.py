import time
from itertools import pairwise

import pytest

from undertow.live.wall_clock import WallClock


def test_it_never_goes_back_when_the_machines_clock_does(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = WallClock()
    monkeypatch.setattr(time, "time_ns", lambda: 0)
    seen = [clock.now_ns() for _ in range(1_000)]
    assert all(a <= b for a, b in pairwise(seen))
    assert seen[0] > 1_700_000_000 * 10**9


def test_it_starts_at_the_machines_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: 5_000)
    monkeypatch.setattr(time, "monotonic_ns", iter([100, 170, 171]).__next__)
    clock = WallClock()
    assert (clock.now_ns(), clock.now_ns()) == (5_070, 5_071)
