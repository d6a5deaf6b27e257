"""Numbers of the flow state that users may change."""

from math import inf

import msgspec

from undertow.domain.errors import ConfigurationError
from undertow.domain.time import NS_PER_S
from undertow.kernels.flow.layout import SECONDS_KEPT

MOST_LATENESS_NS = 90 * NS_PER_S

LEAST = {
    "lateness_ns": 0,
    "source_timeout_ns": NS_PER_S,
    "most_lead_ns": NS_PER_S,
    "large_factor": 1,
    "large_seconds": 1,
    "large_least_trades": 1,
    "ratio_least_trades": 1,
    "bars_1s": 1,
    "bars_1m": 15,
    "bars_5m": 3,
    "bars_15m": 1,
    "samples_1m": 2,
    "funding_interval_s": 3600,
    "out_of_line_bps": 1,
    "book_levels": 1,
    "wall_slots": 1,
    "wall_reach_bps": 1,
    "wall_percentile": 90,
    "wall_smooth_s": 1,
    "wall_approach_bps": 1,
    "wall_forget_s": 1,
    "heat_columns": 1,
    "heat_rows": 2,
    "heat_every_s": 1,
    "heat_row_bps": 1,
    "imbalance_levels": 1,
    "imbalances_kept": 1,
    "ofi_levels": 1,
    "ofi_seconds": 1,
    "liquidations_kept": 1,
    "whale_usd": 1,
    "whale_day_ppm": 1,
    "whale_least_minutes": 1,
}
"""Least value of each number: rings must hold what closes in one stretch of 15 minutes."""

MOST = {
    "lateness_ns": MOST_LATENESS_NS,
    "large_seconds": SECONDS_KEPT,
    "bars_1s": SECONDS_KEPT,
    "wall_reach_bps": 9_999,
    "wall_percentile": 100,
    "ofi_seconds": SECONDS_KEPT,
}


class FlowConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Times in nanoseconds, capacities in bars or levels per instrument.

    lateness_ns: how far a source's trades may be out of order before their second is closed (0 ..
    90 s). source_timeout_ns: silence after which a source counts as unhealthy and its time goes on
    with our clock. most_lead_ns: a row dated further ahead of its source's estimated clock is
    misdated. large_factor: a trade of more than so many times the average size of the last
    `large_seconds` (whole, closed; 1 .. 900) is large, once they hold `large_least_trades` trades.
    ratio_least_trades: fewer trades give no imbalance ratio. bars_*: closed bars kept. samples_1m:
    closed minutes kept with all their numbers, read up to bars_1m. funding_interval_s: taken where
    a venue's own is not known yet. out_of_line_bps: a price further from the others' is left out of
    sums over venues. venue_weights: (venue, weight above 0) in those sums; 1 where not named.
    book_levels: levels kept on each side of a book; the farthest go first. dollar_quotes: quote
    currencies taken for one US dollar in sums over venues.

    Books are looked at once a second. wall_slots: walls tracked a side. wall_reach_bps: how far
    from the middle a level may begin as a wall. wall_percentile: of the sizes in reach a wall must
    have (90 .. 100). wall_smooth_s: time constant over which that size is smoothed.
    wall_approach_bps: nearer than this to the middle a cancel counts as one on approach.
    wall_forget_s: a wall that has not rested for so long is dropped. heat_columns, heat_rows: size
    of the heatmap, half the rows (an even number) for each side; heat_every_s: seconds between
    columns; heat_row_bps: least height of a row. imbalance_levels: levels a side in the book
    imbalance; imbalances_kept: looks kept. ofi_levels: levels of the multi-level OFI; ofi_seconds:
    seconds of it kept. liquidations_kept: forced orders kept.

    A trade is a whale's above whale_usd dollars or whale_day_ppm millionths of the rolling day's
    volume, whichever is less; the latter once whale_least_minutes minutes are closed."""

    lateness_ns: int = NS_PER_S
    source_timeout_ns: int = 10 * NS_PER_S
    most_lead_ns: int = 10 * NS_PER_S
    large_factor: int = 10
    large_seconds: int = 300
    large_least_trades: int = 20
    ratio_least_trades: int = 5
    bars_1s: int = SECONDS_KEPT
    bars_1m: int = 504
    bars_5m: int = 108
    bars_15m: int = 192
    samples_1m: int = 504
    funding_interval_s: int = 28_800
    out_of_line_bps: int = 300
    venue_weights: tuple[tuple[str, float], ...] = ()
    book_levels: int = 1024
    wall_slots: int = 12
    wall_reach_bps: int = 200
    wall_percentile: int = 99
    wall_smooth_s: int = 60
    wall_approach_bps: int = 10
    wall_forget_s: int = 60
    heat_columns: int = 90
    heat_rows: int = 64
    heat_every_s: int = 10
    heat_row_bps: int = 2
    imbalance_levels: int = 5
    imbalances_kept: int = 300
    ofi_levels: int = 5
    ofi_seconds: int = 120
    liquidations_kept: int = 64
    whale_usd: int = 1_000_000
    whale_day_ppm: int = 1000
    whale_least_minutes: int = 15
    dollar_quotes: tuple[str, ...] = ("USD", "USDT", "USDC", "FDUSD", "BUSD", "TUSD", "DAI")

    def __post_init__(self) -> None:
        for name, least in LEAST.items():
            value = getattr(self, name)
            if value < least:
                raise ConfigurationError(f"expected {name} of at least {least}, found {value}")
            if value > MOST.get(name, value):
                raise ConfigurationError(f"expected {name} of at most {MOST[name]}, found {value}")
        for venue, weight in self.venue_weights:
            if not 0.0 < weight < inf:
                raise ConfigurationError(f"expected a weight above 0 of {venue}, found {weight}")
        if self.heat_rows % 2:
            raise ConfigurationError(f"expected heat_rows to be even, found {self.heat_rows}")


DEFAULT_FLOW_CONFIG = FlowConfig()
