"""How much of what was traded may be ours, where trades or bars are all that is known.

Of a stranger's trade, or of a bar's volume, our takers may have `participation_ppm` on each side,
and our makers as much. At a bar's open its volume is not known yet: the volume of the bar before it
stands in. Where the data has never told a volume, there is nothing to take a share of and no bound.
"""

from undertow.domain.side import Side
from undertow.simulator.venue_markets import VenueMarkets

_PPM = 1_000_000
_UNBOUNDED = 1 << 60


class PrintBudget:
    """Reads and counts on the markets' records."""

    def __init__(self, markets: VenueMarkets) -> None:
        self._markets = markets

    def takers(self, index: int, side: Side) -> int:
        """Lots that our takers may still have."""
        return self._left(index, "took_buy" if side is Side.BUY else "took_sell")

    def makers(self, index: int, side: Side) -> int:
        """Lots that our makers may still have."""
        return self._left(index, "made_buy" if side is Side.BUY else "made_sell")

    def take(self, index: int, side: Side, lots: int) -> None:
        """A taker of ours had `lots`."""
        self._markets.market(index)["took_buy" if side is Side.BUY else "took_sell"] += lots

    def make(self, index: int, side: Side, lots: int) -> None:
        """A maker of ours had `lots`."""
        self._markets.market(index)["made_buy" if side is Side.BUY else "made_sell"] += lots

    def _left(self, index: int, used: str) -> int:
        market = self._markets.market(index)
        if not market["has_volume"]:
            return _UNBOUNDED
        share = int(market["volume"]) * int(market["share_ppm"]) // _PPM
        return max(0, share - int(market[used]))
