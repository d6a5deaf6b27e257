import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.domain.errors import UnknownNameError
from undertow.timeline.staleness import StalenessWatch

TIMEOUTS = {"slow": 100, "fast": 10}


def test_silence_is_found_once_and_ends_with_a_message() -> None:
    watch = StalenessWatch(TIMEOUTS, 0)
    assert watch.due_ns == 11
    assert watch.newly_stale(10) == []
    assert watch.newly_stale(11) == ["fast"]
    assert watch.newly_stale(12) == []
    assert (watch.is_stale("fast"), watch.silence_ns("fast", 12)) == (True, 12)
    assert watch.due_ns == 101
    assert watch.heard("fast", 20)
    assert not watch.heard("fast", 21)
    assert not watch.is_stale("fast")


def test_several_at_once_come_in_the_stated_order() -> None:
    watch = StalenessWatch(TIMEOUTS, 0)
    assert watch.newly_stale(1000) == ["slow", "fast"]
    assert watch.due_ns > 1 << 62


@settings(deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.sampled_from(["slow", "fast", "ask"]), st.integers(0, 30))))
def test_snapshot_continues(steps: list[tuple[str, int]]) -> None:
    watch, other = StalenessWatch(TIMEOUTS, 0), StalenessWatch({}, 0)
    now = 0
    for name, wait in steps:
        now += wait
        other.restore(watch.snapshot())
        if name == "ask":
            assert watch.newly_stale(now) == other.newly_stale(now)
        else:
            assert watch.heard(name, now) == other.heard(name, now)
        assert watch.snapshot() == other.snapshot()


def test_an_unknown_stream_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="found 'fasd'; did you mean 'fast'"):
        StalenessWatch(TIMEOUTS, 0).heard("fasd", 1)
