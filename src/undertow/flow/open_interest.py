"""How open interest changed, over several spans, and whether it feeds the move (FLOW-18, FLOW-19).

Then is looked up by time: of each perpetual the last open interest told at or before now less the
span, no older than `most_age` minutes; polled history counts as what was told live does. Changes
are of contracts, all valued at the present price, so that a move of the price alone is no change.
A perpetual counts in a span only when both its ends are known."""

from collections.abc import Sequence
from math import isfinite, nan

import msgspec
import numpy as np

from undertow.domain.errors import CallerError
from undertow.domain.time import NS_PER_MINUTE
from undertow.flow.asset_flow import AssetFlow
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.flow.sufficiency import Shortfall
from undertow.stats.robust import capped_ratio

SPANS = (5, 15, 25, 60, 180)
"""Minutes: the usual looks (5, 15, 60) and those of the scorer (25, 60, 180)."""

MEAN_SPANS = (25, 60, 180)


class OpenInterestChange(msgspec.Struct, frozen=True, gc=False):
    """Over the last `minutes`: base coins, and as a fraction of what was open then (0.01 = 1 %).

    perpetuals: how many could be compared; 0 leaves the numbers NaN."""

    minutes: int
    change_base: float
    fraction: float
    perpetuals: int


class OpenInterestReading(msgspec.Struct, frozen=True):
    """open_base, open_usd: what is open now. changes: by span in minutes, over all venues;
    by_venue: the fractions of each. mean_fraction: mean over 25, 60 and 180 minutes (oi_mtf), NaN
    unless all three are known. `shortfall` names the longest span that is not known.
    """

    open_base: float
    open_usd: float
    changes: dict[int, OpenInterestChange]
    by_venue: dict[str, dict[int, float]]
    mean_fraction: float
    shortfall: Shortfall | None = None

    @property
    def is_sufficient(self) -> bool:
        """Whether every span is known."""
        return self.shortfall is None

    @property
    def hour_fraction(self) -> float:
        """Change over 60 minutes (oi_delta_pct as a fraction); NaN when that span was not asked."""
        hour = self.changes.get(60)
        return hour.fraction if hour is not None else nan


class OpenInterestFuel(msgspec.Struct, frozen=True, gc=False):
    """fuel: change of open interest per unit of price move, -10 .. 10; + = contracts are opened
    into the move, - = closed. side: the way of a fuelled move, 0 when it is not fuelled.
    """

    side: int
    fuel: float


def open_interest(
    asset: AssetFlow, spans: Sequence[int] = SPANS, *, most_age: int = 6
) -> OpenInterestReading:
    """Changes up to the asset's watermark, of its healthy perpetuals.

    most_age: minutes that a number may be older than the time it stands for (histories are polled
    in steps of 5)."""
    if not spans or min(spans) < 1 or most_age < 0:
        raise CallerError(f"expected spans of at least 1 minute, found {tuple(spans)}, {most_age}")
    now = asset.watermark_ns // NS_PER_MINUTE
    perps = [one for one in asset.healthy() if one.instrument.is_perp]
    told = {one.index: _told(one, (0, *spans), now, most_age) for one in perps}
    known = [one for one in perps if isfinite(told[one.index][0])]
    changes, by_venue = {}, {one.instrument.venue: dict.fromkeys(spans, nan) for one in perps}
    for span in spans:
        changes[span] = _change(known, told, span)
        for venue, of_venue in by_venue.items():
            own = [one for one in known if one.instrument.venue == venue]
            of_venue[span] = _change(own, told, span).fraction
    fractions = [changes[span].fraction for span in MEAN_SPANS if span in changes]
    return OpenInterestReading(
        open_base=sum(one.held_base(told[one.index][0]) for one in known) if known else nan,
        open_usd=sum(one.held_usd(told[one.index][0]) for one in known) if known else nan,
        changes=changes,
        by_venue=by_venue,
        mean_fraction=sum(fractions) / 3 if len(fractions) == len(MEAN_SPANS) else nan,
        shortfall=_missing(changes),
    )


def lots_at(flow: InstrumentFlow, minute: int, most_age: int) -> float:
    """The last open interest told of `minute` (since 1970) or up to `most_age` before, in lots; NaN
    when there is none."""
    return _told(flow, (0,), minute, most_age)[0]


def _told(
    flow: InstrumentFlow, spans: Sequence[int], minute: int, most_age: int
) -> dict[int, float]:
    # `lots_at` each span before the minute.
    minutes, lots = flow.open_interests()
    wanted = minute - np.array(spans)
    places = np.searchsorted(minutes, wanted, side="right") - 1
    found = {}
    for span, then, place in zip(spans, wanted.tolist(), places.tolist(), strict=True):
        is_told = place >= 0 and minutes[place] >= then - most_age
        found[span] = float(lots[place]) if is_told else nan
    return found


def _change(
    perps: Sequence[InstrumentFlow], told: dict[int, dict[int, float]], span: int
) -> OpenInterestChange:
    change = then_base = 0.0
    count = 0
    for one in perps:
        present, then = told[one.index][0], told[one.index][span]
        if isfinite(present) and isfinite(then):
            change += one.held_base(present - then)
            then_base += one.held_base(then)
            count += 1
    if not count:
        return OpenInterestChange(span, nan, nan, 0)
    return OpenInterestChange(span, change, change / then_base if then_base > 0 else nan, count)


def _missing(changes: dict[int, OpenInterestChange]) -> Shortfall | None:
    for span in sorted(changes, reverse=True):
        if not changes[span].perpetuals:
            return Shortfall(f"perpetuals with open interest {span} minutes ago", 0, 1)
    return None


def open_interest_fuel(
    open_interest_fraction: float,
    price_change: float,
    *,
    floor: float = 0.001,
    cap: float = 10.0,
) -> OpenInterestFuel:
    """Change of open interest over |change of price|, both fractions over the same span.

    floor: least move divided by, so that a quiet price does not look like fuel. A rise and a fall
    of the price count alike: opened contracts fuel either."""
    fuel = nan
    if isfinite(open_interest_fraction) and isfinite(price_change):
        fuel = capped_ratio(open_interest_fraction, price_change, floor=floor, limit=cap)
    side = 0
    if fuel > 0.0 and price_change != 0.0:
        side = 1 if price_change > 0.0 else -1
    return OpenInterestFuel(side, fuel)
