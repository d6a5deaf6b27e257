from typing import Any

from undertow.domain.event import (
    ExecutionJudged,
    ExecutionValidationFailed,
    OrderPlaced,
    SignalRejected,
)
from undertow.domain.order import Purpose
from undertow.domain.side import Side
from undertow.execution.desk_step import DeskStep
from undertow.execution.handlers.handler_chain import ENTRY_HANDLERS, run_handlers

NAMES = ["reversal", "existing_position", "position_limit", "exposure", "order_placement"]


def _judged(step: DeskStep) -> ExecutionJudged:
    (event,) = [e for e in step.out.effects if isinstance(e, ExecutionJudged)]
    return event


def test_all_speak_in_their_order(case: Any, step: DeskStep) -> None:
    run_handlers(case(reference_ticks=1000))
    judged = _judged(step)
    assert [verdict.name for verdict in judged.verdicts] == NAMES
    assert judged.outcome == "placed"
    assert len(ENTRY_HANDLERS) == len(NAMES)


def test_the_first_that_fails_ends_the_way(case: Any, hold: Any, step: DeskStep) -> None:
    hold("alpha", 10)
    run_handlers(case(reference_ticks=1000))
    judged = _judged(step)
    assert [v.passed for v in judged.verdicts] == [True, False]
    assert judged.outcome == "rejected"
    assert isinstance(step.out.effects[-1], SignalRejected)
    assert not [e for e in step.out.effects if isinstance(e, OrderPlaced)]


def test_what_the_venue_could_not_take_is_invalid(case: Any, step: DeskStep) -> None:
    run_handlers(case())
    last = step.out.effects[-1]
    assert isinstance(last, ExecutionValidationFailed)
    assert last.check == "reference"


def test_exits_are_only_placed(case: Any, hold: Any, step: DeskStep) -> None:
    hold("alpha", 10)
    run_handlers(case(Purpose.EXIT, Side.SELL))
    assert [verdict.name for verdict in _judged(step).verdicts] == ["order_placement"]


def test_an_exit_without_a_position_is_no_fault_of_the_venue(case: Any, step: DeskStep) -> None:
    run_handlers(case(Purpose.EXIT, Side.SELL))
    last = step.out.effects[-1]
    assert isinstance(last, SignalRejected)
    assert last.code == "no_position"
