from collections.abc import Callable
from typing import Any

from undertow.domain.event import StopHit
from undertow.domain.intent import Intent
from undertow.domain.order import Limit, OrderState, Purpose
from undertow.domain.report import OrderFilled
from undertow.domain.side import Side
from undertow.execution.desk_step import DeskStep
from undertow.execution.fill_intake import take_fill, tell_stop_hit
from undertow.execution.order_terms import stop_terms

MakeIntent = Callable[..., Intent]
MakeFill = Callable[..., OrderFilled]


def _stop(step: DeskStep, make_intent: MakeIntent) -> Any:
    intent = make_intent(Purpose.PROTECT, Side.SELL)
    return step.submit(intent, Side.SELL, 10, stop_terms(Side.BUY, 995))


def test_an_entrys_fill_plans_the_stop(
    step: DeskStep, make_intent: MakeIntent, make_fill_report: MakeFill
) -> None:
    tracked = step.submit(make_intent(stop_ticks=990), Side.BUY, 10, Limit(1000))
    take_fill(step, tracked, make_fill_report("ut1-o1", "f1", 4, 1002))
    held = step.state.holding(tracked.order.strategy, tracked.instrument_id)
    assert held.plan is not None
    assert (held.plan.entry_ticks, held.plan.stop_ticks) == (1002, 997)
    (fill,) = step.out.fills
    assert (fill.strategy, fill.purpose, fill.at_ns) == ("alpha", Purpose.ENTRY, 10**9)
    assert fill.decision_id == tracked.order.decision_id


def test_a_stop_is_told_once_and_takes_back_what_else_trades(
    step: DeskStep, hold: Any, make_intent: MakeIntent, make_fill_report: MakeFill
) -> None:
    hold("alpha", 10)
    stop = _stop(step, make_intent)
    target = step.submit(make_intent(Purpose.EXIT, Side.SELL), Side.SELL, 10, Limit(1100))
    for n in (1, 2):
        take_fill(step, stop, make_fill_report("ut1-o1", f"f{n}", 5, 994, Side.SELL))
    hits = [e for e in step.out.effects if isinstance(e, StopHit)]
    assert [(hit.position_id, hit.stop_price) for hit in hits] == [("p-alpha", "99.5")]
    assert target.state is OrderState.PENDING_CANCEL


def test_the_reason_says_whether_the_stop_had_moved(
    step: DeskStep, hold: Any, make_intent: MakeIntent, make_fill_report: MakeFill
) -> None:
    held, stop = hold("alpha", 10), _stop(step, make_intent)
    take_fill(step, stop, make_fill_report("ut1-o1", "f1", 5, 994, Side.SELL))
    held.plan = held.plan.at_extreme(1020)
    take_fill(step, stop, make_fill_report("ut1-o1", "f2", 5, 1014, Side.SELL))
    assert [fill.reason for fill in step.out.fills] == ["stop_loss", "trailing_stop"]


def test_what_an_exit_opened_must_go(
    step: DeskStep, hold: Any, make_intent: MakeIntent, make_fill_report: MakeFill
) -> None:
    held, stop = hold("alpha", 4), _stop(step, make_intent)
    take_fill(step, stop, make_fill_report("ut1-o1", "f1", 10, 994, Side.SELL))
    assert (held.signed_lots, held.overshoot_ticks) == (-6, 994)
    assert held.wish.reason == "emergency_exit: opened by an exit"


def test_a_stop_hit_drops_an_exit_that_waits(
    step: DeskStep, hold: Any, make_intent: MakeIntent
) -> None:
    held, stop = hold("alpha", 10), _stop(step, make_intent)
    held.deferred = object()
    tell_stop_hit(step, held, stop)
    assert held.deferred is None
