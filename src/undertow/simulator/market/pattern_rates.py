"""How often each pattern is planted."""

import msgspec

from undertow.domain.errors import ConfigurationError


class PatternRates(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Patterns per hour and asset (outages: per hour); 0 plants none of that kind.

    Far more than life has, so that ten minutes of a dozen assets show each kind. Arrivals are a
    renewal process: times between two of a kind are uniform on half to one and a half the mean.
    Those that last for minutes are off: one asset has one pattern at a time.
    """

    whale: float = 10.0
    sweep: float = 15.0
    wall: float = 8.0
    spoof: float = 8.0
    absorption: float = 4.0
    long_cascade: float = 1.5
    short_cascade: float = 1.5
    spot_lead: float = 2.0
    trap: float = 2.0
    news: float = 1.5
    outage: float = 18.0
    exhaustion: float = 0.0
    divergence: float = 0.0
    perp_lead: float = 0.0
    netted_trap: float = 0.0
    oi_build: float = 0.0

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            if not 0.0 <= getattr(self, name) <= 3_600.0:
                raise ConfigurationError(
                    f"expected 0 .. 3600 patterns per hour for {name}, found {getattr(self, name)}"
                )

    def per_hour(self, kind: str, assets: int) -> float:
        """Patterns of a kind per hour over a market of that many assets."""
        rate = float(getattr(self, kind))
        return rate if kind == "outage" else rate * assets

    @classmethod
    def none(cls) -> "PatternRates":
        """No pattern of any kind."""
        return cls(*(0.0 for _ in cls.__struct_fields__))
