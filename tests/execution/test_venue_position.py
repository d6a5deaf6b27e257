from typing import Any

import pytest

from undertow.domain.event import PositionReconciliationFailed
from undertow.domain.order import Purpose
from undertow.domain.report import PositionReported
from undertow.domain.side import Side
from undertow.execution.desk_step import DeskStep
from undertow.execution.venue_position import (
    differences_due_ns,
    doubt_position,
    read_position,
    tell_differences,
)

S = 10**9


@pytest.fixture
def says(step: DeskStep, instruments: Any) -> Any:
    """The venue says what it holds of the perp; returns whether it is in doubt afterwards."""
    name = instruments["perp"].instrument_id

    def run(lots: int, at_ns: int) -> bool:
        read_position(
            step,
            PositionReported(
                venue="aster", event_time_ns=at_ns, instrument_id=name, signed_lots=lots
            ),
        )
        return name in step.state.doubts

    return run


def test_equal_counts_leave_no_doubt(says: Any, hold: Any) -> None:
    hold("alpha", 5), hold("beta", -2)
    assert says(4, 1)
    assert not says(3, 2)


def test_a_report_older_than_our_newest_fill_says_nothing(
    says: Any, step: DeskStep, hold: Any
) -> None:
    step.state.fill_times[hold("alpha", 5).instrument_id] = 10
    assert not says(0, 9)
    assert says(0, 10)


def test_a_difference_that_lasts_is_told_once(says: Any, step: DeskStep) -> None:
    says(4, 1)
    assert differences_due_ns(step.state.doubts, 2 * S) == 3 * S
    for step.now_ns in (2 * S, 3 * S, 4 * S):
        tell_differences(step)
    (told,) = step.out.effects
    assert isinstance(told, PositionReconciliationFailed)
    assert told.discrepancies == ("BTC/USDT:USDT@aster: the venue holds 4 lots, we count 0",)
    says(4, 2)
    assert differences_due_ns(step.state.doubts, 2 * S) == 0


def test_fills_resolve_it(says: Any, world: Any, make_fill_report: Any) -> None:
    # The venue held 6 at 20; 4 of them were sold at 25; the rest of the entry is heard last.
    intent = world.intent(Purpose.ENTRY, Side.BUY, reference_ticks=1000, stop_ticks=990)
    world.approve(intent, 10)
    world.report(make_fill_report("ut1-o1", "f1", 4, 1000, at_ns=10))
    assert says(6, 20)
    world.report(make_fill_report("ut1-o2", "f2", 4, 995, Side.SELL, at_ns=25))
    assert world.desk.blocked()
    world.report(make_fill_report("ut1-o1", "f3", 2, 1000, at_ns=15))
    assert not world.desk.blocked()


def test_the_impossible_waits_for_the_venue(says: Any, step: DeskStep, instruments: Any) -> None:
    doubt_position(step, instruments["perp"].instrument_id)
    tell_differences(step)
    assert step.out.effects == []
    assert not says(0, 1)
