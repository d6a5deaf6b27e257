"""Rejection at a level: long wicks, failed breaks and fading volume at supply (FLOW-36).

An attempt is a run of bars in a row that reach the zone's near edge; a bar away from it ends the
attempt. A close beyond the far edge is a break: everything before it is forgotten. Three signs
speak for a rejection: the last attempt left a wick of more than 0.5 % of the price, at least two
attempts failed in a row, and the volume fell from each of them to the next. Mirrored at demand.
Closed bars only; of an attempt nothing changes after the bar that ended it.
"""

from itertools import pairwise

import msgspec

from undertow.domain.errors import CallerError
from undertow.domain.side import Side
from undertow.flow.bar_length import bar_length_ns
from undertow.flow.flow_view import Bars
from undertow.flow.zones import Zone


class Attempt(msgspec.Struct, frozen=True, gc=False):
    """One failed try at a level. start_ns: open of its first bar; end_ns: close of its last.

    wick_share: its longest wick at the level over that bar's close. volume_lots: mean of its bars,
    so that a long attempt does not count as a strong one. is_over: a bar away from the level
    followed.
    """

    start_ns: int
    end_ns: int
    bars: int
    wick_share: float
    volume_lots: float
    is_over: bool


class LevelRejection(msgspec.Struct, frozen=True):
    """side: the side of a trade that it supports, -1 at resistance, +1 at support, 0 without a
    rejection. signs: how many of has_wick, is_repeated, is_fading are there; strength: signs / 3.
    attempts: failed ones since the last break, oldest first.
    """

    side: int
    has_wick: bool
    is_repeated: bool
    is_fading: bool
    strength: float
    attempts: tuple[Attempt, ...]

    @property
    def signs(self) -> int:
        """How many of the three signs are there."""
        return int(self.has_wick) + int(self.is_repeated) + int(self.is_fading)


class RejectionRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """least_wick: share of the price. least_attempts: failed ones. least_signs: of the three."""

    least_wick: float = 0.005
    least_attempts: int = 2
    least_signs: int = 3

    def __post_init__(self) -> None:
        if not 1 <= self.least_signs <= 3 or self.least_attempts < 2:
            raise CallerError(
                "expected least_signs of 1 .. 3 and least_attempts of at least 2, found"
                f" {self.least_signs} and {self.least_attempts}"
            )


DEFAULT_REJECTION = RejectionRules()


def resistance_rejection(
    bars: Bars, zone: Zone, rules: RejectionRules = DEFAULT_REJECTION
) -> LevelRejection:
    """Whether a supply zone held price down, or a demand zone held it up, as of the last bar.

    Bars before the zone was known are left out. For a plain level see `level_rejection`.
    """
    known = bars[bars["open_time_ns"] >= zone.created_ns]
    return level_rejection(known, zone.low_ticks, zone.high_ticks, Side(-zone.side), rules)


def level_rejection(
    bars: Bars, low_ticks: int, high_ticks: int, side: Side, rules: RejectionRules
) -> LevelRejection:
    """The same at prices low_ticks .. high_ticks; `side` BUY: resistance, tried from below."""
    if low_ticks > high_ticks:
        raise CallerError(f"expected low <= high, found {low_ticks} and {high_ticks}")
    attempts = _attempts(bars, side, (low_ticks, high_ticks)) if len(bars) > 1 else ()
    has_wick = bool(attempts) and attempts[-1].wick_share > rules.least_wick
    is_repeated = len(attempts) >= rules.least_attempts
    last = attempts[-rules.least_attempts :]
    falls = [new.volume_lots < old.volume_lots for old, new in pairwise(last)]
    is_fading = is_repeated and all(falls)
    signs = int(has_wick) + int(is_repeated) + int(is_fading)
    return LevelRejection(
        side=-int(side) if signs >= rules.least_signs else 0,
        has_wick=has_wick,
        is_repeated=is_repeated,
        is_fading=is_fading,
        strength=signs / 3.0,
        attempts=attempts,
    )


def _attempts(bars: Bars, side: Side, zone: tuple[int, int]) -> tuple[Attempt, ...]:
    # Upside down for support: a low that falls to the level is a high that rises to it.
    near, far = zone if side is Side.BUY else (-zone[1], -zone[0])
    reach = side * bars["high_ticks" if side is Side.BUY else "low_ticks"]
    closes, opens = side * bars["close_ticks"], side * bars["open_ticks"]
    volume = (bars["buy_lots"] + bars["sell_lots"]).tolist()
    times = bars["open_time_ns"].tolist()
    length = bar_length_ns(bars)
    rows = zip(reach.tolist(), closes.tolist(), opens.tolist(), volume, times, strict=True)
    found: list[Attempt] = []
    for high, close, opened, lots, time_ns in rows:
        if close > far:
            found = []
        elif high >= near:
            wick = (high - max(opened, close)) / abs(close) if close else 0.0
            one = Attempt(time_ns, time_ns + length, 1, wick, float(lots), is_over=False)
            if found and not found[-1].is_over:
                found[-1] = _joined(found[-1], one)
            else:
                found.append(one)
        elif found and not found[-1].is_over:
            found[-1] = msgspec.structs.replace(found[-1], is_over=True)
    return tuple(found)


def _joined(old: Attempt, bar: Attempt) -> Attempt:
    count = old.bars + 1
    return Attempt(
        start_ns=old.start_ns,
        end_ns=bar.end_ns,
        bars=count,
        wick_share=max(old.wick_share, bar.wick_share),
        volume_lots=old.volume_lots + (bar.volume_lots - old.volume_lots) / count,
        is_over=False,
    )
