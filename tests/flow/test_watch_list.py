"""Setting, removing and touching watches through the flow state."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from undertow.domain.errors import ConfigurationError, UnknownNameError
from undertow.domain.market_event import EVENT
from undertow.flow.watch import Touch, WatchKind

Make = Callable[..., Any]
NEVER = 2**62
START_NS = 1_700_000_000 * 10**9


class Tape:
    """A flow state that is fed one trade of instrument 0 a call."""

    def __init__(self, state: Any) -> None:
        self.state = state
        self.now_ns = START_NS

    def trade(self, ticks: int, *, late_ns: int = 0) -> list[Touch]:
        self.now_ns += 10**9
        row = np.zeros(1, EVENT)
        row["event_time_ns"], row["receive_time_ns"] = self.now_ns - late_ns, self.now_ns
        row["price_ticks"], row["qty_lots"], row["side"], row["kind"] = ticks, 1, 1, 1
        assert self.state.advance(row, 0, 1, NEVER) == 1
        touched: list[Touch] = self.state.touched()
        return touched


@pytest.fixture
def tape(make_state: Make) -> Tape:
    return Tape(make_state())


def test_a_touch_tells_and_removes(tape: Tape) -> None:
    tape.state.watch(0, 5, WatchKind.RISES_TO, 110)
    assert tape.trade(109) == []
    assert tape.trade(111) == [Touch(5, 0, 111, tape.now_ns)]
    assert tape.trade(112) == []
    tape.state.watch(0, 5, WatchKind.FALLS_TO, 100)
    assert tape.trade(100) == [Touch(5, 0, 100, tape.now_ns)]


def test_a_trail_follows_and_reports_its_extreme(tape: Tape) -> None:
    tape.trade(1000)
    tape.state.watch(0, 1, WatchKind.TRAIL_LONG, 0, 10_000)
    assert tape.state.extreme(1) == 1000
    assert tape.trade(1200) == tape.trade(1189) == []
    assert tape.state.extreme(1) == 1200
    assert tape.trade(1188) == [Touch(1, 0, 1188, tape.now_ns, 1200)]
    with pytest.raises(UnknownNameError, match="trailing watch, found 1"):
        tape.state.extreme(1)


def test_a_short_trail_may_start_at_an_entry(tape: Tape) -> None:
    tape.state.watch(0, 1, WatchKind.TRAIL_SHORT, 900, 10_000)
    assert tape.trade(908) == []
    assert tape.state.extreme(1) == 900
    assert tape.trade(909) == [Touch(1, 0, 909, tape.now_ns, 900)]


def test_a_trail_before_any_trade_takes_the_first(tape: Tape) -> None:
    tape.state.watch(0, 1, WatchKind.TRAIL_LONG, 0, 10_000)
    assert tape.state.extreme(1) == 0
    assert tape.trade(500) == []
    assert tape.state.extreme(1) == 500


def test_a_full_trail_only_follows(tape: Tape) -> None:
    tape.state.watch(0, 1, WatchKind.TRAIL_LONG, 0, 1_000_000)
    assert tape.trade(500) == tape.trade(1) == []
    assert tape.state.extreme(1) == 500


def test_several_touches_come_in_the_order_of_setting(tape: Tape) -> None:
    for watch_id, level in ((9, 105), (3, 103), (7, 108)):
        tape.state.watch(0, watch_id, WatchKind.RISES_TO, level)
    assert [touch.watch_id for touch in tape.trade(106)] == [9, 3]
    assert [touch.watch_id for touch in tape.trade(108)] == [7]


def test_late_trades_touch_nothing(tape: Tape) -> None:
    tape.trade(100)
    tape.state.watch(0, 1, WatchKind.RISES_TO, 110)
    assert tape.trade(120, late_ns=10 * 10**9) == []
    assert tape.trade(120) != []


def test_removing_is_idempotent(tape: Tape) -> None:
    tape.state.watch(0, 1, WatchKind.RISES_TO, 110)
    tape.state.watch(0, 2, WatchKind.RISES_TO, 110)
    tape.state.unwatch(1)
    tape.state.unwatch(1)
    assert [touch.watch_id for touch in tape.trade(111)] == [2]


def test_many_watches(tape: Tape) -> None:
    for watch_id in range(100):
        tape.state.watch(0, watch_id, WatchKind.FALLS_TO, 1000 - watch_id)
    assert [t.watch_id for t in tape.trade(950)] == list(range(51))
    assert [t.watch_id for t in tape.trade(901)] == list(range(51, 100))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((3, 1, WatchKind.RISES_TO, 5), "instrument of this run"),
        ((0, 7, WatchKind.RISES_TO, 5), "new watch id, found 7"),
        ((0, 1, WatchKind.RISES_TO, 0), "level of at least 1"),
        ((0, 1, WatchKind.TRAIL_LONG, -1, 5), "level of at least 0"),
        ((0, 1, WatchKind.TRAIL_LONG, 5), "trail of 1"),
        ((0, 1, WatchKind.TRAIL_SHORT, 5, 1_000_001), "trail of 1"),
    ],
)
def test_bad_watches_are_refused(arguments: tuple[Any, ...], words: str, tape: Tape) -> None:
    tape.state.watch(0, 7, WatchKind.RISES_TO, 110)
    with pytest.raises(ConfigurationError, match=words):
        tape.state.watch(*arguments)


def test_only_trails_have_an_extreme(tape: Tape) -> None:
    tape.state.watch(0, 7, WatchKind.RISES_TO, 110)
    with pytest.raises(UnknownNameError):
        tape.state.extreme(7)
