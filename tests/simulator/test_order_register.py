from collections.abc import Callable

import pytest

from undertow.domain.identity import ClientOrderId
from undertow.domain.order import Limit, Order, OrderState
from undertow.domain.side import Side
from undertow.simulator.order_register import OrderRegister
from undertow.simulator.reject_code import RejectCode, Rejection


@pytest.fixture
def register(new_order: Callable[..., Order]) -> OrderRegister:
    register = OrderRegister("aster")
    for name, index in (("a", 2), ("b", 1), ("c", 2)):
        register.add(new_order(name, Side.BUY, 5, Limit(100)), index)
    return register


def test_living_orders_by_instrument_and_age(register: OrderRegister) -> None:
    assert not OrderRegister("aster").has_live
    assert register.live_indexes() == (1, 2)
    assert [order.client_order_id for order in register.live(2)] == ["a", "c"]
    assert [order.venue_order_id for order in register.live(2)] == ["aster-1", "aster-3"]


def test_closed_orders_are_remembered(register: OrderRegister) -> None:
    order = register.live(1)[0]
    with pytest.raises(AssertionError, match="only finished orders"):
        register.close(order)
    order.state = OrderState.CANCELED
    register.close(order)
    assert register.live_indexes() == (2,)
    assert register.has_live
    assert register.get(ClientOrderId("b")) is order


def test_refusals_are_remembered(register: OrderRegister, new_order: Callable[..., Order]) -> None:
    register.add_rejected(
        new_order("d", Side.BUY, 5, Limit(100)), Rejection(RejectCode.OFF_GRID, "why")
    )
    order = register.get(ClientOrderId("d"))
    assert order is not None
    assert (order.state, order.reject_code) == (OrderState.REJECTED, "off_grid")
    assert register.live_indexes() == (1, 2)


def test_dump_and_load(register: OrderRegister) -> None:
    register.next_fill_id()
    other = OrderRegister("aster")
    other.load(register.dump())
    assert other.next_fill_id() == "aster-f2"
    assert other.live(2) == register.live(2)
    assert other.by_ids(["c", "a"]) == list(reversed(register.live(2)))
