"""Whether spot or leverage moves the price (FLOW-16).

The imbalance of a market is its CVD over the last `window` minutes as a share of its own volume in
them, -1 to 1, so a large market does not drown a small one. Each is scored against its own past.
Spot-led: spot is unusually one-sided and perpetuals lag; coins change hands, which tends to last.
Perp-led: perpetuals are and spot lags; when the price has gone their way, the move rests on
leverage and may turn."""

from enum import StrEnum
from math import isfinite, nan, sqrt

import msgspec
import numpy as np

from undertow.domain.errors import CallerError
from undertow.flow.asset_series import AssetSeries
from undertow.flow.minute_flow import Floats, MinuteFlow, rolling_mean
from undertow.flow.sufficiency import LEAST_SAMPLES, Shortfall, shortfall
from undertow.stats.pearson import correlation
from undertow.stats.robust import capped, modified_z_score


class Leader(StrEnum):
    """MIXED: one is unusual and the other goes along. OPPOSED: both are, against each other."""

    NONE = "none"
    SPOT_LED = "spot_led"
    PERP_LED = "perp_led"
    MIXED = "mixed"
    OPPOSED = "opposed"


class Conviction(msgspec.Struct, frozen=True, gc=False):
    """move_side: the way of the leading flow (of spot when opposed). side: what it supports: with
    the move when spot takes part, against it when perpetuals alone have moved the price, else 0.
    spot, perp: imbalances; *_z: their scores. strength: 0 to 1. price_change: fraction over the
    window. lead_minutes: by how much spot's flow runs ahead of that of perpetuals (negative:
    behind), 0 = within the minute, NaN when it cannot be told.
    """

    leader: Leader
    side: int
    move_side: int
    strength: float
    spot: float
    perp: float
    spot_z: float
    perp_z: float
    price_change: float
    lead_minutes: float
    shortfall: Shortfall | None = None

    @property
    def is_sufficient(self) -> bool:
        """Whether both markets have a present and a past."""
        return self.shortfall is None

    @property
    def has_reversal_risk(self) -> bool:
        """Whether the price went where perpetuals alone pushed it."""
        return self.leader is Leader.PERP_LED and self.side != 0


def conviction(
    series: AssetSeries,
    *,
    window: int = 30,
    history: int = 240,
    threshold: float = 1.5,
    lag: float = 0.5,
    least_history: int = LEAST_SAMPLES,
) -> Conviction:
    """Who leads in the last `window` minutes.

    threshold: score from which a market is unusually one-sided. lag: the other lags when its score,
    turned the leader's way, is below it."""
    if window < 1 or history < least_history or not threshold > lag >= 0.0:
        raise CallerError(
            f"expected window >= 1, history >= {least_history} and threshold > lag >= 0,"
            f" found {window}, {history}, {threshold}, {lag}"
        )
    spot, perp = imbalances(series.spot, window), imbalances(series.perp, window)
    missing = _missing(spot, perp, history, least_history)
    if missing is not None:
        return Conviction(Leader.NONE, 0, 0, nan, nan, nan, nan, nan, nan, nan, missing)
    spot_z = modified_z_score(float(spot[-1]), spot[:-1][-history:])
    perp_z = modified_z_score(float(perp[-1]), perp[:-1][-history:])
    leader, way = _leader(spot_z, perp_z, threshold, lag)
    path = series.path
    change = float(path[-1] / path[-1 - window] - 1.0) if len(path) > window else nan
    side = way
    if leader is Leader.PERP_LED:
        side = -way if change * way > 0.0 else 0
    return Conviction(
        leader=leader,
        side=side,
        move_side=way,
        strength=abs(_strength(leader, spot_z, perp_z, threshold)),
        spot=float(spot[-1]),
        perp=float(perp[-1]),
        spot_z=spot_z,
        perp_z=perp_z,
        price_change=change,
        lead_minutes=lead_minutes(series.spot, series.perp),
    )


def imbalances(flow: MinuteFlow, window: int) -> Floats:
    """CVD over volume of the last `window` minutes, for each minute; NaN without volume."""
    bought, sold = rolling_mean(flow.buy_usd, window), rolling_mean(flow.sell_usd, window)
    with np.errstate(divide="ignore", invalid="ignore"):
        out: Floats = (bought - sold) / (bought + sold)
    return out


def lead_minutes(spot: MinuteFlow, perp: MinuteFlow, *, minutes: int = 120, most: int = 5) -> float:
    """Shift at which the minutes' imbalances go best together; + = spot is ahead.

    NaN when no shift up to `most` minutes has a correlation of 3 / root of the pairs, or when the
    best is no clear improvement (1 / root) on none. Leads within a minute do not show."""
    ahead, behind = imbalances(spot, 1)[-minutes:], imbalances(perp, 1)[-minutes:]
    if len(ahead) < LEAST_SAMPLES:
        return nan
    found = {shift: _correlation(ahead, behind, shift) for shift in range(-most, most + 1)}
    root = sqrt(len(ahead))
    best = max(found, key=lambda shift: (found[shift], -abs(shift)))
    if not found[best] >= 3.0 / root:
        return nan
    return float(best) if found[best] >= found[0] + 1.0 / root else 0.0


def _correlation(spot: Floats, perp: Floats, shift: int) -> float:
    # Of spot with what perpetuals do `shift` minutes later.
    stop = len(spot) - abs(shift)
    one, two = spot[max(0, -shift) :][:stop], perp[max(0, shift) :][:stop]
    is_known = np.isfinite(one) & np.isfinite(two)
    if int(is_known.sum()) < LEAST_SAMPLES // 2:
        return -1.0
    found = correlation(one[is_known], two[is_known])
    return found if isfinite(found) else -1.0


def _missing(spot: Floats, perp: Floats, history: int, least: int) -> Shortfall | None:
    for name, values in (("spot", spot), ("perpetual", perp)):
        is_known = len(values) > 0 and isfinite(values[-1])
        if not is_known:
            return Shortfall(f"windows of {name} flow", 0, 1)
        past = int(np.isfinite(values[:-1][-history:]).sum())
        missing = shortfall(f"earlier windows of {name} flow", past, least)
        if missing is not None:
            return missing
    return None


def _leader(spot_z: float, perp_z: float, threshold: float, lag: float) -> tuple[Leader, int]:
    is_spot, is_perp = abs(spot_z) >= threshold, abs(perp_z) >= threshold
    spot_way, perp_way = _sign(spot_z), _sign(perp_z)
    if is_spot and is_perp and spot_way != perp_way:
        return Leader.OPPOSED, spot_way
    if is_spot and perp_z * spot_way < lag:
        return Leader.SPOT_LED, spot_way
    if is_perp and spot_z * perp_way < lag:
        return Leader.PERP_LED, perp_way
    if is_spot or is_perp:
        return Leader.MIXED, spot_way if is_spot else perp_way
    return Leader.NONE, 0


def _sign(value: float) -> int:
    return (value > 0.0) - (value < 0.0)


def _strength(leader: Leader, spot_z: float, perp_z: float, threshold: float) -> float:
    # How far the leader is ahead, or how strong both are together, up to twice the threshold.
    if leader is Leader.NONE:
        return 0.0
    ahead = (spot_z + perp_z) / 2.0 if leader is Leader.MIXED else spot_z - perp_z
    return capped(ahead / (2.0 * threshold))
