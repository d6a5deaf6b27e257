"""The standard filters of the confluence score as one parameter set (DEC-03 .. DEC-09, DEC-18)."""

import msgspec

from undertow.decision.analyzer import SignalAnalyzer
from undertow.decision.filters.autocorrelation import AutocorrelationFilter
from undertow.decision.filters.defended_zone import DefendedZoneFilter
from undertow.decision.filters.fair_value_gap import FairValueGapFilter
from undertow.decision.filters.market_profile import MarketProfileFilter
from undertow.decision.filters.mean_reversion import MeanReversionFilter
from undertow.decision.filters.target_zone import TargetZoneFilter
from undertow.decision.filters.timeframes import TimeframesFilter
from undertow.decision.pipeline import CONSIDER_POINTS, Pipeline
from undertow.decision.signal_filter import SignalFilter


class StandardFilters(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Six filters that add up to 8.0 points, and the agreement of timeframes for one more.

    A filter of weight 0 is left out. threshold: least points. min_filters: how many must give any.
    """

    profile: MarketProfileFilter = MarketProfileFilter()
    mean_reversion: MeanReversionFilter = MeanReversionFilter()
    autocorrelation: AutocorrelationFilter = AutocorrelationFilter()
    defended_zone: DefendedZoneFilter = DefendedZoneFilter()
    target_zone: TargetZoneFilter = TargetZoneFilter()
    gap: FairValueGapFilter = FairValueGapFilter()
    timeframes: TimeframesFilter = TimeframesFilter()
    threshold: float = CONSIDER_POINTS
    min_filters: int = 2

    def pipeline(self, *primaries: SignalAnalyzer) -> Pipeline:
        """A pipeline of these filters behind some primaries."""
        every: tuple[SignalFilter, ...] = (
            self.profile,
            self.mean_reversion,
            self.autocorrelation,
            self.defended_zone,
            self.target_zone,
            self.gap,
            self.timeframes,
        )
        return Pipeline(
            primaries,
            tuple(part for part in every if part.weight),
            threshold=self.threshold,
            min_filters=self.min_filters,
        )
