"""Commands: what the engine asks of a venue, and what an operator asks of the engine."""

import msgspec

from undertow.domain.identity import ClientOrderId, InstrumentId
from undertow.domain.order import Order


class SubmitOrder(msgspec.Struct, frozen=True, tag_field="command", tag="submit"):
    """Place the order. Journaled and on disk before its bytes leave."""

    venue: str
    order: Order
    sent_ns: int


class CancelOrder(msgspec.Struct, frozen=True, tag_field="command", tag="cancel"):
    """Cancel the rest of an order."""

    venue: str
    instrument_id: InstrumentId
    client_order_id: ClientOrderId
    sent_ns: int


class AmendOrder(msgspec.Struct, frozen=True, tag_field="command", tag="amend"):
    """Change a resting order: its limit price (Limit) or trigger price (Trigger), and its total
    quantity.
    """

    venue: str
    instrument_id: InstrumentId
    client_order_id: ClientOrderId
    price_ticks: int
    qty_lots: int
    sent_ns: int


class QueryOrder(msgspec.Struct, frozen=True, tag_field="command", tag="query"):
    """Ask the venue for the truth about an order."""

    venue: str
    instrument_id: InstrumentId
    client_order_id: ClientOrderId
    sent_ns: int


Command = SubmitOrder | CancelOrder | AmendOrder | QueryOrder


class EngageKillSwitch(msgspec.Struct, frozen=True, tag_field="operator", tag="kill"):
    """Cancel entries, close everything, refuse all new risk until released.

    `origin` is "file", "command", "signal" or "engine".
    """

    origin: str
    reason: str


class ReleaseKillSwitch(msgspec.Struct, frozen=True, tag_field="operator", tag="release"):
    """Allow new risk again."""

    origin: str


class PauseEntries(msgspec.Struct, frozen=True, tag_field="operator", tag="pause"):
    """Take no new positions; keep managing the open ones."""

    origin: str


class ResumeEntries(msgspec.Struct, frozen=True, tag_field="operator", tag="resume"):
    """Take new positions again."""

    origin: str


class FlattenAll(msgspec.Struct, frozen=True, tag_field="operator", tag="flatten"):
    """Cancel open orders and close every position with reduce-only market orders."""

    origin: str
    reason: str


OperatorCommand = EngageKillSwitch | ReleaseKillSwitch | PauseEntries | ResumeEntries | FlattenAll
