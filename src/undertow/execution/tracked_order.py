"""One order with everything we know of it."""

from fractions import Fraction

import msgspec

from undertow.domain.errors import InvariantBroken
from undertow.domain.identity import ClientOrderId, FillId, InstrumentId, VenueOrderId
from undertow.domain.intent import Intent
from undertow.domain.order import Limit, Market, Order, OrderState, Purpose, TimeInForce, Trigger
from undertow.domain.report import OrderFilled
from undertow.execution.order_table import ENDED, RESTING, Happening, next_state


class Amendment(msgspec.Struct, frozen=True, gc=False):
    """The price and total quantity that an amendment asks for."""

    price_ticks: int
    qty_lots: int


class Claim(msgspec.Struct, frozen=True, gc=False):
    """What a status said of fills that we have not received; the order waits for them."""

    state: OrderState
    filled_lots: int
    since_ns: int
    is_reported: bool = False

    def ended(self, state: OrderState) -> "Claim":
        """The same claim of an order that has ended in the meantime."""
        return msgspec.structs.replace(self, state=state)

    def reported(self) -> "Claim":
        """The same claim, told as a discrepancy."""
        return msgspec.structs.replace(self, is_reported=True)


class TrackedOrder(msgspec.Struct, kw_only=True):
    """qty_lots = filled_lots + remaining_lots, always; `excess_lots` were filled beyond the order.

    price_ticks: the limit or trigger price as the venue last confirmed it, 0 for a market order.
    tick_lots: sum of price * quantity of the fills. fees: by currency, in 10**-18.
    amendment: asked for, and not yet known to be taken or refused. asked_lots: the largest quantity
    that was ever asked for by an amendment.
    doubt: the request whose outcome is not known while UNKNOWN ("submit", "cancel", "amend",
    "order"). terms_ns: the venue's time of the last price and quantity taken over.
    sent_ns: of the last request; heard_ns: of the last report; alive_ns: the venue's time at which
    it was last seen alive; ended_ns: at which it ended. is_unverified: it was not found, and may
    still be on its way.
    next_query_ns: when to ask the venue, 0 = no need. next_cancel_ns, next_amend_ns: not before.
    """

    order: Order
    intent: Intent
    venue: str
    state: OrderState
    qty_lots: int
    remaining_lots: int
    price_ticks: int
    sent_ns: int
    heard_ns: int
    filled_lots: int = 0
    excess_lots: int = 0
    tick_lots: int = 0
    fees: dict[str, int] = {}
    fill_ids: dict[FillId, int] = {}
    venue_order_id: VenueOrderId = VenueOrderId("")
    is_acknowledged: bool = False
    is_triggered: bool = False
    is_stop_told: bool = False
    amendment: Amendment | None = None
    asked_lots: int = 0
    amend_refusals: int = 0
    claim: Claim | None = None
    doubt: str = ""
    is_cancel_wanted: bool = False
    cancels: int = 0
    terms_ns: int = 0
    alive_ns: int = 0
    ended_ns: int = 0
    is_unverified: bool = False
    queries: int = 0
    next_query_ns: int = 0
    next_cancel_ns: int = 0
    next_amend_ns: int = 0

    @property
    def client_order_id(self) -> ClientOrderId:
        """Our name of the order."""
        return self.order.client_order_id

    @property
    def instrument_id(self) -> InstrumentId:
        """What it trades."""
        return self.order.instrument_id

    @property
    def purpose(self) -> Purpose:
        """Why it exists."""
        return self.order.purpose

    @property
    def is_ended(self) -> bool:
        """True when it can no longer change the market, as far as we heard."""
        return self.state in ENDED

    @property
    def is_resting(self) -> bool:
        """True when it is at the venue and no request of ours is under way."""
        return self.state in RESTING

    @property
    def is_settled(self) -> bool:
        """True when it is over and nothing about it is to be asked any more."""
        return self.state in ENDED and not self.next_query_ns

    @property
    def is_exit(self) -> bool:
        """True for orders that close a position now (a protective stop waits)."""
        return self.purpose in (Purpose.EXIT, Purpose.FLATTEN)

    @property
    def ends_at_once(self) -> bool:
        """True when nothing of it should be left after its arrival or release."""
        terms = self.order.terms
        if isinstance(terms, Trigger):
            if not self.is_triggered:
                return False
            terms = terms.then
        return isinstance(terms, Market) or terms.time_in_force is not TimeInForce.GTC

    @property
    def average_ticks(self) -> Fraction | None:
        """Average fill price in ticks, weighted by lots; None before the first fill."""
        lots = self.filled_lots + self.excess_lots
        return Fraction(self.tick_lots, lots) if lots else None

    @property
    def most_lots(self) -> int:
        """The most that can be filled while it is open whether an amendment was taken."""
        asked = self.amendment.qty_lots if self.amendment else 0
        return max(self.qty_lots, asked)

    def seen_alive(self, event_time_ns: int) -> None:
        """A report shows that the order was at the venue then."""
        self.is_acknowledged = True
        self.is_unverified = False
        self.alive_ns = max(self.alive_ns, event_time_ns)

    def move(self, happening: Happening) -> None:
        """Go where the table says; raises `IllegalTransition`."""
        self.state = next_state(self.state, happening)

    def set_terms(self, price_ticks: int, qty_lots: int, event_time_ns: int) -> None:
        """Take over what the venue says the order now is."""
        if qty_lots < self.filled_lots:
            raise InvariantBroken(
                f"expected {self.client_order_id} to keep its {self.filled_lots} filled lots, "
                f"found a quantity of {qty_lots}"
            )
        self.price_ticks = price_ticks
        self.qty_lots = qty_lots
        self.remaining_lots = qty_lots - self.filled_lots
        self.terms_ns = event_time_ns

    def add_fill(self, fill: OrderFilled) -> int:
        """Count a fill; returns the lots that are beyond the order (0 when all is well)."""
        if fill.fill_id in self.fill_ids:
            raise InvariantBroken(f"expected fill {fill.fill_id} once, found it again")
        if fill.qty_lots > self.remaining_lots:
            self._grow(fill.qty_lots)
        inside = min(fill.qty_lots, self.remaining_lots)
        excess = fill.qty_lots - inside
        self.fill_ids[fill.fill_id] = fill.qty_lots
        self.filled_lots += inside
        self.remaining_lots -= inside
        self.excess_lots += excess
        self.tick_lots += fill.price_ticks * fill.qty_lots
        self.fees[fill.fee.currency] = self.fees.get(fill.fee.currency, 0) + fill.fee.amount
        self.check()
        return excess

    def check(self) -> None:
        """Verify the quantities; raises `InvariantBroken`."""
        if (
            self.filled_lots + self.remaining_lots != self.qty_lots
            or min(self.filled_lots, self.remaining_lots, self.excess_lots) < 0
            or sum(self.fill_ids.values()) != self.filled_lots + self.excess_lots
        ):
            raise InvariantBroken(
                f"expected filled + remaining = ordered for {self.client_order_id}, found "
                f"{self.filled_lots} + {self.remaining_lots} of {self.qty_lots}, "
                f"{self.excess_lots} beyond, fills {sum(self.fill_ids.values())}"
            )

    def _grow(self, fill_lots: int) -> None:
        # More was filled than the quantity allows: the amendment that is under way was taken, or
        # an earlier one whose outcome we never learned; of that we know only what it has filled.
        if self.amendment:
            qty_lots = self.amendment.qty_lots
        elif self.state is OrderState.FILLED:
            return
        else:
            qty_lots = min(self.asked_lots, self.filled_lots + fill_lots)
        if qty_lots > self.qty_lots:
            self.remaining_lots += qty_lots - self.qty_lots
            self.qty_lots = qty_lots


def working_price(order: Order) -> int:
    """The price an amendment would change: limit or trigger, 0 for a market order."""
    match order.terms:
        case Limit(price_ticks=ticks) | Trigger(trigger_ticks=ticks):
            return ticks
        case _:
            return 0
