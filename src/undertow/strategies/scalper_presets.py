"""Named parameter sets of the scalper: pure data, each beside `default`.

strict: fewer and clearer trades. loose: the softer of the published thresholds. embedded: the
synthetic market, whose trends last minutes; bars of one minute take the place of the quarter hour.
"""

from collections.abc import Mapping

from undertow.decision.exits.adverse_moves import AdverseMovesExit
from undertow.decision.exits.cascade_reversal import CascadeReversalExit
from undertow.decision.exits.max_hold import MaxHoldExit
from undertow.decision.filters.autocorrelation import AutocorrelationFilter
from undertow.decision.filters.defended_zone import DefendedZoneFilter
from undertow.decision.filters.fair_value_gap import FairValueGapFilter
from undertow.decision.filters.target_zone import TargetZoneFilter
from undertow.decision.filters.timeframes import TimeframesFilter
from undertow.decision.gap_source import GapSource
from undertow.decision.levels.alignment import AlignmentLevel
from undertow.decision.levels.cascade import CascadeLevel
from undertow.decision.levels.economics import EconomicsLevel
from undertow.decision.levels.liquidity import LiquidityLevel
from undertow.decision.levels.regime import RegimeLevel, Structure
from undertow.decision.levels.trigger import TriggerLevel
from undertow.decision.levels.zone import ZoneLevel
from undertow.decision.nearness import Nearness
from undertow.decision.standard_filters import StandardFilters
from undertow.decision.stop_policy import StopPolicy
from undertow.decision.zone_source import ZoneSource
from undertow.flow.zones import ZoneRules
from undertow.strategies.scalper import Scalper

STRICT = Scalper(
    regime=RegimeLevel(min_adx=30.0, min_persistence=0.6, max_reversion=0.5),
    cascade=CascadeLevel(threshold=2.5, is_disjoint=True),
    economics=EconomicsLevel(cost_multiple=2.0),
    filters=StandardFilters(threshold=5.0, min_filters=3),
)

LOOSE = Scalper(
    regime=RegimeLevel(min_adx=20.0, caution=0.0, min_atr_rank=0.0),
    trigger=TriggerLevel(min_volume_spike=1.5, min_bounce=0.6, needs_wick=False),
    economics=EconomicsLevel(cost_multiple=1.0),
    filters=StandardFilters(threshold=1.0, min_filters=1),
)

_ZONES = ZoneSource(
    timeframe="1m",
    bars=180,
    rules=ZoneRules(volume_multiple=1.2, wick_share=0.3),
)
_GAPS = GapSource(timeframe="1m", bars=60, least_gap=0.0003, max_age_hours=1)
_NEAR = Nearness(price_ppm=1_000, atr_share=0.5)

EMBEDDED = Scalper(
    liquidity=LiquidityLevel(max_spread_bps=6.0, min_trades=15),
    regime=RegimeLevel(
        timeframe="1m",
        structure=Structure.BARS,
        structure_bars=2,
        min_adx=10.0,
        persistence_bars=32,
        min_persistence=0.0,
        caution=0.0,
        reversion_bars=32,
        max_reversion=1.1,
        min_volume_trend=-2.0,
        history_bars=30,
        min_atr_rank=0.0,
        min_atr_costs=0.3,
    ),
    alignment=AlignmentLevel(timeframes=()),
    zone=ZoneLevel(zones=_ZONES, gaps=_GAPS, near=_NEAR),
    cascade=CascadeLevel(threshold=1.2, windows_s=(15, 60, 180)),
    trigger=TriggerLevel(
        window_s=30,
        min_bounce=0.35,
        min_volume_spike=0.6,
        min_close_strength=0.0,
        needs_wick=False,
        needs_leaving=False,
    ),
    economics=EconomicsLevel(timeframe="1m", atrs=4.5, cost_multiple=1.0, zones=_ZONES),
    filters=StandardFilters(
        autocorrelation=AutocorrelationFilter(bars=30),
        defended_zone=DefendedZoneFilter(zones=_ZONES, near=_NEAR),
        target_zone=TargetZoneFilter(zones=_ZONES),
        gap=FairValueGapFilter(gaps=_GAPS, near=_NEAR),
        timeframes=TimeframesFilter(timeframes=("1m", "5m"), structure_bars=2),
        threshold=0.5,
        min_filters=1,
    ),
    stop=StopPolicy(max_ppm=4_000),
    reversal=CascadeReversalExit(threshold=2.5),
    adverse=AdverseMovesExit(
        steps=((3_000, 6), (10_000, 4), (20_000, 3)), last_moves=2, min_spreads=8.0
    ),
    max_hold=MaxHoldExit(seconds=300),
)

PRESETS: Mapping[str, Scalper] = {"strict": STRICT, "loose": LOOSE, "embedded": EMBEDDED}
"""Beside `default`, which is the scalper's own."""
