"""Every order the venue has ever been sent, and which of them live."""

from collections.abc import Iterable

import msgspec

from undertow.domain.identity import ClientOrderId, FillId, StrategyId, VenueOrderId
from undertow.domain.order import Order, OrderState
from undertow.simulator.reject_code import Rejection
from undertow.simulator.venue_order import VenueOrder


class RegisterState(msgspec.Struct, frozen=True):
    """What a register remembers: all orders in order of arrival, living ones in order of entry."""

    orders: list[VenueOrder]
    live: list[ClientOrderId]
    orders_made: int
    fills_made: int


class OrderRegister:
    """Orders by client id. Ids of orders and fills are counted, never drawn."""

    def __init__(self, venue: str) -> None:
        self._venue = venue
        self._orders: dict[ClientOrderId, VenueOrder] = {}
        self._live: dict[int, dict[ClientOrderId, VenueOrder]] = {}
        self._orders_made = 0
        self._fills_made = 0

    def get(self, client_order_id: ClientOrderId) -> VenueOrder | None:
        """The order of that id, dead or alive."""
        return self._orders.get(client_order_id)

    def by_ids(self, ids: Iterable[str]) -> list[VenueOrder]:
        """The orders of those ids, in that order."""
        return [self._orders[ClientOrderId(client_order_id)] for client_order_id in ids]

    def live(self, index: int) -> tuple[VenueOrder, ...]:
        """Living orders of an instrument, oldest first."""
        return tuple(self._live.get(index, {}).values())

    @property
    def has_live(self) -> bool:
        """Whether any order lives."""
        return bool(self._live)

    def live_indexes(self) -> tuple[int, ...]:
        """Instruments with living orders, ascending."""
        return tuple(sorted(self._live))

    def add(self, order: Order, index: int) -> VenueOrder:
        """Take an order in; it lives."""
        added = self._make(order, index)
        self._live.setdefault(index, {})[order.client_order_id] = added
        return added

    def add_rejected(self, order: Order, rejection: Rejection) -> None:
        """Remember a refusal, so that the same request gets the same answer again."""
        added = self._make(order, -1)
        added.state = OrderState.REJECTED
        added.reject_code = rejection.code
        added.reject_reason = rejection.reason

    def count_of(self, strategy: StrategyId) -> int:
        """Orders ever sent under a strategy's name; the venue's own bear the venue's."""
        return sum(order.order.strategy == strategy for order in self._orders.values())

    def close(self, order: VenueOrder) -> None:
        """The order is over."""
        assert not order.is_open, "only finished orders leave the living"
        living = self._live[order.index]
        del living[order.client_order_id]
        if not living:
            del self._live[order.index]

    def next_fill_id(self) -> FillId:
        """A new id of an execution."""
        self._fills_made += 1
        return FillId(f"{self._venue}-f{self._fills_made}")

    def dump(self) -> RegisterState:
        """Everything, for a snapshot."""
        live = [o.client_order_id for index in self.live_indexes() for o in self.live(index)]
        orders = list(self._orders.values())
        return RegisterState(orders, live, self._orders_made, self._fills_made)

    def load(self, state: RegisterState) -> None:
        """Go back to a dump."""
        self._orders = {order.client_order_id: order for order in state.orders}
        self._live = {}
        for client_order_id in state.live:
            order = self._orders[client_order_id]
            self._live.setdefault(order.index, {})[client_order_id] = order
        self._orders_made = state.orders_made
        self._fills_made = state.fills_made

    def _make(self, order: Order, index: int) -> VenueOrder:
        assert order.client_order_id not in self._orders, "an id is taken once"
        self._orders_made += 1
        made = VenueOrder(
            order=order,
            index=index,
            venue_order_id=VenueOrderId(f"{self._venue}-{self._orders_made}"),
            terms=order.terms,
            qty_lots=order.qty_lots,
        )
        self._orders[order.client_order_id] = made
        return made
