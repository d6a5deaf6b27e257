"""Maintenance margin by tiers of position value, as venues publish it.

maintenance = value * rate - deduction of the tier that contains the value, with
deduction_n = floor_n * (rate_n - rate_{n-1}) + deduction_{n-1}, which makes it continuous (Binance
FAQ "How to Calculate Liquidation Price of USD-M Futures Contracts"; DEFINITIONS liquidation.*).
"""

from collections.abc import Sequence

import msgspec

from undertow.domain.errors import ConfigurationError
from undertow.domain.fixed import parse_scaled
from undertow.domain.money import MONEY_DIGITS, divide_half_even

_PPM = 1_000_000


class MaintenanceTier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From a position value of `floor` (decimal text, settlement currency) on, `rate_ppm`.

    max_leverage: the most the venue allows there, 0 = no other than the instrument's.
    """

    floor: str
    rate_ppm: int
    max_leverage: int = 0


class Maintenance:
    """The tiers of one venue. Amounts are in units of 1e-18 of the settlement currency."""

    def __init__(self, tiers: Sequence[MaintenanceTier]) -> None:
        self._rows: list[tuple[int, int, int]] = []
        self._leverages = [tier.max_leverage for tier in tiers]
        if min(self._leverages, default=0) < 0:
            raise ConfigurationError(f"expected max_leverage of at least 0, found {tiers}")
        deduction, last_rate = 0, 0
        for tier in tiers:
            floor = parse_scaled(tier.floor, MONEY_DIGITS)
            above = self._rows[-1][0] if self._rows else -1
            if floor <= above or tier.rate_ppm < last_rate or (not self._rows and floor):
                raise ConfigurationError(
                    "expected maintenance tiers from 0 on with growing floors and rates, "
                    f"found {tier.floor} at {tier.rate_ppm} ppm"
                )
            if self._rows:
                deduction += divide_half_even(floor * (tier.rate_ppm - last_rate), _PPM)
            self._rows.append((floor, tier.rate_ppm, deduction))
            last_rate = tier.rate_ppm
        if not self._rows:
            raise ConfigurationError("expected at least one maintenance tier, found none")

    @property
    def bounds_leverage(self) -> bool:
        """True when a tier has a leverage of its own."""
        return any(self._leverages)

    def leverage_max(self, value: int, instrument_max: int) -> int:
        """The most leverage of a position of this value (>= 0)."""
        allowed = [
            leverage
            for (floor, _, _), leverage in zip(self._rows, self._leverages, strict=True)
            if leverage and value >= floor
        ]
        return min([*allowed, instrument_max])

    @property
    def rate_ppm_max(self) -> int:
        """The highest rate: no unit of value adds more maintenance than this."""
        return self._rows[-1][1]

    def amount(self, value: int) -> int:
        """Maintenance margin of a position of this value (>= 0)."""
        place = len(self._rows) - 1
        while value < self._rows[place][0]:
            place -= 1
        _, rate, deduction = self._rows[place]
        return divide_half_even(value * rate, _PPM) - deduction
