"""An open position of a derivative at the venue."""

import msgspec

from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.money import divide_half_even
from undertow.domain.side import Side


class VenuePosition(msgspec.Struct):
    """Lots < 0 are short. entry_cost: what the open lots cost, margin: set aside for them when
    isolated; both in units of 1e-18 of the settlement currency.
    """

    signed_lots: int
    entry_cost: int = 0
    margin: int = 0

    @property
    def side(self) -> Side:
        """BUY when long."""
        return Side.BUY if self.signed_lots > 0 else Side.SELL

    def increase(self, side: Side, lots: int, cost: int, margin: int) -> None:
        """Add lots on the position's own side, or open it."""
        assert self.signed_lots * side >= 0, "an increase never nets"
        self.signed_lots += side * lots
        self.entry_cost += cost
        self.margin += margin

    def reduce(self, instrument: Instrument, lots: int, exit_cost: int) -> tuple[int, int]:
        """Close `lots` of it; returns the realised profit before fees and the margin released.

        The closed lots take their share of the entry cost, and the last ones all of the rest, so
        that nothing is lost to rounding.
        """
        held = abs(self.signed_lots)
        assert 0 < lots <= held, "a reduction never opens"
        entry_part = divide_half_even(self.entry_cost * lots, held)
        margin_part = divide_half_even(self.margin * lots, held)
        gain = exit_cost - entry_part
        if instrument.kind is MarketKind.INVERSE:
            gain = -gain
        profit = gain if self.signed_lots > 0 else -gain
        self.signed_lots -= self.side * lots
        self.entry_cost -= entry_part
        self.margin -= margin_part
        return profit, margin_part
