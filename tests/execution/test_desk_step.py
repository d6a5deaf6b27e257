from collections.abc import Callable
from typing import Any

from undertow.domain.command import AmendOrder, CancelOrder, QueryOrder, SubmitOrder
from undertow.domain.event import OrderFailed, OrderOutcomeUnknown, SystemFailure
from undertow.domain.intent import Intent
from undertow.domain.order import Limit, Market, OrderState, Purpose
from undertow.domain.side import Side
from undertow.execution.change import Change
from undertow.execution.desk_step import DeskStep
from undertow.execution.holding import Holding
from undertow.execution.order_moves import doubt

MakeIntent = Callable[..., Intent]
Hold = Callable[..., Holding]


def _send(step: DeskStep, make_intent: MakeIntent, terms: Any = None) -> Any:
    intent = make_intent(terms=terms or Limit(1000))
    return step.submit(intent, Side.BUY, 10, intent.terms)


def test_ids_are_the_runs_own(step: DeskStep, make_intent: MakeIntent) -> None:
    names = [_send(step, make_intent).client_order_id for _ in range(2)]
    assert names == ["ut1-o1", "ut1-o2"]
    command = step.out.effects[0]
    assert isinstance(command, SubmitOrder)
    assert (command.venue, command.sent_ns, command.order.created_ns) == ("aster", 10**9, 10**9)


def test_cancel_once_and_only_what_can_wait(step: DeskStep, make_intent: MakeIntent) -> None:
    resting, at_once = _send(step, make_intent), _send(step, make_intent, Market())
    for tracked in (resting, resting, at_once):
        step.cancel(tracked)
    cancels = [e.client_order_id for e in step.out.effects if isinstance(e, CancelOrder)]
    assert cancels == [resting.client_order_id]
    assert not at_once.is_cancel_wanted


def test_an_order_of_unknown_state_is_queried_before_it_is_cancelled(
    step: DeskStep, make_intent: MakeIntent
) -> None:
    tracked = _send(step, make_intent)
    doubt(tracked, "submit", 1)
    step.cancel(tracked)
    assert tracked.is_cancel_wanted
    assert not [e for e in step.out.effects if isinstance(e, CancelOrder)]
    step.query(tracked)
    assert isinstance(step.out.effects[-1], QueryOrder)


def test_amend(step: DeskStep, make_intent: MakeIntent) -> None:
    tracked = _send(step, make_intent)
    tracked.state = OrderState.OPEN
    step.amend(tracked, 990, 8)
    command = step.out.effects[-1]
    assert isinstance(command, AmendOrder)
    assert (command.price_ticks, command.qty_lots) == (990, 8)
    assert (tracked.state, tracked.price_ticks) == (OrderState.PENDING_AMEND, 1000)


def test_what_is_told_of_a_change(step: DeskStep, make_intent: MakeIntent) -> None:
    tracked = _send(step, make_intent)
    before = len(step.out.effects)
    doubt(tracked, "submit", 1)
    step.announce(Change(tracked, OrderState.PENDING_CREATE, problems=["overfill: x", "odd"]))
    tracked.state = OrderState.REJECTED
    step.announce(Change(tracked, OrderState.UNKNOWN), "no: words")
    told = step.out.effects[before:]
    kinds = [SystemFailure, SystemFailure, OrderOutcomeUnknown, OrderFailed]
    assert [type(event) for event in told] == kinds
    assert [e.is_critical for e in told if isinstance(e, SystemFailure)] == [True, False]


def test_reduce_only_would_be_refused_where_strategies_net(
    step: DeskStep, hold: Hold, make_intent: MakeIntent
) -> None:
    hold("alpha", 10), hold("beta", -10)
    intent = make_intent(Purpose.FLATTEN)
    assert not step.submit(intent, Side.SELL, 10, Market()).order.is_reduce_only


def test_intents_about_a_position(step: DeskStep, hold: Hold) -> None:
    held = hold("alpha", -10)
    intent = step.ask(held, Purpose.FLATTEN, Market(), 10, "why")
    assert step.out.intents == [intent]
    assert (intent.side, intent.qty_lots, intent.reason) == (Side.BUY, 10, "why")
    assert (intent.reference_ticks, intent.stop_ticks) == (1000, 1005)
