from collections.abc import Callable

import msgspec
import pytest

from undertow.domain.identity import VenueOrderId
from undertow.domain.order import Limit, Market, Order, OrderState, Trigger, TriggerWhen
from undertow.domain.side import Side
from undertow.simulator.venue_order import VenueOrder

STOP = Trigger(95, TriggerWhen.FALLS_TO, Limit(90))


def venue_order(order: Order) -> VenueOrder:
    return VenueOrder(
        order=order,
        index=1,
        venue_order_id=VenueOrderId("aster-1"),
        terms=order.terms,
        qty_lots=order.qty_lots,
    )


def test_price_of_each_kind(new_order: Callable[..., Order]) -> None:
    made = [venue_order(new_order("a", Side.BUY, 5, t)) for t in (Market(), Limit(100), STOP)]
    assert [order.price_ticks for order in made] == [0, 100, 95]
    assert [order.is_trigger for order in made] == [False, False, True]


def test_fills_add_up(new_order: Callable[..., Order]) -> None:
    order = venue_order(new_order("a", Side.BUY, 5, Limit(100)))
    order.add_fill(2)
    assert (order.state, order.remaining) == (OrderState.PARTIALLY_FILLED, 3)
    order.add_fill(3)
    assert (order.state, order.is_open) == (OrderState.FILLED, False)
    with pytest.raises(AssertionError, match="living"):
        order.add_fill(1)
    assert order.status("aster", 9).filled_lots == 5


def test_same_request_ignores_when_it_was_made(new_order: Callable[..., Order]) -> None:
    order = new_order("a", Side.BUY, 5, Limit(100))
    known = venue_order(order)
    assert known.same_request(msgspec.structs.replace(order, created_ns=99))
    assert not known.same_request(msgspec.structs.replace(order, qty_lots=6))
    assert not known.same_request(msgspec.structs.replace(order, terms=Limit(101)))
