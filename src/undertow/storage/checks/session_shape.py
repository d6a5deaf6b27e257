"""Time-zone mistakes, told by when a market rests.

Forex rests from Friday 17:00 to Sunday 17:00 in New York: 22:00 UTC in its winter, 21:00 in its
summer. Each weekend in the data (a pause of 24 to 72 hours) has a last bar before and a first one
after it. A shift of all stamps, in half hours, fits when the close lies in the last bar and the
opening in the first; the smallest that fits is taken. Where none fits both, because a broker quotes
before the opening, the close decides, unless the opening is off to the other side. US shares go the
same way, with nights between 16:00 and 9:30 in New York.

Weekends vote, by New York's season: one shift in at least `MOST_SHARE` of them is believed; so
holidays and quiet hours are outvoted. Equal shifts in both seasons are a fixed offset; an hour more
in summer is a place with New York's daylight saving, such as the server time of many brokers.

It cannot tell a shift of less than half an hour, nor one that is smaller than the bars are long,
nor anything of daily bars or of markets that never close.
"""

from collections import Counter

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.time import NS_PER_DAY, NS_PER_HOUR, utc_text
from undertow.storage.checks.finding import Finding, Severity
from undertow.storage.checks.market_hours import new_york_offset_ns, week_opens

Times = NDArray[np.int64]

MOST_SHARE = 0.6
_HALF_HOUR_NS = NS_PER_HOUR // 2
_DAY_OPEN_NS, _DAY_CLOSE_NS = 19 * _HALF_HOUR_NS, 32 * _HALF_HOUR_NS
_NO_VOTE = 1 << 32


class StampShift(msgspec.Struct, frozen=True):
    """How far stamps are ahead of UTC, in half hours, by New York's season; None where not told."""

    winter: int | None
    summer: int | None
    openings: int = 0
    first_ns: int = 0

    @property
    def is_none(self) -> bool:
        """True when nothing speaks against UTC."""
        return not self.winter and not self.summer

    def utc(self, times_ns: Times) -> Times:
        """The times that the stamps mean."""
        winter = new_york_offset_ns(times_ns) == -5 * NS_PER_HOUR
        one = self.winter if self.winter is not None else self.summer or 0
        other = self.summer if self.summer is not None else one
        meant: Times = times_ns - np.where(winter, one, other) * _HALF_HOUR_NS
        return meant

    @property
    def zone(self) -> str:
        """What to say as time zone when importing again."""
        told = {shift for shift in (self.winter, self.summer) if shift is not None}
        if len(told) == 1:
            shift = next(iter(told))
            return f"{'-' if shift < 0 else '+'}{abs(shift) // 2:02d}:{abs(shift) % 2 * 30:02d}"
        if self.winter is not None and self.summer == self.winter + 2:
            return f"NewYork{self.winter // 2 + 5:+d}h"
        return "NAME (the place that these clocks are of, such as Europe/London)"


def stamp_shift(opens_ns: Times, length: int, hours: str) -> StampShift:
    """The shift of a series' stamps, by market hours; times of ticks with a length of 0."""
    pauses = np.empty(0, np.int64) if hours == "crypto" else _pauses(opens_ns, hours)
    if not len(pauses):
        return StampShift(None, None)
    firsts, lasts = opens_ns[pauses + 1], opens_ns[pauses] + length
    if hours == "equity":
        opening, closing = _day_time(firsts, _DAY_OPEN_NS), _day_time(lasts, _DAY_CLOSE_NS)
    else:
        opening = week_opens(firsts, hours)
        closing = week_opens(lasts + 2 * NS_PER_DAY) - 2 * NS_PER_DAY
    votes = _votes(firsts - opening, lasts - closing, length)
    told = votes != _NO_VOTE
    winter = new_york_offset_ns(firsts) == -5 * NS_PER_HOUR
    first_ns = int(firsts[0])
    return StampShift(
        _usual(votes[winter & told]), _usual(votes[~winter & told]), len(firsts), first_ns
    )


def check_time_zone(shift: StampShift, hours: str) -> list[Finding]:
    """A finding when the stamps of a series cannot be UTC."""
    if shift.is_none:
        return []
    opening = "day" if hours == "equity" else "week"
    text = (
        f"times are not UTC: the {opening} ends and begins {_words(shift)} than "
        f"it should (first seen {utc_text(shift.first_ns)[:16]}, {shift.openings} openings "
        f"compared); import with --timezone {shift.zone} --replace"
    )
    return [Finding("time_zone", Severity.BAD, shift.openings, text, shift.first_ns)]


def _pauses(opens_ns: Times, hours: str) -> Times:
    # Places of the last bar before each rest.
    steps = np.diff(opens_ns)
    if not len(steps) or np.median(steps) > 6 * NS_PER_HOUR:
        return np.empty(0, np.int64)
    if hours == "equity":
        return np.flatnonzero((steps >= 12 * NS_PER_HOUR) & (steps < 5 * NS_PER_DAY))
    return np.flatnonzero((steps >= 24 * NS_PER_HOUR) & (steps <= 72 * NS_PER_HOUR))


def _votes(after: Times, before: Times, length: int) -> Times:
    # Shifts in half hours that fit the opening are low .. high, those that fit the close the same.
    half = _HALF_HOUR_NS
    open_low = np.rint(after / half).astype(np.int64)
    open_high = np.maximum(open_low, -((-after - length) // half) - 1)
    close_high = np.rint(before / half).astype(np.int64)
    close_low = np.minimum(close_high, (before - length) // half + 1)
    low, high = np.maximum(open_low, close_low), np.minimum(open_high, close_high)
    both = np.where(low > 0, low, np.where(high < 0, high, 0))
    close = np.where(close_low > 0, close_low, np.where(close_high < 0, close_high, 0))
    is_wider = (open_high < 0) & (close_low > 0)
    alone = np.where(is_wider, _NO_VOTE, close)
    votes: Times = np.where(low <= high, both, alone)
    return votes


def _day_time(times_ns: Times, clock_ns: int) -> Times:
    # That time of New York's day, in UTC, on the day it is nearest to.
    offset = new_york_offset_ns(times_ns)
    local = times_ns + offset
    day = (local - clock_ns + NS_PER_DAY // 2) // NS_PER_DAY * NS_PER_DAY
    found: Times = day + clock_ns - offset
    return found


def _usual(shifts: Times) -> int | None:
    # The shift of most openings, in half hours; None when there is no such.
    if not len(shifts):
        return None
    shift, count = Counter(shifts.tolist()).most_common(1)[0]
    return int(shift) if count >= MOST_SHARE * len(shifts) else None


def _words(shift: StampShift) -> str:
    told = [one for one in (shift.winter, shift.summer) if one is not None]
    if len(set(told)) == 1:
        return f"{abs(told[0]) / 2:g} h {'earlier' if told[0] < 0 else 'later'}"
    return f"{told[0] / 2:+g} h in New York's winter and {told[1] / 2:+g} h in its summer other"
