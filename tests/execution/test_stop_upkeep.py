from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from undertow.domain.command import AmendOrder, CancelOrder, SubmitOrder
from undertow.domain.instrument import Instrument
from undertow.domain.intent import Approved, Intent
from undertow.domain.order import OrderState, Purpose
from undertow.domain.side import Side
from undertow.execution.desk_step import DeskStep
from undertow.execution.order_terms import stop_terms
from undertow.execution.stop_upkeep import ask_for_stop, keep_stop, place_stop

MakeIntent = Callable[..., Intent]
S = 10**9


@pytest.fixture
def rest(step: DeskStep, make_intent: MakeIntent) -> Any:
    def make(side: Side = Side.SELL, ticks: int = 995, lots: int = 10) -> Any:
        intent = make_intent(Purpose.PROTECT, side)
        tracked = step.submit(intent, side, lots, stop_terms(side.opposite, ticks))
        tracked.state = OrderState.OPEN
        return tracked

    return make


def _last(step: DeskStep) -> Any:
    return step.out.effects[-1]


def test_a_stop_is_asked_for_once_and_not_for_ever(step: DeskStep, hold: Any) -> None:
    held = hold("alpha", 10)
    assert ask_for_stop(step, held)
    assert ask_for_stop(step, held)
    assert len(step.out.intents) == 1
    assert held.next_ns == 2 * S
    step.now_ns = 2 * S
    assert not ask_for_stop(step, held)


def test_a_stop_as_planned_is_left_alone(step: DeskStep, hold: Any, rest: Any) -> None:
    held = hold("alpha", 10)
    assert not keep_stop(step, held)
    rest()
    before = len(step.out.effects)
    assert keep_stop(step, held)
    assert len(step.out.effects) == before


def test_quantity_at_once_price_once_an_interval(step: DeskStep, hold: Any, rest: Any) -> None:
    held, stop = hold("alpha", 12), rest()
    stop.next_amend_ns = 3 * S
    keep_stop(step, held)
    assert isinstance(_last(step), AmendOrder)
    stop.state, stop.amendment, stop.next_amend_ns = OrderState.OPEN, None, 3 * S
    stop.set_terms(995, 12, 1)
    held.plan = held.plan.at_extreme(1020)
    keep_stop(step, held)
    assert (stop.state, held.next_ns) == (OrderState.OPEN, 3 * S)
    step.now_ns = 3 * S
    keep_stop(step, held)
    assert (_last(step).price_ticks, _last(step).qty_lots) == (1015, 12)


@pytest.mark.parametrize("state", [OrderState.UNKNOWN, OrderState.PENDING_CREATE])
def test_a_stop_that_is_not_resting_is_waited_for(
    step: DeskStep, hold: Any, rest: Any, state: OrderState
) -> None:
    held, stop = hold("alpha", 12), rest()
    stop.state = state
    before = len(step.out.effects)
    assert keep_stop(step, held)
    assert len(step.out.effects) == before


def test_what_is_refused_twice_is_replaced(step: DeskStep, hold: Any, rest: Any) -> None:
    held, stop = hold("alpha", 12), rest()
    stop.amend_refusals = 2
    keep_stop(step, held)
    assert isinstance(_last(step), CancelOrder)


def test_a_stop_of_the_other_side_protects_nothing(step: DeskStep, hold: Any, rest: Any) -> None:
    held, wrong = hold("alpha", -10), rest(Side.SELL)
    assert not keep_stop(step, held)
    assert wrong.state is OrderState.PENDING_CANCEL


def test_placing_uses_what_is_held_and_planned_now(
    step: DeskStep, hold: Any, make_intent: MakeIntent
) -> None:
    held = hold("alpha", 12)
    held.asked_ns = 1
    intent = make_intent(Purpose.PROTECT, Side.SELL, stop_terms(Side.BUY, 997))
    assert place_stop(step, held, Approved(intent, 10, ())) is None
    (command, _) = step.out.effects
    assert isinstance(command, SubmitOrder)
    assert (command.order.qty_lots, command.order.terms) == (12, stop_terms(Side.BUY, 997))
    assert (held.asked_ns, held.plan.stop_ticks) == (0, 997)


def test_what_cannot_be_protected_is_said(
    step: DeskStep, hold: Any, make_intent: MakeIntent, instruments: dict[str, Instrument]
) -> None:
    held = hold("alpha", 1, on=instruments["spot"])
    fault = place_stop(step, held, Approved(make_intent(Purpose.PROTECT, Side.SELL), 1, ()))
    assert fault is not None
    assert fault[0] == "min_qty"
    odd = hold("beta", 10)
    odd.plan = msgspec.structs.replace(odd.plan, stop_ticks=0)
    fault = place_stop(step, odd, Approved(make_intent(Purpose.PROTECT, Side.SELL), 1, ()))
    assert fault is not None
    assert fault[0] == "price"
