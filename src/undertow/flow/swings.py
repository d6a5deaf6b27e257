"""Swing points and trend structure; a point is known only once it is confirmed (FLOW-34's basis).

A swing high of strength s is above the s bars before it and not below the s bars after it, so a
plateau counts once, at its first bar; it is confirmed s bars later and never repaints. A swing low
is its mirror. Closed bars only.
"""

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import CallerError
from undertow.flow.flow_view import Bars


class Swing(msgspec.Struct, frozen=True, gc=False):
    """side: +1 swing high, -1 swing low. `bar` is its place in the bars given, `confirmed_bar` the
    place of the bar whose close made it known.
    """

    side: int
    ticks: int
    bar: int
    confirmed_bar: int
    open_time_ns: int


def _pivots(values: NDArray[np.int64] | NDArray[np.float64], strength: int) -> NDArray[np.bool_]:
    # Which of values[strength : n - strength] are tops; a bottom is a top of the negated values.
    inner = len(values) - 2 * strength
    centre = values[strength : strength + inner]
    found = np.ones(inner, dtype=np.bool_)
    for i in range(1, strength + 1):
        found &= values[strength - i : strength - i + inner] < centre
        found &= values[strength + i : strength + i + inner] <= centre
    return found


def pivots(values: NDArray[np.float64], strength: int) -> NDArray[np.intp]:
    """Places of the tops of any series, each known `strength` values later; bottoms are the tops of
    the negated series. NaN within reach of a value makes it none.
    """
    if strength < 1:
        raise CallerError(f"expected a strength of at least 1, found {strength}")
    if len(values) < 2 * strength + 1:
        return np.empty(0, np.intp)
    return np.flatnonzero(_pivots(values, strength)) + strength


def swings(bars: Bars, strength: int = 2) -> tuple[Swing, ...]:
    """Confirmed swing points, oldest first (a bar that is both: the high first)."""
    if strength < 1:
        raise CallerError(f"expected a strength of at least 1, found {strength}")
    if len(bars) < 2 * strength + 1:
        return ()
    columns = ((1, bars["high_ticks"]), (-1, bars["low_ticks"]))
    found = [
        Swing(side, int(ticks[i]), i, i + strength, int(bars["open_time_ns"][i]))
        for side, ticks in columns
        for i in (np.flatnonzero(_pivots(side * ticks, strength)) + strength).tolist()
    ]
    return tuple(sorted(found, key=lambda swing: (swing.bar, -swing.side)))


def swing_trend(points: tuple[Swing, ...]) -> int:
    """+1 when the last two highs and the last two lows both rise, -1 when both fall, else 0."""
    highs = [point.ticks for point in points if point.side > 0][-2:]
    lows = [point.ticks for point in points if point.side < 0][-2:]
    if len(highs) < 2 or len(lows) < 2:
        return 0
    if highs[1] > highs[0] and lows[1] > lows[0]:
        return 1
    return -1 if highs[1] < highs[0] and lows[1] < lows[0] else 0


def trend_structure(bars: Bars, count: int = 3) -> int:
    """+1 when each of the last `count` bars has a higher high and a higher low than the one before
    it, -1 when lower ones, else 0; 0 with fewer bars.
    """
    if count < 2:
        raise CallerError(f"expected at least 2 bars to compare, found {count}")
    if len(bars) < count:
        return 0
    high, low = np.diff(bars["high_ticks"][-count:]), np.diff(bars["low_ticks"][-count:])
    if np.all(high > 0) and np.all(low > 0):
        return 1
    return -1 if np.all(high < 0) and np.all(low < 0) else 0
