"""What holding a perpetual costs, per venue and over all, and what that says (FLOW-21, VEN-24).

Rates are fractions per HOUR, + = longs pay shorts, so venues of different intervals compare. The
predicted rate is of the interval under way; the paid one was settled last. Sentiment is
-rate / normaliser over 8 hours, cut to -1 .. 1: crowded shorts (negative funding) are bullish.
"""

from math import isfinite, nan

import msgspec

from undertow.domain.errors import CallerError
from undertow.domain.time import NS_PER_S
from undertow.flow.asset_flow import AssetFlow
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.flow.sufficiency import Shortfall
from undertow.stats.robust import capped

NORMAL_HOURS = 8.0
HOURS_PER_YEAR = 24.0 * 365.0


class VenueFunding(msgspec.Struct, frozen=True, gc=False):
    """One perpetual. predicted, paid: fraction per hour, NaN when not told. next_ns: when the
    interval under way is settled, 0 unknown. interval_s: of a funding; is_interval_assumed when
    the venue has not shown it yet. open_usd: open interest, NaN when not told.
    """

    instrument_id: str
    venue: str
    predicted: float
    paid: float
    next_ns: int
    interval_s: int
    is_interval_assumed: bool
    open_usd: float


class Funding(msgspec.Struct, frozen=True):
    """per_hour: predicted, weighted by open interest (equally when nobody tells it). paid_per_hour:
    settled last, weighted alike. annualised: per_hour over a year, simple. sentiment: -1 .. 1, + =
    bullish. next_ns, seconds_to_next: the nearest settlement. is_near: within `near_s` of it.
    """

    per_hour: float
    paid_per_hour: float
    annualised: float
    sentiment: float
    next_ns: int
    seconds_to_next: float
    is_near: bool
    members: tuple[VenueFunding, ...]
    shortfall: Shortfall | None = None

    @property
    def is_sufficient(self) -> bool:
        """Whether any venue told its funding."""
        return self.shortfall is None

    @property
    def rising(self) -> float:
        """Predicted less paid, fraction per hour: + = longs will pay more than last time."""
        return self.per_hour - self.paid_per_hour

    @property
    def by_venue(self) -> dict[str, float]:
        """Predicted fraction per hour of each venue; of several perpetuals there as `per_hour`."""
        venues = dict.fromkeys(one.venue for one in self.members)
        found = {
            name: _weighted([m for m in self.members if m.venue == name], "predicted")
            for name in venues
        }
        return {name: rate for name, rate in found.items() if isfinite(rate)}


def funding(asset: AssetFlow, *, normaliser: float = 0.001, near_s: int = 900) -> Funding:
    """Funding of an asset's healthy perpetuals now (at the asset's watermark).

    normaliser: rate per 8 hours that is full sentiment (0.001 = 0.1 %)."""
    if not normaliser > 0.0:
        raise CallerError(f"expected a normaliser above 0, found {normaliser}")
    perps = [one for one in asset.healthy() if one.instrument.is_perp]
    members = tuple(_of_venue(one, asset.funding_interval_s) for one in perps)
    per_hour = _weighted(members, "predicted")
    now_ns = asset.watermark_ns
    coming = [one.next_ns for one in members if one.next_ns > now_ns]
    next_ns = min(coming, default=0)
    seconds = (next_ns - now_ns) / NS_PER_S if next_ns else nan
    is_told = isfinite(per_hour)
    return Funding(
        per_hour=per_hour,
        paid_per_hour=_weighted(members, "paid"),
        annualised=per_hour * HOURS_PER_YEAR,
        sentiment=capped(-per_hour * NORMAL_HOURS / normaliser),
        next_ns=next_ns,
        seconds_to_next=seconds,
        is_near=seconds <= near_s,
        members=members,
        shortfall=None if is_told else Shortfall("healthy perpetuals with a funding rate", 0, 1),
    )


def _of_venue(flow: InstrumentFlow, default_s: int) -> VenueFunding:
    known_s = flow.funding_interval_s
    interval_s = known_s or default_s
    hours = interval_s / 3600.0
    rates = flow.fundings()[1]
    is_told = flow.next_funding_ns > 0
    lots = flow.open_interest_lots
    return VenueFunding(
        instrument_id=str(flow.instrument.instrument_id),
        venue=flow.instrument.venue,
        predicted=flow.funding_rate / hours if is_told else nan,
        paid=float(rates[-1]) / hours if len(rates) else nan,
        next_ns=flow.next_funding_ns,
        interval_s=interval_s,
        is_interval_assumed=known_s == 0,
        open_usd=flow.held_usd(lots) if lots else nan,
    )


def _weighted(members: tuple[VenueFunding, ...] | list[VenueFunding], name: str) -> float:
    # Mean of the told rates by open interest; equally where none of them has any.
    rates: list[float] = [getattr(one, name) for one in members]
    told = [isfinite(rate) for rate in rates]
    weights = [
        one.open_usd if is_told and isfinite(one.open_usd) else 0.0
        for one, is_told in zip(members, told, strict=True)
    ]
    if not sum(weights) > 0.0:
        weights = [float(is_told) for is_told in told]
    if not any(told):
        return nan
    known = zip(weights, rates, told, strict=True)
    return sum(w * rate for w, rate, is_told in known if is_told) / sum(weights)
