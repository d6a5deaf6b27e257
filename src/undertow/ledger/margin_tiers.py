"""Margin tiers of an instrument as plain numbers: for analysis, risk and display.

maintenance = notional * rate - cum of the tier that contains the notional, with
cum_n = floor_n * (rate_n - rate_{n-1}) + cum_{n-1}, which makes it continuous (Binance FAQ "How to
Calculate Liquidation Price of USD-M Futures Contracts"; DEFINITIONS liquidation.*). The tiers come
from the venue at run time.
"""

from collections.abc import Sequence
from itertools import pairwise

import msgspec

from undertow.domain.errors import CallerError


class MarginTier(msgspec.Struct, frozen=True):
    """From a notional of `floor` on: maintenance `rate` (0.004 = 0.4 %) and the most leverage
    (0 = no bound of its own).
    """

    floor: float
    rate: float
    max_leverage: float = 0.0


class MarginTiers:
    """Tiers in order of their floors, the first from 0. Raises `CallerError` otherwise."""

    def __init__(self, tiers: Sequence[MarginTier]) -> None:
        floors = [tier.floor for tier in tiers]
        rates = [tier.rate for tier in tiers]
        if not tiers or floors[0] != 0 or floors != sorted(set(floors)) or rates != sorted(rates):
            raise CallerError(
                "expected margin tiers from 0 on with growing floors and rates, "
                f"found {list(zip(floors, rates, strict=True))}"
            )
        if not 0 <= rates[0] <= rates[-1] < 1:
            raise CallerError(f"expected maintenance rates in [0, 1), found {rates}")
        self.tiers = tuple(tiers)
        cums = [0.0]
        for lower, upper in pairwise(tiers):
            cums.append(cums[-1] + upper.floor * (upper.rate - lower.rate))
        self.cums = tuple(cums)

    @classmethod
    def flat(cls, rate: float) -> "MarginTiers":
        """One rate for every notional."""
        return cls([MarginTier(0.0, rate)])

    def place(self, notional: float) -> int:
        """Index of the tier that contains a notional >= 0."""
        return max(k for k, tier in enumerate(self.tiers) if notional >= tier.floor)

    def maintenance(self, notional: float) -> float:
        """Maintenance margin of a position of this notional >= 0."""
        k = self.place(notional)
        return notional * self.tiers[k].rate - self.cums[k]

    def max_leverage(self, notional: float, instrument_max: float) -> float:
        """The most leverage for this notional: the least of the tiers up to it and the instrument's
        own; never interpolated (D-52).
        """
        bounds = [t.max_leverage for t in self.tiers if t.max_leverage and notional >= t.floor]
        return min([*bounds, instrument_max])
