"""What a venue can do, as data: asked before a strategy starts, printed by the command line."""

from enum import StrEnum

import msgspec


class Capability(StrEnum):
    """One thing a venue can do."""

    BOOK = "book"
    TRADES = "trades"
    QUOTES = "quotes"
    MARK_PRICE = "mark_price"
    LIQUIDATIONS = "liquidations"
    OPEN_INTEREST = "open_interest"
    KLINES = "klines"
    HISTORY = "history"
    BALANCES = "balances"
    SUBMIT = "submit"
    CANCEL = "cancel"
    AMEND = "amend"
    QUERY = "query"
    ORDER_REPORTS = "order_reports"
    TRIGGER_ORDERS = "trigger_orders"
    POST_ONLY = "post_only"
    REDUCE_ONLY = "reduce_only"


NEEDED_FOR_SIGNALS = (Capability.BOOK, Capability.TRADES)
"""Without these a venue adds nothing to the flow."""

NEEDED_FOR_TRADING = (
    *NEEDED_FOR_SIGNALS,
    Capability.BALANCES,
    Capability.SUBMIT,
    Capability.CANCEL,
    Capability.QUERY,
    Capability.ORDER_REPORTS,
)
"""Without these a venue must not be given orders: `QUERY` is what ends an unknown outcome."""


class Capabilities(msgspec.Struct, frozen=True):
    """A venue's abilities, in a stated order, and the sizes of its market-data connections.

    book_levels: most levels a side that a snapshot carries, 0 = the whole book.
    streams_per_connection: most subscriptions on one connection, 0 = no such limit.
    """

    abilities: tuple[Capability, ...]
    book_levels: int = 0
    streams_per_connection: int = 0

    def can(self, ability: Capability) -> bool:
        """Whether the venue has this ability."""
        return ability in self.abilities

    def missing(self, needed: tuple[Capability, ...]) -> tuple[Capability, ...]:
        """Those of the needed abilities that the venue lacks, in the given order."""
        return tuple(ability for ability in needed if ability not in self.abilities)
