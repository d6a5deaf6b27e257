"""Reports: what a venue says about our orders and our account. Past tense, never mutated."""

import msgspec

from undertow.domain.identity import ClientOrderId, FillId, InstrumentId, VenueOrderId
from undertow.domain.money import Money
from undertow.domain.order import Liquidity, OrderState
from undertow.domain.side import Side


class _Report(msgspec.Struct, frozen=True, kw_only=True, tag_field="report"):
    venue: str
    event_time_ns: int


class OrderAccepted(_Report, frozen=True, tag="accepted"):
    """The order rests at the venue (or is about to fill)."""

    client_order_id: ClientOrderId
    venue_order_id: VenueOrderId


class OrderRejected(_Report, frozen=True, tag="rejected"):
    """Definitive: the order does not exist. `code` is ours, `reason` the venue's words."""

    client_order_id: ClientOrderId
    code: str
    reason: str


class OrderTriggered(_Report, frozen=True, tag="triggered"):
    """A trigger order was released."""

    client_order_id: ClientOrderId
    venue_order_id: VenueOrderId


class OrderFilled(_Report, frozen=True, tag="filled"):
    """One execution of part or all of an order. `fee` is positive when paid."""

    client_order_id: ClientOrderId
    venue_order_id: VenueOrderId
    fill_id: FillId
    instrument_id: InstrumentId
    side: Side
    price_ticks: int
    qty_lots: int
    liquidity: Liquidity
    fee: Money


class OrderCanceled(_Report, frozen=True, tag="canceled"):
    """The rest of the order is gone on request."""

    client_order_id: ClientOrderId
    venue_order_id: VenueOrderId


class OrderExpired(_Report, frozen=True, tag="expired"):
    """The venue ended the order by its own rule (IOC rest, FOK miss, reduce-only nothing left)."""

    client_order_id: ClientOrderId
    venue_order_id: VenueOrderId
    reason: str


class OrderAmended(_Report, frozen=True, tag="amended"):
    """The order now has this trigger or limit price and this total quantity."""

    client_order_id: ClientOrderId
    venue_order_id: VenueOrderId
    price_ticks: int
    qty_lots: int


class CancelRejected(_Report, frozen=True, tag="cancel_rejected"):
    """The cancel had no effect; the order goes on as it was or is already over."""

    client_order_id: ClientOrderId
    code: str
    reason: str


class AmendRejected(_Report, frozen=True, tag="amend_rejected"):
    """The amendment had no effect."""

    client_order_id: ClientOrderId
    code: str
    reason: str


class RequestTimedOut(_Report, frozen=True, tag="timed_out"):
    """Ambiguous: no answer came to a submit, cancel or amend. The order becomes UNKNOWN."""

    client_order_id: ClientOrderId
    request: str


class OrderStatus(_Report, frozen=True, tag="status"):
    """The venue's answer to a query of one order: the truth that ends UNKNOWN.

    `state` is one of OPEN, PARTIALLY_FILLED, FILLED, CANCELED, REJECTED (never existed), EXPIRED.
    """

    client_order_id: ClientOrderId
    venue_order_id: VenueOrderId
    state: OrderState
    filled_lots: int
    qty_lots: int
    price_ticks: int


class FundingSettled(_Report, frozen=True, tag="funding"):
    """Funding of a position was booked: `amount` is positive when received."""

    instrument_id: InstrumentId
    amount: Money


class BalanceReported(_Report, frozen=True, tag="balance"):
    """The venue's own wallet balance of a currency."""

    balance: Money


class PositionReported(_Report, frozen=True, tag="position"):
    """The venue's own position of an instrument; `signed_lots` < 0 is short."""

    instrument_id: InstrumentId
    signed_lots: int


class PositionLiquidated(_Report, frozen=True, tag="liquidated"):
    """The venue closed a position by force; the fills arrive as `OrderFilled` of its own order."""

    instrument_id: InstrumentId
    signed_lots: int
    price_ticks: int


Report = (
    OrderAccepted
    | OrderRejected
    | OrderTriggered
    | OrderFilled
    | OrderCanceled
    | OrderExpired
    | OrderAmended
    | CancelRejected
    | AmendRejected
    | RequestTimedOut
    | OrderStatus
    | FundingSettled
    | BalanceReported
    | PositionReported
    | PositionLiquidated
)
