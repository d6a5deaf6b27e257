from typing import Any

from undertow.domain.order import Limit, OrderState, Purpose, TimeInForce
from undertow.domain.side import Side
from undertow.execution.desk_step import DeskStep
from undertow.execution.handlers.order_placement_handler import judge_order_placement


def test_an_entry_is_sent_by_its_policy(case: Any, step: DeskStep) -> None:
    found = case(reference_ticks=1000)
    assert judge_order_placement(found).passed
    assert found.outcome == "placed"
    (tracked,) = step.state.entries()
    assert tracked.order.terms == Limit(1001, TimeInForce.IOC)


def test_what_cannot_be_sent_is_not_placed(case: Any, step: DeskStep) -> None:
    found = case(lots=2000, reference_ticks=1000)
    verdict = judge_order_placement(found)
    assert (verdict.passed, verdict.checks[0].name) == (False, "max_qty")
    assert (found.outcome, step.out.effects) == ("rejected", [])


def test_an_exit_takes_back_the_entry_first(case: Any, hold: Any, step: DeskStep) -> None:
    hold("alpha", 10)
    entry = step.submit(case().intent, Side.BUY, 10, Limit(900))
    found = case(Purpose.EXIT, Side.SELL)
    assert judge_order_placement(found).passed
    assert (found.outcome, entry.state) == ("closing", OrderState.PENDING_CANCEL)
