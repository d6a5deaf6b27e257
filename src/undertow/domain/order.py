"""Orders: what we ask a venue to do."""

from enum import IntEnum, StrEnum

import msgspec

from undertow.domain.identity import ClientOrderId, InstrumentId, StrategyId
from undertow.domain.side import Side


class TimeInForce(StrEnum):
    """How long the unfilled rest of a limit order lives."""

    GTC = "gtc"
    IOC = "ioc"
    FOK = "fok"


class TriggerWhen(StrEnum):
    """Which way the price must go to release a trigger order."""

    RISES_TO = "rises_to"
    FALLS_TO = "falls_to"


class Market(msgspec.Struct, frozen=True, gc=False, tag="market"):
    """Fill now at whatever the book gives."""


class Limit(msgspec.Struct, frozen=True, gc=False, tag="limit"):
    """Fill at `price_ticks` or better. Post-only is refused by the venue if it would take."""

    price_ticks: int
    time_in_force: TimeInForce = TimeInForce.GTC
    is_post_only: bool = False


class Trigger(msgspec.Struct, frozen=True, tag="trigger"):
    """Rest at the venue until the last trade price reaches `trigger_ticks`, then act as `then`.

    A stop of a long is FALLS_TO, its take-profit RISES_TO; mirrored for a short.
    """

    trigger_ticks: int
    when: TriggerWhen
    then: Market | Limit


Terms = Market | Limit | Trigger
"""How an order wants to be filled; only the data that exists for that kind."""


class Purpose(StrEnum):
    """Why an order exists; a disconnect cancels entries and keeps protective orders."""

    ENTRY = "entry"
    EXIT = "exit"
    PROTECT = "protect"
    FLATTEN = "flatten"


class Order(msgspec.Struct, frozen=True):
    """An order as sent. `qty_lots` > 0; `decision_id` links it to the decision behind it."""

    client_order_id: ClientOrderId
    instrument_id: InstrumentId
    strategy: StrategyId
    side: Side
    qty_lots: int
    terms: Terms
    purpose: Purpose
    is_reduce_only: bool
    decision_id: str
    created_ns: int


class OrderState(IntEnum):
    """States of an order's life; moves between them are the table of `execution.order_table`."""

    PENDING_CREATE = 1
    OPEN = 2
    PARTIALLY_FILLED = 3
    PENDING_CANCEL = 4
    PENDING_AMEND = 5
    UNKNOWN = 6
    FILLED = 7
    CANCELED = 8
    REJECTED = 9
    EXPIRED = 10


class Liquidity(StrEnum):
    """Whether a fill rested (maker) or took (taker)."""

    MAKER = "maker"
    TAKER = "taker"
