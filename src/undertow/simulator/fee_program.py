"""Fee tiers by traded volume, with discounts, each valid from a date on.

The volume is what we traded at the venue in the 30 full UTC days before the present one, in quote
money, all instruments together, whatever their quote currency (venues convert; with dollar coins
the difference is small). A day's own trades count from the next day on, as venues do it.
"""

from bisect import bisect_right

import msgspec

from undertow.domain.errors import ConfigurationError
from undertow.domain.fixed import parse_scaled
from undertow.domain.instrument import FeeSchedule
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.money import MONEY_DIGITS

_PPM = 1_000_000
_DAY_NS = 86_400 * 10**9
_WINDOW_DAYS = 30


class FeeTier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From a 30-day volume of `volume` (decimal text) on; a negative rate is a rebate."""

    volume: str
    maker_ppm: int
    taker_ppm: int


class FeeEra(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The tiers in force from `from_ns` on, the first from volume 0.

    discount_ppm: off every fee, not off rebates, when it is paid in the venue's own coin (0: it is
    not). The coin's price and the need to hold it are left out.
    """

    tiers: tuple[FeeTier, ...]
    from_ns: int = 0
    discount_ppm: int = 0

    def __post_init__(self) -> None:
        floors = [parse_scaled(tier.volume, MONEY_DIGITS) for tier in self.tiers]
        if not floors or floors[0] != 0 or floors != sorted(set(floors)):
            raise ConfigurationError(
                "expected fee tiers from volume 0 on with growing volumes, found "
                f"{[tier.volume for tier in self.tiers]}"
            )
        if not 0 <= self.discount_ppm <= _PPM:
            raise ConfigurationError(f"expected discount_ppm in 0 .. {_PPM}, found {self}")


class FeeBook:
    """Which rates hold now, and the volumes that decide it. Without eras: the instrument's own."""

    def __init__(self, table: InstrumentTable, eras: tuple[FeeEra, ...]) -> None:
        starts = [era.from_ns for era in eras]
        if starts != sorted(set(starts)):
            raise ConfigurationError(f"expected fee eras in order of time, found {starts}")
        self._table = table
        self._eras = eras
        self._starts = starts
        self._volumes: dict[int, int] = {}

    @property
    def is_tiered(self) -> bool:
        """True when volumes decide."""
        return bool(self._eras)

    def rates(self, index: int, at_ns: int) -> FeeSchedule:
        """Maker and taker rates of an instrument at a venue time; before the first era its own."""
        place = bisect_right(self._starts, at_ns) - 1 if self._eras else -1
        if place < 0:
            return self._table[index].fees
        era = self._eras[place]
        volume = self.volume(at_ns)
        tier = next(t for t in reversed(era.tiers) if _floor(t) <= volume)
        return FeeSchedule(_off(tier.maker_ppm, era), _off(tier.taker_ppm, era))

    def highest(self, index: int) -> int:
        """The highest rate an order could ever be charged, at least 0: what is set aside."""
        own = self._table[index].fees
        if not self._eras:
            return max(0, own.maker_ppm, own.taker_ppm)
        tiers = [tier for era in self._eras for tier in era.tiers]
        rates = [rate for tier in tiers for rate in (tier.maker_ppm, tier.taker_ppm)]
        return max(0, own.maker_ppm, own.taker_ppm, *rates)

    def volume(self, at_ns: int) -> int:
        """Volume of the 30 full days before, in units of 1e-18."""
        today = at_ns // _DAY_NS
        days = range(today - _WINDOW_DAYS, today)
        return sum(amount for day, amount in self._volumes.items() if day in days)

    def count(self, amount: int, at_ns: int) -> None:
        """We traded `amount` of quote money."""
        today = at_ns // _DAY_NS
        self._volumes[today] = self._volumes.get(today, 0) + amount
        for day in [day for day in self._volumes if day < today - _WINDOW_DAYS]:
            del self._volumes[day]

    def dump(self) -> dict[int, int]:
        """Volumes by day, for a snapshot."""
        return dict(self._volumes)

    def load(self, volumes: dict[int, int]) -> None:
        """Go back to a dump."""
        self._volumes = dict(volumes)


def _floor(tier: FeeTier) -> int:
    return parse_scaled(tier.volume, MONEY_DIGITS)


def _off(rate_ppm: int, era: FeeEra) -> int:
    # Rounded against us to a whole part per million.
    if rate_ppm <= 0:
        return rate_ppm
    return rate_ppm - rate_ppm * era.discount_ppm // _PPM
