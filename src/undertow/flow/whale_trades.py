"""Whales' trades of the last seconds, how unusual they were, and bursts over venues (FLOW-11).

Which trades are whales' and their scores are decided as each arrives (`kernels.flow.whale_ring`);
here they are read. Above the floor of money an alert is a score above 3.0, a modified z-score of
the logarithm of the lots (Iglewicz and Hoaglin 1993 flag outliers above 3.5), or a size beyond the
99th percentile of the trades before it: where sizes are all alike there is no score.
"""

from collections.abc import Sequence
from math import nan

import msgspec

from undertow.domain.errors import ConfigurationError
from undertow.domain.time import NS_PER_S
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.flow.traded_value import TradedValue

ALERT_SCORE = 3.0
ALERT_RANK = 0.99


class WhaleTrade(msgspec.Struct, frozen=True, gc=False):
    """One trade; `side` is the aggressor's, `value` quote money, `rank` the share of trades before
    it that were smaller; `score` and `rank` are NaN when unknown.
    """

    event_ns: int
    side: int
    instrument_id: str
    venue: str
    ticks: int
    lots: int
    value: float
    score: float
    rank: float

    @property
    def is_alert(self) -> bool:
        """Whether its size was unusual for the instrument, not only large in money."""
        return self.score > ALERT_SCORE or self.rank > ALERT_RANK


class WhaleActivity(msgspec.Struct, frozen=True, gc=False):
    """side: +1 whales bought for more money than they sold for, -1 the opposite, 0 equal or none.

    buy_value, sell_value: quote money. alerts: trades of unusual size. most_score: greatest
    score, NaN when none is known.
    """

    side: int
    buys: int
    sells: int
    buy_value: float
    sell_value: float
    alerts: int
    most_score: float


class WhaleBurst(msgspec.Struct, frozen=True):
    """Whales' trades of one side that followed each other closely, perhaps on several venues."""

    side: int
    first_ns: int
    last_ns: int
    value: float
    venues: tuple[str, ...]
    trades: tuple[WhaleTrade, ...]


def whale_trades(members: Sequence[InstrumentFlow], seconds: int = 60) -> tuple[WhaleTrade, ...]:
    """Whales' trades of the last `seconds` by event time, ordered by (time, instrument, arrival).

    Each instrument's seconds end at its own source's progress, as windows do. At most the last 100
    of an instrument are known. For an asset pass `asset.healthy()`, so that money adds up only
    over members in dollars.
    """
    if seconds < 1:
        raise ConfigurationError(f"expected 1 second or more, found {seconds}")
    found: list[tuple[int, int, WhaleTrade]] = []
    for place, flow in enumerate(members):
        source = flow.source
        if source is None:
            continue
        first_ns = source.progress_ns - seconds * NS_PER_S
        rows = flow.whales()
        rows = rows[rows["event_ns"] > first_ns]
        value = TradedValue(flow.instrument)
        names = flow.instrument.instrument_id, flow.instrument.venue
        for event_ns, side, ticks, lots, score, rank in rows.tolist():
            worth = value.quote((lots, 0, float(ticks) * lots, 0.0, 0.0, 0.0))[0]
            one = WhaleTrade(event_ns, side, *names, ticks, lots, worth, score, rank)
            found.append((event_ns, place, one))
    found.sort(key=lambda entry: entry[:2])
    return tuple(one for _, _, one in found)


def whale_activity(members: Sequence[InstrumentFlow], seconds: int = 60) -> WhaleActivity:
    """Whales' buying and selling of the last `seconds`, see `whale_trades`."""
    trades = whale_trades(members, seconds)
    buys = [one.value for one in trades if one.side > 0]
    sells = [one.value for one in trades if one.side < 0]
    bought, sold = sum(buys), sum(sells)
    return WhaleActivity(
        side=(bought > sold) - (bought < sold),
        buys=len(buys),
        sells=len(sells),
        buy_value=float(bought),
        sell_value=float(sold),
        alerts=sum(one.is_alert for one in trades),
        most_score=max((one.score for one in trades if one.score == one.score), default=nan),
    )


def whale_bursts(
    members: Sequence[InstrumentFlow],
    seconds: int = 300,
    *,
    within_s: float = 10.0,
    least: int = 3,
) -> tuple[WhaleBurst, ...]:
    """Bursts within the last `seconds`: `least` or more whales' trades of one side, over all of the
    instruments given, none more than `within_s` after the one before.

    The other side's trades in between do not end a burst. Event times of different venues are
    compared as the venues stamp them. Ordered by first trade; of one time buys come first.
    """
    if within_s <= 0.0 or least < 2:
        raise ConfigurationError(f"expected within_s > 0 and least >= 2, found {within_s}, {least}")
    trades = whale_trades(members, seconds)
    bursts: list[WhaleBurst] = []
    for side in (1, -1):
        group: list[WhaleTrade] = []
        for one in (*(t for t in trades if t.side == side), None):
            is_near = one is not None and (
                not group or one.event_ns - group[-1].event_ns <= within_s * NS_PER_S
            )
            if one is not None and is_near:
                group.append(one)
                continue
            if len(group) >= least:
                bursts.append(_burst(side, tuple(group)))
            group = [one] if one is not None else []
    return tuple(sorted(bursts, key=lambda burst: (burst.first_ns, -burst.side)))


def _burst(side: int, trades: tuple[WhaleTrade, ...]) -> WhaleBurst:
    venues = tuple(dict.fromkeys(one.venue for one in trades))
    value = float(sum(one.value for one in trades))
    return WhaleBurst(side, trades[0].event_ns, trades[-1].event_ns, value, venues, trades)
