from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from undertow.domain.intent import Intent
from undertow.domain.order import Limit, OrderState, Purpose
from undertow.domain.side import Side
from undertow.execution.desk_step import DeskStep
from undertow.execution.order_terms import stop_terms
from undertow.execution.position_care import care_for, count_attempt, want_flat
from undertow.ledger.fill import EXTERNAL

MakeIntent = Callable[..., Intent]
S = 10**9


def _purposes(step: DeskStep) -> list[Purpose]:
    return [intent.purpose for intent in step.out.intents]


def test_an_open_position_gets_its_stop(step: DeskStep, hold: Any) -> None:
    care_for(step, hold("alpha", 10))
    assert _purposes(step) == [Purpose.PROTECT]


def test_caring_twice_does_nothing_twice(step: DeskStep, hold: Any) -> None:
    held = hold("alpha", 10)
    want_flat(step, held, "x")
    for _ in range(3):
        care_for(step, held)
    assert _purposes(step) == [Purpose.FLATTEN]


def test_the_first_reason_stays(step: DeskStep, hold: Any) -> None:
    held = hold("alpha", 10)
    want_flat(step, held, "first")
    want_flat(step, held, "second")
    assert held.wish.reason == "first"
    want_flat(step, hold(EXTERNAL, 10), "x")
    assert step.state.holding(EXTERNAL, held.instrument_id).wish is None


def test_attempts_wait_longer_each_time(step: DeskStep, hold: Any) -> None:
    held = hold("alpha", 10)
    want_flat(step, held, "x")
    waits = []
    for _ in range(7):
        count_attempt(step, held)
        waits.append((held.wish.next_ns - step.now_ns) // S)
    assert waits == [1, 2, 4, 8, 16, 30, 30]


def test_a_flat_holding_takes_back_its_orders(
    step: DeskStep, hold: Any, make_intent: MakeIntent
) -> None:
    held = hold("alpha", 0, plan=False)
    stop = step.submit(
        make_intent(Purpose.PROTECT, Side.SELL), Side.SELL, 10, stop_terms(Side.BUY, 990)
    )
    target = step.submit(make_intent(Purpose.EXIT, Side.SELL), Side.SELL, 10, Limit(1100))
    entry = step.submit(make_intent(), Side.BUY, 10, Limit(900))
    care_for(step, held)
    states = [t.state for t in (stop, target, entry)]
    assert states == [OrderState.PENDING_CANCEL] * 2 + [OrderState.PENDING_CREATE]


@pytest.mark.parametrize(("now_ns", "follows"), [(5 * S, True), (6 * S, False)])
def test_a_reversal_follows_in_time_or_never(
    step: DeskStep, hold: Any, make_intent: MakeIntent, now_ns: int, follows: bool
) -> None:
    held = hold("alpha", 0, plan=False)
    held.reversal, held.reversal_until_ns = make_intent(), 5 * S
    step.now_ns = now_ns
    care_for(step, held)
    assert bool(step.out.intents) is follows
    assert held.reversal is None


def test_dust_is_left_until_there_is_more(step: DeskStep, hold: Any) -> None:
    held = hold("alpha", 10)
    held.is_dust = True
    want_flat(step, held, "x")
    care_for(step, held)
    assert step.out.intents == []
    assert held.wish is None


def test_the_target_is_asked_for_again_when_it_was_not_met(step: DeskStep, hold: Any) -> None:
    held = hold("alpha", 10)
    held.plan = msgspec.structs.replace(held.plan, take_profit_ticks=1000)
    care_for(step, held)
    care_for(step, held)
    step.now_ns = 2 * S
    care_for(step, held)
    assert _purposes(step).count(Purpose.EXIT) == 2


def test_the_stop_of_dust_is_taken_back(step: DeskStep, hold: Any, make_intent: MakeIntent) -> None:
    held = hold("alpha", 1)
    intent = make_intent(Purpose.PROTECT, Side.SELL)
    stop = step.submit(intent, Side.SELL, 6, stop_terms(Side.BUY, 990))
    held.is_dust = True
    care_for(step, held)
    assert stop.state is OrderState.PENDING_CANCEL
