"""How near is near (U-06)."""

import msgspec

from undertow.decision.context import Context
from undertow.decision.flow_readings import atr_ticks


class Nearness(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Within the larger of a share of the price and a share of the 1-minute ATR.

    price_ppm: parts per million of the price (0.1 %). atr_share: of the average true range.
    """

    price_ppm: int = 1_000
    atr_share: float = 0.25

    def ticks(self, ctx: Context) -> float:
        """The tolerance now, in ticks; by price alone while the ATR is undefined."""
        by_price = ctx.flow.last_ticks * self.price_ppm / 1e6
        by_range = self.atr_share * atr_ticks(ctx, 60)
        return max(by_price, by_range) if by_range == by_range else by_price
