"""The venue's displayed book as one number a tick: constant time at any level of a wide window.

The same book as `kernels.matching.ladder`, rule for rule, laid out for a quoter's speed. A place is
the distance of a price from the worst end of its side's window, so that on both sides a greater
place is a better price. `levels` is flat, three stretches of numbers: lots shown, lots of them that
are gone though shown (taken by us, or by trades that the book has not caught up with), and lots
that we took; in each the bids' places (s = 0), then the asks' (s = 1). Only where a side is TOUCHED
can the last two be other than 0, so that a level of the feed is one number to write. `ends` has
SIDE_SIZE numbers a side; its WORST may lie below the worst level until somebody asks.
"""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled, inlined
from undertow.kernels.quoting.venue_layout import (
    BEST,
    COUNT,
    EATEN,
    NOT_EATEN,
    SIDE_SIZE,
    TOUCHED,
    WORST,
)

Words = NDArray[np.int64]
Record: TypeAlias = Any


@inlined
def place_of(venue: Record, side: int, ticks: int) -> int:
    """Where a price lies on the bid (side > 0) or ask; not in [0, width) when outside."""
    place = ticks - venue.floor_ticks
    return int(place if side > 0 else venue.width - 1 - place)


@inlined
def ticks_of(venue: Record, side: int, place: int) -> int:
    """The price at a place."""
    return int(venue.floor_ticks + (place if side > 0 else venue.width - 1 - place))


@inlined
def open_place(ends: Words, side: int, place: int) -> None:
    """A level appears where there was none; `side` is where its side's numbers begin."""
    if ends[side + COUNT] == 0:
        ends[side + BEST] = place
        ends[side + WORST] = place
    elif place > ends[side + BEST]:
        ends[side + BEST] = place
    elif place < ends[side + WORST]:
        ends[side + WORST] = place
    ends[side + COUNT] += 1


@compiled
def renew(width: int, levels: Words, at: int, before: int, lots: int) -> None:
    """What is gone of a level that the feed names again: what we took, if it did not change."""
    gone, taken = at + 2 * width, at + 4 * width
    if abs(before) != lots or lots == 0:
        levels[taken] = 0
    levels[gone] = levels[taken]


@inlined
def show(width: int, levels: Words, ends: Words, s: int, place: int, lots: int) -> None:
    """The feed names a level of one side: another quantity is new, the same is what it was."""
    at = s * width + place
    side = s * SIDE_SIZE
    before = levels[at]
    levels[at] = lots
    if ends[side + TOUCHED] != 0:
        renew(width, levels, at, before, lots)
    if lots != 0:
        if before == 0:
            open_place(ends, side, place)
    elif before != 0:
        ends[side + COUNT] -= 1
        if place == ends[side + BEST] and ends[side + COUNT] > 0:
            while levels[at] == 0:
                at -= 1
                place -= 1
            ends[side + BEST] = place


@inlined
def left_at(width: int, levels: Words, s: int, place: int) -> int:
    """Lots still there."""
    at = s * width + place
    return int(levels[at] - levels[at + 2 * width])


@compiled
def take_level(width: int, levels: Words, ends: Words, s: int, place: int, lots: int) -> None:
    """Lots of a level are ours: they are gone until the feed shows another quantity."""
    at = s * width + place
    levels[at + 2 * width] += lots
    levels[at + 4 * width] += lots
    ends[s * SIDE_SIZE + TOUCHED] = 1


@compiled
def clear_side(width: int, levels: Words, ends: Words, s: int) -> None:
    """No level is left."""
    side = s * SIDE_SIZE
    if ends[side + COUNT] > 0:
        for place in range(ends[side + WORST], ends[side + BEST] + 1):
            for stretch in range(3):
                levels[s * width + place + 2 * stretch * width] = 0
    ends[side + COUNT] = 0


@compiled
def mark_side(width: int, levels: Words, ends: Words, s: int) -> None:
    """A snapshot begins: levels that it does not name are negative until it ends."""
    side = s * SIDE_SIZE
    if ends[side + COUNT] > 0:
        for place in range(ends[side + WORST], ends[side + BEST] + 1):
            at = s * width + place
            levels[at] = -abs(levels[at])


@compiled
def sweep_side(width: int, levels: Words, ends: Words, s: int) -> None:
    """A snapshot ends: levels that it did not name are gone."""
    side = s * SIDE_SIZE
    if ends[side + COUNT] == 0:
        return
    for place in range(ends[side + WORST], ends[side + BEST] + 1):
        if levels[s * width + place] < 0:
            show(width, levels, ends, s, place, 0)


@inlined
def best_place(width: int, levels: Words, ends: Words, s: int) -> int:
    """Place of the best level with lots left, -1 when there is none."""
    side = s * SIDE_SIZE
    if ends[side + COUNT] == 0:
        return -1
    place = ends[side + BEST]
    while place >= ends[side + WORST]:
        if left_at(width, levels, s, place) != 0:
            return int(place)
        place -= 1
    return -1


@inlined
def shown_lots(width: int, levels: Words, ends: Words, s: int, place: int) -> int:
    """Lots displayed at a place: 0 at an empty level, -1 deeper than the feed shows."""
    side = s * SIDE_SIZE
    if ends[side + COUNT] == 0 or place < ends[side + WORST]:
        return -1
    if place > ends[side + BEST]:
        return 0
    lots = levels[s * width + place]
    if lots == 0:
        worst = ends[side + WORST]
        while levels[s * width + worst] == 0:
            worst += 1
        ends[side + WORST] = worst
        return -1 if place < worst else 0
    return int(lots)


@compiled
def trade_takes(width: int, levels: Words, ends: Words, s: int, place: int, lots: int) -> None:
    """A stranger took lots at a place: better levels are empty, this one has less left."""
    side = s * SIDE_SIZE
    ends[side + EATEN] = min(ends[side + EATEN], place)
    ends[side + TOUCHED] = 1
    if ends[side + COUNT] == 0:
        return
    k = ends[side + BEST]
    while k > place and k >= ends[side + WORST]:
        at = s * width + k
        levels[at + 2 * width] = levels[at]
        k -= 1
    if k == place and k >= ends[side + WORST]:
        at = s * width + k
        levels[at + 2 * width] = min(levels[at], levels[at + 2 * width] + lots)


@compiled
def confirm_side(width: int, levels: Words, ends: Words, s: int) -> None:
    """The feed's book has caught up with the trades: levels are as shown again.

    Levels that are worse than what trades took from can only lack what we took.
    """
    side = s * SIDE_SIZE
    eaten = ends[side + EATEN]
    if eaten == NOT_EATEN:
        return
    ends[side + EATEN] = NOT_EATEN
    is_touched = 0
    if ends[side + COUNT] > 0:
        for place in range(ends[side + WORST], ends[side + BEST] + 1):
            at = s * width + place
            if place >= eaten:
                levels[at + 2 * width] = levels[at + 4 * width]
            is_touched |= levels[at + 4 * width]
    ends[side + TOUCHED] = 1 if is_touched != 0 else 0
