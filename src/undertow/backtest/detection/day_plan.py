"""The days of a detection study: which market each simulates and who is judged by it."""

import msgspec

from undertow.domain.errors import ConfigurationError
from undertow.simulator.market.asset_spec import AssetSpec
from undertow.simulator.market.ground_truth import TruthKind
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.pattern_rates import PatternRates

ASSET = AssetSpec(
    name="STU",
    reference_price=100.0,
    volatility_percent=80.0,
    market_beta=1.4,
    orders_per_s=1.0,
    order_usd=500.0,
    level_usd=8_000.0,
    half_spread_bps=0.6,
    spot_tick="0.01",
    spot_lot="0.001",
    perp_tick="0.01",
    perp_lot="0.001",
)
"""The asset of the study: a mid-sized one with a tick of one basis point."""

RATES = PatternRates(
    whale=12.0,
    sweep=12.0,
    wall=8.0,
    spoof=8.0,
    absorption=8.0,
    long_cascade=0.5,
    short_cascade=0.5,
    spot_lead=1.0,
    trap=0.0,
    news=0.5,
    outage=1.0,
    exhaustion=1.2,
    divergence=0.8,
    perp_lead=1.0,
    netted_trap=1.0,
    oi_build=0.6,
)
"""Per hour of the one asset, which has six instruments."""

GROUPS: tuple[tuple[TruthKind, ...], ...] = (
    (TruthKind.WHALE,),
    (TruthKind.SWEEP,),
    (TruthKind.WALL, TruthKind.SPOOF),
    (TruthKind.ABSORPTION,),
    (TruthKind.EXHAUSTION,),
    (TruthKind.DIVERGENCE,),
    (TruthKind.LONG_CASCADE, TruthKind.SHORT_CASCADE),
    (TruthKind.SPOT_LEAD, TruthKind.PERP_LEAD),
    (TruthKind.OI_BUILD,),
    (TruthKind.NETTED_TRAP,),
)
"""Kinds that are left out together for a null day."""

BLOCK_NS = 10_000_000_000
FIRST_NULL = 1_000_000
FIRST_QUIET = 2_000_000


class DayPlan(msgspec.Struct, frozen=True):
    """One day. without: kinds that are not planted though the rest is. is_quiet: nothing is planted
    and no regime changes.
    """

    seed: int
    seconds: int = 86_400
    without: tuple[TruthKind, ...] = ()
    is_quiet: bool = False

    @property
    def name(self) -> str:
        """Of its result file."""
        return f"day-{self.seed:07d}"

    def config(self) -> MarketConfig:
        """The market it simulates."""
        usual = MarketConfig(assets=(ASSET.name,), asset_specs=(ASSET,), block_ns=BLOCK_NS)
        if self.is_quiet:
            return usual.quiet()
        off = dict.fromkeys((str(kind) for kind in self.without), 0.0)
        rates = msgspec.structs.replace(RATES, **off)
        return msgspec.structs.replace(usual, patterns=rates)


def plan_days(days: int, seconds: int = 86_400) -> tuple[DayPlan, ...]:
    """`days` days with every pattern, 0.3 as many with one group missing, each group in turn, and
    0.05 as many quiet ones; at least one of each.
    """
    if days < 2 or seconds < 60:
        raise ConfigurationError(
            f"expected 2 days or more of a minute, found {days} of {seconds} s"
        )
    planted = [DayPlan(seed, seconds) for seed in range(1, days + 1)]
    null = [
        DayPlan(FIRST_NULL + k, seconds, without=GROUPS[k % len(GROUPS)])
        for k in range(max(len(GROUPS), days * 3 // 10))
    ]
    quiet = [DayPlan(FIRST_QUIET + k, seconds, is_quiet=True) for k in range(max(1, days // 20))]
    # Spread evenly, so that a study broken off early has days of all kinds.
    kinds = (planted, null, quiet)
    placed = [(k / len(plans), plan) for plans in kinds for k, plan in enumerate(plans)]
    return tuple(plan for _, plan in sorted(placed, key=lambda pair: (pair[0], pair[1].seed)))
