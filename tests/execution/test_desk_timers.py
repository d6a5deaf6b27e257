from collections.abc import Callable
from typing import Any

from undertow.domain.command import QueryOrder
from undertow.domain.intent import Intent
from undertow.domain.order import Limit, OrderState
from undertow.domain.side import Side
from undertow.execution.desk_step import DeskStep
from undertow.execution.desk_timers import NEVER_NS, fire_timers, missing_fills, next_timer_ns
from undertow.execution.execution_state import NetDoubt
from undertow.execution.tracked_order import Claim

S = 10**9


def _send(step: DeskStep, make_intent: Callable[..., Intent]) -> Any:
    return step.submit(make_intent(), Side.BUY, 10, Limit(1000))


def test_the_earliest_of_orders_positions_and_doubts(
    step: DeskStep, make_intent: Callable[..., Intent], hold: Any
) -> None:
    state = step.state
    assert next_timer_ns(state) == NEVER_NS
    _send(step, make_intent)
    assert next_timer_ns(state) == 6 * S
    hold("beta", 1).next_ns = 5 * S
    assert next_timer_ns(state) == 5 * S
    state.doubts[state.table[0].instrument_id] = NetDoubt(1, 1, 2 * S)
    assert next_timer_ns(state) == 4 * S


def test_what_fired_is_not_due_again(step: DeskStep, make_intent: Callable[..., Intent]) -> None:
    tracked = _send(step, make_intent)
    step.now_ns = 6 * S
    fire_timers(step)
    assert tracked.state is OrderState.UNKNOWN
    assert isinstance(step.out.effects[-1], QueryOrder)
    assert next_timer_ns(step.state) == 7 * S


def test_missing_fills_in_words(step: DeskStep, make_intent: Callable[..., Intent]) -> None:
    tracked = _send(step, make_intent)
    tracked.claim = Claim(OrderState.FILLED, 10, S)
    words = "ut1-o1: the venue says 10 lots are filled, received were 0"
    assert missing_fills(tracked) == words
