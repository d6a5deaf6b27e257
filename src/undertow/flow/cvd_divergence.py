"""Price makes a new extreme that CVD does not share (FLOW-05, U-17).

Bullish: a lower low of the price with a higher low of smoothed CVD; bearish: a higher high with a
lower high. Lows and highs are pivots of closed minutes (above or below `swing` minutes on each
side), so they are known `swing` minutes later: a divergence is dated by that confirmation and never
changes after. CVD's own extreme is looked for within `swing` minutes of the price's.

Strength is CVD's difference in robust standard deviations of what CVD wanders in that time: the
deviation of one minute's delta, from the 240 minutes up to the confirmation, times the root of the
minutes between. From 1 on a divergence is strong."""

from itertools import pairwise
from math import expm1, nan, sqrt

import msgspec
import numpy as np

from undertow.domain.errors import CallerError
from undertow.domain.time import NS_PER_MINUTE
from undertow.flow.asset_series import STEP, AssetSeries
from undertow.flow.minute_flow import Floats, MinuteFlow, rolling_mean
from undertow.flow.sufficiency import LEAST_SAMPLES, Shortfall, shortfall
from undertow.flow.swings import pivots
from undertow.stats.robust import robust_scale

STRONG = 1.0
LEAST_MOVE = round(1e-6 / STEP)
"""Extremes closer than a hundredth of a basis point are the same price."""


class CvdDivergence(msgspec.Struct, frozen=True, gc=False):
    """side: +1 bullish, -1 bearish. from_ns, to_ns: ends of the minutes of the two pivots;
    confirmed_ns: when the second was known. price_to: of the second; price_change: fraction.
    cvd_change_usd: of smoothed CVD's extremes, against the price, to the cent. strength: in
    robust deviations, NaN without spread.
    """

    side: int
    from_ns: int
    to_ns: int
    confirmed_ns: int
    price_to: float
    price_change: float
    cvd_change_usd: float
    strength: float

    @property
    def is_strong(self) -> bool:
        """Whether CVD differs by at least one robust deviation."""
        return self.strength >= STRONG


class DivergenceReading(msgspec.Struct, frozen=True):
    """The divergence that stands now, of the flow over all members, of spot and of perpetuals.

    side: of the total's, 0 without one. It stands for `fresh` minutes from its confirmation, while
    the price has not closed beyond its second extreme."""

    total: CvdDivergence | None
    spot: CvdDivergence | None
    perp: CvdDivergence | None
    shortfall: Shortfall | None = None

    @property
    def is_sufficient(self) -> bool:
        """Whether there were minutes enough to look at."""
        return self.shortfall is None

    @property
    def side(self) -> int:
        """+1 bullish, -1 bearish, 0 none."""
        return self.total.side if self.total is not None else 0

    @property
    def is_strong(self) -> bool:
        """Whether the total's divergence is strong (STRONG_CVD_DIVERGENCE)."""
        return self.total is not None and self.total.is_strong


class DivergenceRules(msgspec.Struct, frozen=True, kw_only=True):
    """swing: minutes on each side of a pivot. smooth: minutes CVD is averaged over. most_gap:
    minutes between the two pivots. scale_minutes: looked back for CVD's deviation.
    """

    swing: int = 5
    smooth: int = 3
    most_gap: int = 120
    scale_minutes: int = 240

    def __post_init__(self) -> None:
        if min(self.swing, self.smooth) < 1 or self.most_gap < self.swing:
            raise CallerError(f"expected spans of at least 1 minute, found {self}")
        if self.scale_minutes < LEAST_SAMPLES:
            raise CallerError(
                f"expected scale_minutes of at least {LEAST_SAMPLES}, found {self.scale_minutes}"
            )


DEFAULT_RULES = DivergenceRules()


def cvd_divergences(
    series: AssetSeries, flow: MinuteFlow, rules: DivergenceRules = DEFAULT_RULES
) -> tuple[CvdDivergence, ...]:
    """Every divergence of the price from this flow of the series, in the order of confirmation."""
    cvd, log_price = _smoothed(flow, rules), _log_price(series)
    found: list[CvdDivergence] = []
    for side in (1, -1):
        # Of the negated price a low is a top; CVD is turned over with it.
        for pair in pairwise(pivots(-side * log_price, rules.swing).tolist()):
            move = int(log_price[pair[1]] - log_price[pair[0]])
            if pair[1] - pair[0] <= rules.most_gap and move * side <= -LEAST_MOVE:
                found += _between(series, flow, cvd, (side, *pair), rules)
    return tuple(sorted(found, key=lambda one: (one.confirmed_ns, -one.side)))


def _log_price(series: AssetSeries) -> Floats:
    return np.where(np.isfinite(series.price), series.steps.astype(np.float64), np.nan)


def _smoothed(flow: MinuteFlow, rules: DivergenceRules) -> Floats:
    # Cents add up exactly, so that a difference does not depend on where the series begins.
    delta = flow.delta_usd
    cents = np.cumsum(np.rint(np.nan_to_num(delta) * 100.0))
    return rolling_mean(np.where(np.isfinite(delta), cents, np.nan), rules.smooth, 0.5)


def _between(
    series: AssetSeries,
    flow: MinuteFlow,
    cvd: Floats,
    places: tuple[int, int, int],
    rules: DivergenceRules,
) -> list[CvdDivergence]:
    # The divergence of two extremes that follow each other, if CVD makes one.
    side, first, second = places
    cents = _extreme(cvd, second, side, rules) - _extreme(cvd, first, side, rules)
    if not cents * side >= 1.0:
        return []
    change = round(cents) / 100.0
    confirmed = second + rules.swing
    scale = robust_scale(
        flow.delta_usd[max(0, confirmed + 1 - rules.scale_minutes) : confirmed + 1],
        least=LEAST_SAMPLES,
    )
    steps = series.steps
    one = CvdDivergence(
        side=side,
        from_ns=int(series.time_ns[first]),
        to_ns=int(series.time_ns[second]),
        confirmed_ns=int(series.time_ns[confirmed]),
        price_to=float(series.price[second]),
        price_change=expm1(int(steps[second] - steps[first]) * STEP),
        cvd_change_usd=change,
        strength=abs(change) / (scale * sqrt(second - first)),
    )
    return [one]


def _extreme(cvd: Floats, place: int, side: int, rules: DivergenceRules) -> float:
    near = cvd[place - rules.swing : place + rules.swing + 1] * side
    near = near[np.isfinite(near)]
    return float(near.min()) * side if len(near) else nan


def cvd_divergence(
    series: AssetSeries, rules: DivergenceRules = DEFAULT_RULES, *, fresh: int = 15
) -> DivergenceReading:
    """The divergences that stand at the end of the series."""
    if fresh < 1:
        raise CallerError(f"expected at least 1 fresh minute, found {fresh}")
    known = int(np.isfinite(series.total.delta_usd).sum())
    missing = shortfall("minutes of flow", known, LEAST_SAMPLES)
    if missing is not None:
        return DivergenceReading(None, None, None, missing)
    return DivergenceReading(
        total=_standing(series, cvd_divergences(series, series.total, rules), fresh),
        spot=_standing(series, cvd_divergences(series, series.spot, rules), fresh),
        perp=_standing(series, cvd_divergences(series, series.perp, rules), fresh),
    )


def _standing(
    series: AssetSeries, found: tuple[CvdDivergence, ...], fresh: int
) -> CvdDivergence | None:
    # The newest that is not stale and whose second extreme no later minute has closed beyond.
    log_price, newest = _log_price(series), int(series.time_ns[-1])
    for one in reversed(found):
        if newest - one.confirmed_ns >= fresh * NS_PER_MINUTE:
            return None
        second = int(np.searchsorted(series.time_ns, one.to_ns))
        later = log_price[second + 1 :] * one.side
        if not np.any(later < log_price[second] * one.side):
            return one
    return None
