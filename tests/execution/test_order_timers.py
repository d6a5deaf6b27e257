from collections.abc import Callable
from typing import Any

import pytest

from undertow.domain.intent import Intent
from undertow.domain.order import (
    Limit,
    Market,
    Order,
    OrderState,
    Purpose,
    TimeInForce,
)
from undertow.execution.execution_config import ExecutionConfig
from undertow.execution.order_timers import (
    audit_due_ns,
    backoff_ns,
    cancel_due_ns,
    claim_due_ns,
    doubt_due_ns,
    next_due_ns,
    request_under_way,
    unfilled_due_ns,
)
from undertow.execution.tracked_order import Claim, TrackedOrder

CONFIG = ExecutionConfig(
    request_timeout_ns=5, audit_ns=60, entry_timeout_ns=600, exit_timeout_ns=700
)


@pytest.fixture
def track(make_order: Callable[..., Order], make_intent: Callable[..., Intent]) -> Any:
    def make(
        state: OrderState, terms: Any = None, purpose: Purpose = Purpose.ENTRY
    ) -> TrackedOrder:
        return TrackedOrder(
            order=make_order(terms=terms or Limit(1000), purpose=purpose),
            intent=make_intent(),
            venue="aster",
            state=state,
            qty_lots=10,
            remaining_lots=10,
            price_ticks=1000,
            sent_ns=100,
            heard_ns=110,
        )

    return make


@pytest.mark.parametrize(
    ("state", "request_", "due"),
    [
        (OrderState.PENDING_CREATE, "submit", 105),
        (OrderState.PENDING_CANCEL, "cancel", 105),
        (OrderState.PENDING_AMEND, "amend", 105),
        (OrderState.OPEN, "", 0),
        (OrderState.UNKNOWN, "", 0),
        (OrderState.FILLED, "", 0),
    ],
)
def test_silence_after_a_request(track: Any, state: OrderState, request_: str, due: int) -> None:
    assert request_under_way(track(state)) == request_
    assert doubt_due_ns(track(state), CONFIG) == due


def test_what_should_be_over_at_once(track: Any) -> None:
    ioc = track(OrderState.OPEN, Limit(1000, TimeInForce.IOC))
    assert (doubt_due_ns(ioc, CONFIG), audit_due_ns(ioc, CONFIG)) == (115, 0)
    assert doubt_due_ns(track(OrderState.PARTIALLY_FILLED, Market()), CONFIG) == 115


def test_resting_orders_are_audited(track: Any) -> None:
    assert audit_due_ns(track(OrderState.OPEN), CONFIG) == 170
    assert audit_due_ns(track(OrderState.OPEN), ExecutionConfig(audit_ns=0)) == 0
    assert audit_due_ns(track(OrderState.UNKNOWN), CONFIG) == 0


def test_unfilled_limits(track: Any) -> None:
    assert unfilled_due_ns(track(OrderState.OPEN), CONFIG) == 600
    assert unfilled_due_ns(track(OrderState.OPEN, purpose=Purpose.EXIT), CONFIG) == 700
    assert unfilled_due_ns(track(OrderState.OPEN, purpose=Purpose.FLATTEN), CONFIG) == 0
    assert unfilled_due_ns(track(OrderState.CANCELED), CONFIG) == 0
    assert unfilled_due_ns(track(OrderState.OPEN, Market()), CONFIG) == 0


def test_wanted_cancels_wait_for_the_truth(track: Any) -> None:
    tracked = track(OrderState.OPEN)
    assert cancel_due_ns(tracked) == 0
    tracked.is_cancel_wanted, tracked.next_cancel_ns = True, 120
    assert cancel_due_ns(tracked) == 120
    assert unfilled_due_ns(tracked, CONFIG) == 0
    tracked.state = OrderState.UNKNOWN
    assert cancel_due_ns(tracked) == 0


def test_missing_fills_are_told_once(track: Any) -> None:
    tracked = track(OrderState.UNKNOWN)
    assert claim_due_ns(tracked, CONFIG) == 0
    tracked.claim = Claim(OrderState.FILLED, 10, 50)
    assert claim_due_ns(tracked, CONFIG) == 50 + CONFIG.missing_fill_grace_ns
    tracked.claim = tracked.claim.reported()
    assert claim_due_ns(tracked, CONFIG) == 0


def test_the_earliest_counts(track: Any) -> None:
    tracked = track(OrderState.OPEN)
    assert next_due_ns(tracked, CONFIG) == 170
    tracked.next_query_ns = 111
    assert next_due_ns(tracked, CONFIG) == 111
    assert next_due_ns(track(OrderState.FILLED), CONFIG) == 0


def test_backoff_doubles_up_to_the_most() -> None:
    assert [backoff_ns(2, 10, n) for n in range(5)] == [2, 4, 8, 10, 10]
    assert backoff_ns(1, 10, 10_000) == 10
