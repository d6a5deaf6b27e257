"""Settings of the synthetic market."""

import msgspec

from undertow.domain.errors import ConfigurationError, UnknownNameError
from undertow.domain.suggestion import did_you_mean
from undertow.domain.time import NS_PER_MS, NS_PER_S
from undertow.simulator.market.asset_spec import ASSETS, AssetSpec
from undertow.simulator.market.pattern_rates import PatternRates
from undertow.simulator.market.venue_spec import VENUES, VenueSpec

STEP_NS = 100 * NS_PER_MS
"""Step of the model: flow, prices and books move once a step; orders fall anywhere inside it."""

MOST_BLOCK_NS = 10 * NS_PER_S

START_NS = 1_767_571_200 * NS_PER_S
"""2026-01-05T00:00:00Z, a Monday."""


class MarketConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The synthetic market's settings; every default is what `undertow run` uses.

    assets, venues: names out of `asset_specs` and `venue_specs`, in table order.
    start_ns: market time of the first block. block_ns: length of a block, a multiple of 100 ms, at
    most ten seconds; what happens
    once a block (regimes, arbitrage, quoting, planting) is the coarser the longer it is.
    feed_latency_floor_ns: least time from event to receipt, the feed latency of the exchange model.
    book_levels: levels a side in every book, 10 .. 50. with_quotes: QUOTE rows too.
    excitation, cross_excitation, opposite_excitation: Hawkes offspring per order of the same side
    on the same instrument, of the same side spread over the asset's instruments, of the other side
    on the same instrument; together (the branching ratio) below 0.95.
    excitation_decay_per_s: rate of the exponential kernel.
    impact_share: part of the calm variance of an asset's own moves (those that are not the common
    factor's) that is made by the surprise in its order flow.
    market_volatility_percent: yearly, of the common factor.
    trend_drift: drift in a trend regime, in standard deviations per square root of a second.
    trend_bias: how far the share of buys is from a half in a trend.
    has_regimes: False keeps every asset calm for ever.
    mark_interval_s, open_interest_interval_s: seconds between rows of each perp.
    patterns: how often each pattern is planted.
    truth_kept: finished truth records kept; the oldest are dropped beyond.
    """

    assets: tuple[str, ...] = tuple(spec.name for spec in ASSETS)
    venues: tuple[str, ...] = tuple(spec.name for spec in VENUES)
    asset_specs: tuple[AssetSpec, ...] = ASSETS
    venue_specs: tuple[VenueSpec, ...] = VENUES
    start_ns: int = START_NS
    block_ns: int = NS_PER_S
    feed_latency_floor_ns: int = 5 * NS_PER_MS
    book_levels: int = 20
    with_quotes: bool = False
    excitation: float = 0.4
    cross_excitation: float = 0.15
    opposite_excitation: float = 0.05
    excitation_decay_per_s: float = 2.0
    impact_share: float = 0.5
    market_volatility_percent: float = 42.0
    trend_drift: float = 0.1
    trend_bias: float = 0.12
    has_regimes: bool = True
    mark_interval_s: int = 1
    open_interest_interval_s: int = 10
    patterns: PatternRates = PatternRates()
    truth_kept: int = 20_000

    def __post_init__(self) -> None:
        if not 0 < self.block_ns <= MOST_BLOCK_NS or self.block_ns % STEP_NS:
            raise ConfigurationError(
                f"expected block_ns as a multiple of {STEP_NS} up to {MOST_BLOCK_NS}, "
                f"found {self.block_ns}"
            )
        if not 10 <= self.book_levels <= 50:
            raise ConfigurationError(f"expected 10 .. 50 book levels, found {self.book_levels}")
        if self.start_ns < 0 or self.feed_latency_floor_ns < 0:
            raise ConfigurationError("expected start_ns and feed_latency_floor_ns of at least 0")
        if min(self.mark_interval_s, self.open_interest_interval_s, self.truth_kept) < 1:
            raise ConfigurationError("expected intervals and truth_kept of at least 1")
        self._check_flow()
        self.chosen_assets()
        self.chosen_venues()

    def quiet(self) -> "MarketConfig":
        """The same market with nothing to find: no pattern, no regime, no drift."""
        return msgspec.structs.replace(self, patterns=PatternRates.none(), has_regimes=False)

    def chosen_assets(self) -> tuple[AssetSpec, ...]:
        """The specs of `assets`, in that order; raises `UnknownNameError` with the nearest name."""
        known = {spec.name: spec for spec in self.asset_specs}
        return tuple(known[_known(name, known, "an asset")] for name in _once(self.assets))

    def chosen_venues(self) -> tuple[VenueSpec, ...]:
        """The specs of `venues`, in that order; raises `UnknownNameError` with the nearest name."""
        known = {spec.name: spec for spec in self.venue_specs}
        return tuple(known[_known(name, known, "a venue")] for name in _once(self.venues))

    @property
    def branching(self) -> float:
        """Mean offspring of one market order: the Hawkes branching ratio."""
        return self.excitation + self.cross_excitation + self.opposite_excitation

    def _check_flow(self) -> None:
        shares = (self.excitation, self.cross_excitation, self.opposite_excitation)
        if min(shares) < 0.0 or self.branching >= 0.95:
            raise ConfigurationError(
                f"expected excitations of at least 0, below 0.95 together, found {shares}"
            )
        if self.excitation_decay_per_s <= 0.0 or not 0.0 <= self.impact_share < 1.0:
            raise ConfigurationError(
                "expected excitation_decay_per_s above 0 and impact_share in [0, 1), found "
                f"{self.excitation_decay_per_s} and {self.impact_share}"
            )
        if not 0.0 <= self.trend_bias < 0.5 or self.market_volatility_percent < 0.0:
            raise ConfigurationError(
                "expected trend_bias in [0, 0.5) and market_volatility_percent of at least 0, "
                f"found {self.trend_bias} and {self.market_volatility_percent}"
            )


def _known(name: str, known: dict[str, AssetSpec] | dict[str, VenueSpec], what: str) -> str:
    if name not in known:
        raise UnknownNameError(
            f"expected {what} of the synthetic market, found {name!r};{did_you_mean(name, known)}"
        )
    return name


def _once(names: tuple[str, ...]) -> tuple[str, ...]:
    if not names or len(set(names)) != len(names):
        raise ConfigurationError(f"expected names, each once, found {names}")
    return names
