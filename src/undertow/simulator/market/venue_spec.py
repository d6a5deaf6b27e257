"""What the synthetic market knows of a venue: its weight, its delays and its funding clock."""

import msgspec

from undertow.domain.errors import ConfigurationError

SECONDS_PER_DAY = 86_400


class VenueSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One invented venue with a spot and a perp market for each asset.

    spot_weight, perp_weight: order flow and depth relative to an asset's own numbers.
    spot_lag_s, perp_lag_s: time constant with which its prices follow the fundamental.
    clock_skew_ns: what its clock, and so every event time, is ahead of true time.
    extra_latency_ns: mean of the exponential part of its feed's latency, above the floor.
    funding_interval_s: seconds between fundings, counted from midnight UTC; divides a day.
    spread_factor: its half spread relative to the asset's own.
    """

    name: str
    spot_weight: float
    perp_weight: float
    spot_lag_s: float
    perp_lag_s: float
    clock_skew_ns: int
    extra_latency_ns: int
    funding_interval_s: int
    spread_factor: float

    def __post_init__(self) -> None:
        if min(self.spot_weight, self.perp_weight, self.spot_lag_s, self.perp_lag_s) <= 0.0:
            raise ConfigurationError(f"expected positive weights and lags for {self.name!r}")
        if self.extra_latency_ns < 0 or self.spread_factor <= 0.0:
            raise ConfigurationError(
                f"expected a non-negative latency and a positive spread for {self.name!r}"
            )
        if self.funding_interval_s < 1 or SECONDS_PER_DAY % self.funding_interval_s:
            raise ConfigurationError(
                f"expected a funding interval of {self.name!r} that divides a day, "
                f"found {self.funding_interval_s} s"
            )


VENUES: tuple[VenueSpec, ...] = (
    VenueSpec(
        "aster",
        spot_weight=0.8,
        perp_weight=1.5,
        spot_lag_s=0.3,
        perp_lag_s=0.15,
        clock_skew_ns=0,
        extra_latency_ns=4_000_000,
        funding_interval_s=28_800,
        spread_factor=1.0,
    ),
    VenueSpec(
        "borea",
        spot_weight=0.5,
        perp_weight=0.8,
        spot_lag_s=0.5,
        perp_lag_s=0.3,
        clock_skew_ns=3_000_000,
        extra_latency_ns=9_000_000,
        funding_interval_s=28_800,
        spread_factor=1.3,
    ),
    VenueSpec(
        "cetus",
        spot_weight=0.3,
        perp_weight=0.5,
        spot_lag_s=1.2,
        perp_lag_s=0.7,
        clock_skew_ns=-7_000_000,
        extra_latency_ns=20_000_000,
        funding_interval_s=3_600,
        spread_factor=1.8,
    ),
)
"""A leader, a second and a slow small one. None of them exists."""
