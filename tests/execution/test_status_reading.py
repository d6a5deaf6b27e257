from collections.abc import Callable
from typing import Any

import pytest

from undertow.domain.intent import Intent
from undertow.domain.order import Limit, Order, OrderState
from undertow.domain.report import OrderFilled
from undertow.execution.change import Change
from undertow.execution.execution_config import ExecutionConfig
from undertow.execution.status_reading import read_status
from undertow.execution.tracked_order import TrackedOrder

CONFIG = ExecutionConfig(not_found_grace_ns=100, query_backoff_ns=10)


@pytest.fixture
def read(
    make_order: Callable[..., Order],
    make_intent: Callable[..., Intent],
    make_status: Callable[..., Any],
    make_fill_report: Callable[..., OrderFilled],
) -> Callable[..., Change]:
    """Read a status at 50 ns of an order in a state, with 4 of 10 lots filled unless told."""

    def run(
        state: OrderState, says: OrderState, filled: int = 4, qty: int = 10, **more: Any
    ) -> Change:
        have, now_ns = more.pop("have", 4), more.pop("now_ns", 500)
        price = more.pop("price", 1000)
        tracked = TrackedOrder(
            order=make_order(terms=Limit(1000)),
            intent=make_intent(),
            venue="aster",
            state=state,
            qty_lots=10,
            remaining_lots=10,
            price_ticks=1000,
            sent_ns=0,
            heard_ns=0,
            **more,
        )
        if have:
            tracked.add_fill(make_fill_report("ut1-o1", "f1", have, 1000))
        change = Change(tracked, state)
        status = make_status("ut1-o1", says, filled, qty, price, at_ns=50)
        read_status(change, status, now_ns, CONFIG)
        return change

    return run


Read = Callable[..., Change]
S = OrderState


@pytest.mark.parametrize(
    ("state", "says", "becomes"),
    [
        (S.UNKNOWN, S.PARTIALLY_FILLED, S.PARTIALLY_FILLED),
        (S.UNKNOWN, S.CANCELED, S.CANCELED),
        (S.UNKNOWN, S.EXPIRED, S.EXPIRED),
        (S.PARTIALLY_FILLED, S.CANCELED, S.CANCELED),
        (S.PENDING_CANCEL, S.OPEN, S.PENDING_CANCEL),
        (S.PENDING_AMEND, S.OPEN, S.PENDING_AMEND),
        (S.PENDING_CANCEL, S.CANCELED, S.CANCELED),
        (S.FILLED, S.OPEN, S.FILLED),
    ],
)
def test_as_many_fills_as_we_have(read: Read, state: S, says: S, becomes: S) -> None:
    assert read(state, says).tracked.state is becomes


def test_fewer_fills_is_old_news(read: Read) -> None:
    change = read(S.UNKNOWN, S.CANCELED, filled=3)
    assert (change.is_stale, change.tracked.state) == (True, S.UNKNOWN)


@pytest.mark.parametrize("state", [S.PARTIALLY_FILLED, S.CANCELED, S.EXPIRED, S.PENDING_CANCEL])
def test_more_fills_are_waited_for(read: Read, state: S) -> None:
    tracked = read(state, S.FILLED, filled=10).tracked
    assert (tracked.state, tracked.doubt, tracked.next_query_ns) == (S.UNKNOWN, "fills", 510)
    assert tracked.claim is not None
    assert (tracked.claim.filled_lots, tracked.claim.since_ns) == (10, 500)


def test_more_than_ordered_is_named(read: Read) -> None:
    change = read(S.UNKNOWN, S.FILLED, filled=11)
    assert change.problems == ["overfill: status of ut1-o1 says 11 lots filled, ordered were 10"]


def test_filled_with_a_smaller_quantity(read: Read) -> None:
    tracked = read(S.UNKNOWN, S.FILLED, qty=4).tracked
    assert (tracked.state, tracked.qty_lots, tracked.remaining_lots) == (S.FILLED, 4, 0)
    odd = read(S.PARTIALLY_FILLED, S.FILLED, qty=10)
    assert odd.problems == ["status says ut1-o1 is filled with 4 of 10 lots"]
    assert odd.tracked.state is S.UNKNOWN


@pytest.mark.parametrize(("ended_ns", "state"), [(50, S.CANCELED), (49, S.UNKNOWN)])
def test_resting_after_its_end(read: Read, ended_ns: int, state: S) -> None:
    assert read(S.CANCELED, S.OPEN, ended_ns=ended_ns).tracked.state is state


def test_an_ending_is_verified(read: Read) -> None:
    assert read(S.CANCELED, S.CANCELED, next_query_ns=9).tracked.next_query_ns == 0


@pytest.mark.parametrize(
    ("now_ns", "more", "state"),
    [
        (99, {}, S.UNKNOWN),  # it may still be on its way
        (100, {}, S.REJECTED),
        (100, {"alive_ns": 51, "is_acknowledged": True}, S.UNKNOWN),  # seen alive since
        (100, {"alive_ns": 1, "is_acknowledged": True}, S.REJECTED),
    ],
)
def test_never_existed(read: Read, now_ns: int, more: dict[str, Any], state: S) -> None:
    change = read(S.UNKNOWN, S.REJECTED, filled=0, have=0, now_ns=now_ns, **more)
    assert change.tracked.state is state


def test_not_found_is_asked_again_for_a_while(read: Read) -> None:
    tracked = read(S.UNKNOWN, S.REJECTED, filled=0, have=0).tracked
    assert (tracked.is_unverified, tracked.next_query_ns, tracked.is_settled) == (True, 510, False)


def test_not_found_after_fills_is_an_end(read: Read) -> None:
    change = read(S.UNKNOWN, S.REJECTED, is_acknowledged=True)
    assert change.tracked.state is S.CANCELED
    assert change.problems == ["status says ut1-o1 never existed; it was accepted"]


def test_other_terms_are_taken_over_and_told(read: Read) -> None:
    change = read(S.PARTIALLY_FILLED, S.PARTIALLY_FILLED, qty=8)
    assert (change.tracked.qty_lots, change.tracked.remaining_lots) == (8, 4)
    assert "8 lots at 1000 ticks, we know 10 at 1000" in change.problems[0]
    old = read(S.PARTIALLY_FILLED, S.PARTIALLY_FILLED, qty=8, terms_ns=51)
    assert old.tracked.qty_lots == 10
    odd = read(S.UNKNOWN, S.PARTIALLY_FILLED, qty=3)
    assert odd.problems == ["status says ut1-o1 is over 3 lots, 4 are filled"]


def test_a_status_has_a_venues_state(read: Read) -> None:
    change = read(S.UNKNOWN, S.PENDING_CANCEL)
    assert change.problems == ["expected a venue's state in a status, found PENDING_CANCEL"]


def test_a_released_stop_has_no_price_to_disagree_about(read: Read) -> None:
    # Found by a backtest on bars: a stop that was released and waited for the next price was asked
    # after, and its answer, that of a market order, counted as another stop price.
    change = read(S.PARTIALLY_FILLED, S.PARTIALLY_FILLED, price=0)
    assert change.problems == []
    assert change.tracked.price_ticks == 1000
