"""An order as the venue knows it."""

import msgspec

from undertow.domain.identity import ClientOrderId, VenueOrderId
from undertow.domain.order import Limit, Order, OrderState, Terms, Trigger
from undertow.domain.report import OrderStatus
from undertow.domain.side import Side


class VenueOrder(msgspec.Struct, kw_only=True, eq=False):
    """What was ordered and what became of it; `filled_lots` plus `remaining` is `qty_lots` always.

    order: as first sent. terms, qty_lots: as amended, and as released when it was a trigger.
    index: of the instrument in the table. held: spot money or coins set aside, units of 1e-18.
    """

    order: Order
    index: int
    venue_order_id: VenueOrderId
    terms: Terms
    qty_lots: int
    filled_lots: int = 0
    state: OrderState = OrderState.OPEN
    held: int = 0
    reject_code: str = ""
    reject_reason: str = ""

    @property
    def client_order_id(self) -> ClientOrderId:
        """The trader's id."""
        return self.order.client_order_id

    @property
    def side(self) -> Side:
        """Which way."""
        return self.order.side

    @property
    def remaining(self) -> int:
        """Lots not filled yet."""
        return self.qty_lots - self.filled_lots

    @property
    def is_open(self) -> bool:
        """True until it is filled, cancelled, rejected or expired."""
        return self.state in (OrderState.OPEN, OrderState.PARTIALLY_FILLED)

    @property
    def is_trigger(self) -> bool:
        """True while it waits for its trigger."""
        return isinstance(self.terms, Trigger)

    @property
    def price_ticks(self) -> int:
        """Limit price, or trigger price while it waits; 0 for a market order."""
        if isinstance(self.terms, Trigger):
            return self.terms.trigger_ticks
        return self.terms.price_ticks if isinstance(self.terms, Limit) else 0

    def add_fill(self, lots: int) -> None:
        """Book a fill."""
        assert self.is_open, "only living orders are filled"
        assert 0 < lots <= self.remaining, "a fill is part of what remains"
        self.filled_lots += lots
        self.state = OrderState.PARTIALLY_FILLED if self.remaining else OrderState.FILLED

    def status(self, venue: str, at_ns: int) -> OrderStatus:
        """The truth about this order."""
        return OrderStatus(
            venue=venue,
            event_time_ns=at_ns,
            client_order_id=self.client_order_id,
            venue_order_id=self.venue_order_id,
            state=self.state,
            filled_lots=self.filled_lots,
            qty_lots=self.qty_lots,
            price_ticks=self.price_ticks,
        )

    def same_request(self, order: Order) -> bool:
        """True when `order` asks for what this one was first sent as."""
        mine = self.order
        return (
            mine.instrument_id == order.instrument_id
            and mine.side is order.side
            and mine.qty_lots == order.qty_lots
            and mine.terms == order.terms
            and mine.is_reduce_only == order.is_reduce_only
        )
