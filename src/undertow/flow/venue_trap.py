"""One venue pushes while the others do not follow: the move is that venue's alone (VEN-02).

A venue's CVD over the last `window` minutes is scored against the same venue's windows before, and
so is that of all the others together. A trap is a venue with |z| at least `threshold` while the
others are flat or against it (their z, turned the venue's way, at most `flat`). The answer's side
is against the venue: buying on one venue that nobody follows is a trap for longs."""

from math import isfinite, nan

import msgspec
import numpy as np

from undertow.domain.errors import CallerError
from undertow.flow.asset_series import AssetSeries
from undertow.flow.minute_flow import Floats, rolling_mean
from undertow.flow.sufficiency import LEAST_SAMPLES, Shortfall, shortfall
from undertow.stats.robust import modified_z_score


class VenueCvd(msgspec.Struct, frozen=True, gc=False):
    """A venue beside the rest, dollars over the window. share: of the venues' CVDs taken as amounts
    (0 .. 1). Scores are NaN where the past is too short or has no spread.
    """

    venue: str
    cvd_usd: float
    others_usd: float
    z_score: float
    others_z: float
    share: float


class VenueTrap(msgspec.Struct, frozen=True):
    """venue, venue_side: who pushes, and which way (0: nobody). side: against it. confidence: 0 to
    1: how unusual the venue is, up to twice the threshold, times how far the others stand against
    it (0.5 when they are flat, 1 when they undo it all). is_netted: the sum over all venues is
    flat (a quarter of the venue's CVD at most) or against it. venues: every venue's numbers.
    """

    side: int
    venue: str
    venue_side: int
    confidence: float
    is_netted: bool
    venues: tuple[VenueCvd, ...]
    shortfall: Shortfall | None = None

    @property
    def is_sufficient(self) -> bool:
        """Whether at least two venues have a past."""
        return self.shortfall is None


def venue_trap(
    series: AssetSeries,
    *,
    window: int = 15,
    history: int = 240,
    threshold: float = 2.0,
    flat: float = 0.5,
    least_history: int = LEAST_SAMPLES,
) -> VenueTrap:
    """The strongest trap of the last `window` minutes, if there is one."""
    if window < 1 or history < least_history or not threshold > flat >= 0.0:
        raise CallerError(
            f"expected window >= 1, history >= {least_history} and threshold > flat >= 0,"
            f" found {window}, {history}, {threshold}, {flat}"
        )
    sums = {name: _sums(flow.delta_usd, window) for name, flow in series.venues.items()}
    known = [name for name, values in sums.items() if len(values) and isfinite(values[-1])]
    missing = shortfall("venues with flow", len(known), 2)
    if missing is not None:
        return VenueTrap(0, "", 0, nan, is_netted=False, venues=(), shortfall=missing)
    amounts = sum(abs(float(sums[name][-1])) for name in known)
    rows = tuple(_beside(series, sums, name, window, history) for name in known)
    rows = tuple(_with_share(row, amounts) for row in rows)
    past = max(int(np.isfinite(sums[name][:-1][-history:]).sum()) for name in known)
    missing = shortfall(f"earlier windows of {window} minutes", past, least_history)
    if missing is not None:
        return VenueTrap(0, "", 0, nan, is_netted=False, venues=rows, shortfall=missing)
    traps = [row for row in rows if _is_trap(row, threshold, flat)]
    if not traps:
        return VenueTrap(0, "", 0, 0.0, is_netted=False, venues=rows)
    worst = max(traps, key=lambda row: abs(row.z_score))
    way = 1 if worst.cvd_usd > 0.0 else -1
    net = (worst.cvd_usd + worst.others_usd) * way
    return VenueTrap(
        side=-way,
        venue=worst.venue,
        venue_side=way,
        confidence=_confidence(worst, threshold),
        is_netted=net <= 0.25 * abs(worst.cvd_usd),
        venues=rows,
    )


def _sums(delta: Floats, window: int) -> Floats:
    return rolling_mean(delta, window) * window


def _beside(
    series: AssetSeries, sums: dict[str, Floats], name: str, window: int, history: int
) -> VenueCvd:
    # The others minute by minute: where none of them tells, the minute is unknown.
    others = [flow.delta_usd for other, flow in series.venues.items() if other != name]
    table = np.array(others)
    is_known = np.isfinite(table)
    rest = np.where(is_known.any(axis=0), np.where(is_known, table, 0.0).sum(axis=0), nan)
    around = _sums(rest, window)
    own = sums[name]
    return VenueCvd(
        venue=name,
        cvd_usd=float(own[-1]),
        others_usd=float(around[-1]),
        z_score=modified_z_score(float(own[-1]), own[:-1][-history:]),
        others_z=modified_z_score(float(around[-1]), around[:-1][-history:]),
        share=nan,
    )


def _with_share(row: VenueCvd, amounts: float) -> VenueCvd:
    share = abs(row.cvd_usd) / amounts if amounts > 0.0 else nan
    return msgspec.structs.replace(row, share=share)


def _is_trap(row: VenueCvd, threshold: float, flat: float) -> bool:
    if row.cvd_usd == 0.0 or row.z_score * row.cvd_usd <= 0.0:
        return False
    way = 1.0 if row.cvd_usd > 0.0 else -1.0
    are_flat = row.others_z * way <= flat or row.others_usd * way <= 0.0
    return abs(row.z_score) >= threshold and are_flat


def _confidence(row: VenueCvd, threshold: float) -> float:
    way = 1.0 if row.cvd_usd > 0.0 else -1.0
    size = abs(row.cvd_usd)
    against = (size - row.others_usd * way) / (2.0 * size)
    return min(1.0, abs(row.z_score) / (2.0 * threshold)) * min(max(against, 0.0), 1.0)
