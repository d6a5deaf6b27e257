from collections.abc import Callable
from typing import Any

import pytest

from undertow.domain.event import ExecutionValidationFailed, SystemFailure
from undertow.domain.intent import Intent
from undertow.domain.order import Market, OrderState, Purpose
from undertow.domain.report import OrderCanceled, OrderRejected
from undertow.domain.side import Side
from undertow.execution.change import Change
from undertow.execution.desk_step import DeskStep
from undertow.execution.order_endings import STOPS_LOST_MAX, read_ending
from undertow.execution.order_terms import stop_terms

S = OrderState


@pytest.fixture
def lose(
    step: DeskStep, hold: Any, make_intent: Callable[..., Intent], say: Any
) -> Callable[..., Any]:
    """End an order of an open position of 10; returns the holding."""

    def run(state: S, purpose: Purpose = Purpose.PROTECT, *, wanted: bool = False) -> Any:
        held = hold("alpha", 10)
        is_stop = purpose is Purpose.PROTECT
        terms = stop_terms(Side.BUY, 990) if is_stop else Market()
        tracked = step.submit(make_intent(purpose, Side.SELL), Side.SELL, 10, terms)
        tracked.state, tracked.is_cancel_wanted = state, wanted
        read_ending(step, held, Change(tracked, S.OPEN), say(OrderCanceled, "ut1-o1"))
        return held

    return run


@pytest.mark.parametrize("state", [S.REJECTED, S.EXPIRED])
def test_a_stop_that_is_gone_means_out(lose: Any, step: DeskStep, state: S) -> None:
    held = lose(state)
    assert held.wish.reason == f"emergency_exit: stop {state.name.lower()}"
    last = step.out.effects[-1]
    assert isinstance(last, SystemFailure)
    assert last.is_critical


def test_a_stop_we_cancelled_is_not_lost(lose: Any) -> None:
    held = lose(S.CANCELED, wanted=True)
    assert (held.wish, held.stops_lost) == (None, 0)


def test_a_stop_others_cancel_is_replaced_some_times(lose: Any) -> None:
    for n in range(1, STOPS_LOST_MAX + 1):
        held = lose(S.CANCELED)
        assert (held.wish is not None) == (n == STOPS_LOST_MAX)


def test_a_filled_order_has_done_its_work(lose: Any) -> None:
    assert lose(S.FILLED).wish is None


def test_a_close_that_fails_is_told(lose: Any, step: DeskStep) -> None:
    lose(S.REJECTED, Purpose.FLATTEN)
    last = step.out.effects[-1]
    assert isinstance(last, SystemFailure)
    assert "could not be closed: ut1-o1 REJECTED" in last.error


def test_what_the_venue_finds_too_little_is_dust(
    step: DeskStep, hold: Any, make_intent: Callable[..., Intent], say: Any
) -> None:
    held = hold("alpha", 1)
    tracked = step.submit(make_intent(Purpose.FLATTEN, Side.SELL), Side.SELL, 1, Market())
    tracked.state = S.REJECTED
    report = say(OrderRejected, "ut1-o1", code="below_min_notional")
    read_ending(step, held, Change(tracked, S.PENDING_CREATE), report)
    assert held.is_dust
    assert isinstance(step.out.effects[-1], ExecutionValidationFailed)
