"""A fill as the ledger books it: a venue's execution, and whose it is."""

import msgspec

from undertow.domain.identity import ClientOrderId, DecisionId, FillId, InstrumentId, StrategyId
from undertow.domain.money import Money
from undertow.domain.order import Liquidity, Purpose
from undertow.domain.side import Side

EXTERNAL = StrategyId("external")
"""Owner of positions that were opened at the venue by somebody else."""


class Fill(msgspec.Struct, frozen=True, kw_only=True):
    """One execution, given to exactly one strategy. `qty_lots` > 0; `fee` is positive when paid.

    `reason` is why the order was sent, and becomes the exit reason of a position it closes.
    """

    fill_id: FillId
    client_order_id: ClientOrderId
    venue: str
    strategy: StrategyId
    instrument_id: InstrumentId
    side: Side
    price_ticks: int
    qty_lots: int
    liquidity: Liquidity
    fee: Money
    purpose: Purpose
    decision_id: DecisionId
    reason: str
    event_time_ns: int
    at_ns: int

    @property
    def position_id(self) -> str:
        """The id of the position that this fill opens, if it opens one: the same in every replay,
        because order and execution have their names from the run and from the venue.
        """
        return f"{self.client_order_id}/{self.fill_id}"
