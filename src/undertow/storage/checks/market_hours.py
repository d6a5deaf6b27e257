"""When a market trades, so that its closed hours are not taken for gaps.

* crypto: always.
* forex: from Sunday 17:00 to Friday 17:00 in New York, US daylight saving included.
* metal: the same from 18:00 on, with a rest from 17:00 to 18:00 each day.
* equity (US): 9:30 to 16:00 in New York on weekdays. Holidays are not known here.

New York's offset from UTC changes on the second Sunday of March and the first of November at 7:00
and 6:00 UTC (Energy Policy Act of 2005, in force since 2007).
"""

import numpy as np
from numpy.typing import NDArray

from undertow.domain.instrument import Instrument
from undertow.domain.time import NS_PER_DAY, NS_PER_HOUR
from undertow.storage.catalog.series_name import asset_class

Times = NDArray[np.int64]

METALS = ("XAU", "XAG", "XPT", "XPD")

_WEEK_NS = 7 * NS_PER_DAY
_SUNDAY_NS = 3 * NS_PER_DAY  # 1970-01-04
WEEK_OPEN_NS = 17 * NS_PER_HOUR
"""After New York's midnight of a Sunday; the week ends five days later."""


def new_york_offset_ns(times_ns: Times) -> Times:
    """What is added to UTC to get New York's time: -4 h in its summer, -5 h else."""
    years = times_ns.astype("datetime64[ns]").astype("datetime64[Y]").astype(np.int64) + 1970
    found = np.full(len(times_ns), -5 * NS_PER_HOUR, np.int64)
    for year in np.unique(years).tolist():
        start = _sunday(year, 3, 2) + 7 * NS_PER_HOUR
        end = _sunday(year, 11, 1) + 6 * NS_PER_HOUR
        summer = (years == year) & (times_ns >= start) & (times_ns < end)
        found[summer] = -4 * NS_PER_HOUR
    return found


def week_opens(times_ns: Times, hours: str = "forex") -> Times:
    """UTC time of the week's opening nearest to each time, of forex or metals."""
    opening = WEEK_OPEN_NS + (NS_PER_HOUR if hours == "metal" else 0)
    local = times_ns + new_york_offset_ns(times_ns)
    half = _WEEK_NS // 2
    sunday = (local - _SUNDAY_NS - opening + half) // _WEEK_NS * _WEEK_NS + _SUNDAY_NS
    opens = sunday + opening
    # The offset of the opening itself, which may lie on the other side of a change.
    return opens - new_york_offset_ns(opens + 5 * NS_PER_HOUR)


def hours_of(instrument: Instrument) -> str:
    """Which hours an instrument keeps: crypto, forex, metal or equity."""
    found = asset_class(instrument)
    return "metal" if found == "forex" and instrument.base in METALS else found


def is_open(times_ns: Times, hours: str) -> NDArray[np.bool_]:
    """Whether bars that open at these times are to be expected."""
    if hours == "crypto":
        return np.ones(len(times_ns), bool)
    local = times_ns + new_york_offset_ns(times_ns)
    day = (local // NS_PER_DAY + 4) % 7  # 0 = Sunday
    clock = local % NS_PER_DAY
    if hours == "equity":
        inside = (clock >= 34_200 * 10**9) & (clock < 16 * NS_PER_HOUR)
        return (day >= 1) & (day <= 5) & inside
    after_open = (day > 0) | (clock >= WEEK_OPEN_NS)
    before_close = (day < 5) | ((day == 5) & (clock < WEEK_OPEN_NS))
    found: NDArray[np.bool_] = after_open & before_close
    if hours == "metal":
        found &= (clock < WEEK_OPEN_NS) | (clock >= WEEK_OPEN_NS + NS_PER_HOUR)
    return found


def _sunday(year: int, month: int, which: int) -> int:
    first = np.datetime64(f"{year}-{month:02d}-01", "D").astype(np.int64)
    to_sunday = (3 - int(first)) % 7  # 1970-01-04 was day 3
    return (int(first) + to_sunday + 7 * (which - 1)) * NS_PER_DAY
