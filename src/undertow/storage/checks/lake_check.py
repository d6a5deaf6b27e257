"""Checks of recorded rows: what their parts counted when they were written, and their clock.

Counts are of all parts, whatever span is opened. The clock is told by weekends as that of bars is:
only the parts around rests of a day and more are read for it.
"""

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.time import NS_PER_DAY, NS_PER_HOUR
from undertow.storage.catalog.lake_feed import LakeFeed
from undertow.storage.checks.finding import Finding, Severity
from undertow.storage.checks.import_flaws import import_findings
from undertow.storage.checks.market_hours import hours_of
from undertow.storage.checks.session_shape import check_time_zone, stamp_shift
from undertow.storage.lake_layout import LakePart
from undertow.storage.lake_part import read_part

COUNTED = ("crossed_quotes", "crossed_books", "trade_id_jumps", "duplicates")
_SLOW_CLOCK_NS = -100_000_000
_BAD_SHARE = 0.01


def check_rows(feed: LakeFeed) -> list[Finding]:
    """What is wrong with one source of recorded rows."""
    quality = feed.quality
    flaws = {name: count for name in COUNTED if (count := getattr(quality, name))}
    share = flaws.get("crossed_quotes", 0) / max(quality.quotes, 1)
    found = [
        msgspec.structs.replace(one, severity=Severity.DOUBT) if share < _BAD_SHARE else one
        for one in import_findings(flaws)
    ]
    if quality.gaps:
        text = f"{quality.gaps:,} gaps in the venue's own numbers, {quality.lost:,} messages lost"
        found.append(Finding("gap", Severity.DOUBT, quality.gaps, text))
    if quality.timed and quality.latency_min_ns < _SLOW_CLOCK_NS:
        text = f"the recorder's clock is at least {-quality.latency_min_ns / 1e9:.2f} s slow"
        found.append(Finding("clock", Severity.DOUBT, 1, text))
    hours = hours_of(feed.instrument)
    if hours == "crypto":
        return found
    return found + check_time_zone(stamp_shift(_edges(feed), 0, hours), hours)


def _edges(feed: LakeFeed) -> NDArray[np.int64]:
    # Times around long rests, with so many in between that the usual step stays short.
    parts = list(feed.parts())
    firsts = [_hour(part) for part in parts]
    times: list[int] = []
    for place, part in enumerate(parts):
        after = firsts[place] - firsts[place - 1] if place else 0
        before = firsts[place + 1] - firsts[place] if place + 1 < len(parts) else 0
        if max(after, before) * NS_PER_HOUR >= NS_PER_DAY:
            span = _span(part)
            times += [span[0], (span[0] + span[1]) // 2, span[1]]
        else:
            times.append(firsts[place] * NS_PER_HOUR)
    return np.array(sorted(times), np.int64)


def _hour(part: LakePart) -> int:
    day = np.datetime64(part.path.parent.parent.name, "h").astype(np.int64)
    return int(day) + int(part.path.parent.name)


def _span(part: LakePart) -> tuple[int, int]:
    pieces = [rows["event_time_ns"] for _, rows in read_part(part.path, 0, 0)]
    return int(pieces[0][0]), int(pieces[-1][-1])
