from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from undertow.domain.intent import Intent
from undertow.domain.order import Limit, Order, OrderState
from undertow.domain.report import OrderFilled
from undertow.execution.order_moves import complete, confirm, doubt, end, meet_claim
from undertow.execution.order_table import Happening
from undertow.execution.tracked_order import Amendment, Claim, TrackedOrder


@pytest.fixture
def tracked(make_order: Callable[..., Order], make_intent: Callable[..., Intent]) -> TrackedOrder:
    return TrackedOrder(
        order=make_order(terms=Limit(1000)),
        intent=make_intent(),
        venue="aster",
        state=OrderState.OPEN,
        qty_lots=10,
        remaining_lots=10,
        price_ticks=1000,
        sent_ns=0,
        heard_ns=0,
    )


def test_doubt_asks_and_remembers_its_first_cause(tracked: TrackedOrder) -> None:
    doubt(tracked, "cancel", 7)
    doubt(tracked, "order", 9)
    assert (tracked.state, tracked.doubt, tracked.next_query_ns) == (
        OrderState.UNKNOWN,
        "cancel",
        9,
    )


def test_confirm_ends_all_doubt(tracked: TrackedOrder, make_fill_report: Any) -> None:
    tracked.add_fill(make_fill_report("ut1-o1", "f1", 4, 1000))
    doubt(tracked, "submit", 7)
    msgspec.structs.force_setattr(tracked, "claim", Claim(OrderState.OPEN, 4, 1))
    confirm(tracked)
    assert tracked.state is OrderState.PARTIALLY_FILLED
    assert not tracked.claim
    assert (tracked.doubt, tracked.next_query_ns) == ("", 0)


def test_confirmed_with_nothing_left_is_filled(
    tracked: TrackedOrder, make_fill_report: Any
) -> None:
    tracked.add_fill(make_fill_report("ut1-o1", "f1", 4, 1000))
    tracked.move(Happening.FILLED_IN_PART)
    tracked.set_terms(1000, 4, 1)
    confirm(tracked)
    assert tracked.state is OrderState.FILLED


def test_an_end_is_verified_once(tracked: TrackedOrder) -> None:
    end(tracked, Happening.CANCELED, 5, 6)
    assert (tracked.state, tracked.ended_ns, tracked.next_query_ns) == (OrderState.CANCELED, 5, 6)
    tracked.next_query_ns = 0
    end(tracked, Happening.EXPIRED, 7, 8)
    assert (tracked.ended_ns, tracked.next_query_ns) == (5, 0)


def test_an_end_waits_for_missing_fills(
    tracked: TrackedOrder, make_fill_report: Callable[..., OrderFilled]
) -> None:
    doubt(tracked, "fills", 7)
    tracked.claim = Claim(OrderState.OPEN, 4, 1)
    end(tracked, Happening.EXPIRED, 5, 6)
    states = [tracked.state]
    for name, lots in (("f1", 3), ("f2", 1)):
        tracked.add_fill(make_fill_report("ut1-o1", name, lots, 1000))
        meet_claim(tracked, 8)
        states.append(tracked.state)
    assert states == [OrderState.UNKNOWN, OrderState.UNKNOWN, OrderState.EXPIRED]


def test_a_claim_of_a_resting_order_is_asked_about_again(
    tracked: TrackedOrder, make_fill_report: Callable[..., OrderFilled]
) -> None:
    doubt(tracked, "fills", 99)
    tracked.claim = Claim(OrderState.PARTIALLY_FILLED, 1, 1)
    tracked.add_fill(make_fill_report("ut1-o1", "f1", 1, 1000))
    meet_claim(tracked, 8)
    assert (tracked.state, tracked.next_query_ns) == (OrderState.UNKNOWN, 8)


def test_complete_forgets_the_amendment(tracked: TrackedOrder) -> None:
    tracked.amendment = Amendment(1, 1)
    complete(tracked)
    assert tracked.state is OrderState.FILLED
    assert not tracked.amendment
