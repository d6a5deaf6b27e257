"""Looks at an asset's settled minutes: divergence, who leads, who opens contracts, traps.

A minute's look sees the last `MINUTES` minutes. Where a detector is slow, it is asked only in
minutes that could make it speak by a condition of its own; the answer is always the detector's.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from undertow.backtest.detection.detector import MinuteLook, Sign
from undertow.backtest.detection.stored_series import minutes_between
from undertow.flow.asset_series import AssetSeries
from undertow.flow.conviction import Leader, conviction, imbalances
from undertow.flow.cvd_divergence import DivergenceRules, cvd_divergences
from undertow.flow.minute_flow import Floats, rolling_mean
from undertow.flow.oi_regime import Regime, RegimeRules, oi_regime
from undertow.flow.venue_trap import venue_trap
from undertow.stats.robust import modified_z_score

MINUTES = 300
"""Four hours of past and an hour of windows."""

HISTORY = 240
LEAST_PAST = 60
TRAP_SCORE = 2.0
LEADER_SCORE = 1.5


def divergence_by(rules: DivergenceRules) -> MinuteLook:
    """FLOW-05 in the minute that confirms it; the score is its strength."""

    def look(series: AssetSeries) -> Iterator[tuple[int, Sign]]:
        # Dated by their confirmation and never changed after: one reading of the day has them all.
        for found in cvd_divergences(series, series.total, rules):
            place = int(np.searchsorted(series.time_ns, found.confirmed_ns))
            yield place, Sign(found.side, found.strength)

    return look


def leader_by(leader: Leader, window: int, lag: float) -> MinuteLook:
    """FLOW-16; the score is how unusual the leading market's imbalance is."""

    def look(series: AssetSeries) -> Iterator[tuple[int, Sign]]:
        flow = series.spot if leader is Leader.SPOT_LED else series.perp
        for place in unusual(imbalances(flow, window), LEADER_SCORE):
            found = conviction(_until(series, place), window=window, lag=lag)
            if found.leader is leader:
                score = found.spot_z if leader is Leader.SPOT_LED else found.perp_z
                yield place, Sign(found.move_side, abs(score))

    return look


def trap_by(window: int) -> MinuteLook:
    """VEN-02; the side is the misleading venue's, the score how unusual its flow is."""

    def look(series: AssetSeries) -> Iterator[tuple[int, Sign]]:
        places: set[int] = set()
        for flow in series.venues.values():
            places |= set(unusual(rolling_mean(flow.delta_usd, window) * window, TRAP_SCORE))
        for place in sorted(places):
            found = venue_trap(_until(series, place), window=window)
            if found.venue_side:
                worst = next(row for row in found.venues if row.venue == found.venue)
                yield place, Sign(found.venue_side, abs(worst.z_score))

    return look


def opening_by(rules: RegimeRules) -> MinuteLook:
    """FLOW-17, absorption or distribution; the score is the lesser of the changes of open interest
    and of CVD in their usual sizes.
    """

    def look(series: AssetSeries) -> Iterator[tuple[int, Sign]]:
        opened = rolling_mean(series.open_interest_change, rules.window)
        for place in np.flatnonzero(opened > 0.0).tolist():
            found = oi_regime(_until(series, place), rules)
            if found.regime in (Regime.ABSORPTION, Regime.DISTRIBUTION):
                yield place, Sign(found.side, min(found.open_interest, abs(found.cvd)))

    return look


def unusual(values: Floats, least: float) -> list[int]:
    """Places whose modified z-score against the 240 values before is `least` or more in amount."""
    return [
        place
        for place in range(LEAST_PAST, len(values))
        if abs(modified_z_score(float(values[place]), _past(values, place))) >= least
    ]


def _past(values: Floats, place: int) -> NDArray[np.float64]:
    return values[max(0, place - HISTORY) : place]


def _until(series: AssetSeries, place: int) -> AssetSeries:
    return minutes_between(series, max(0, place + 1 - MINUTES), place + 1)
