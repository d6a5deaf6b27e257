"""One side of a displayed book as a sorted ladder, best level last.

A ladder is a `(4, capacity)` block of int64: KEY, SHOWN, TAKEN, LEFT. The key is side * ticks (bids
positive, asks negative), so on both sides a greater key is a better price and the best level is the
last one. SHOWN is what the feed displays, TAKEN what we took of it, LEFT what is still there after
our takes and after trades that the feed's book has not shown yet: LEFT <= SHOWN - TAKEN. Only when
the feed shows another quantity at a level is it new: displayed size is never used twice. Near the
touch, where updates fall, an insert moves few elements.

While a snapshot is being read, levels that it has not named yet carry a negative SHOWN.
"""

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled
from undertow.kernels.flow.book_side import find_level

KEY = 0
SHOWN = 1
TAKEN = 2
LEFT = 3


@compiled
def open_place(place: int, count: int, ladder: NDArray[np.int64]) -> None:
    """Move levels [place, count) one up, away from the worst, to make room at `place`."""
    for k in range(count - 1, place - 1, -1):
        for part in range(4):
            ladder[part, k + 1] = ladder[part, k]


@compiled
def close_place(place: int, count: int, ladder: NDArray[np.int64]) -> None:
    """Move levels (place, count) one down, over the level at `place`."""
    for k in range(place + 1, count):
        for part in range(4):
            ladder[part, k - 1] = ladder[part, k]


@compiled
def show_level(place: int, key: int, lots: int, ladder: NDArray[np.int64]) -> None:
    """The feed names the level at `place`: another quantity is new, the same one is what it was."""
    if ladder[KEY, place] != key or abs(ladder[SHOWN, place]) != lots:
        ladder[KEY, place] = key
        ladder[TAKEN, place] = 0
    ladder[SHOWN, place] = lots
    ladder[LEFT, place] = lots - ladder[TAKEN, place]


@compiled
def set_level(key: int, lots: int, count: int, ladder: NDArray[np.int64]) -> int:
    """The feed says that `lots` are displayed at `key` (0 = level gone); returns the new count.

    A full ladder drops its worst level, or the new one when that is worst.
    """
    place = find_level(ladder[KEY], count, key)
    if place < count and ladder[KEY, place] == key:
        if lots == 0:
            close_place(place, count, ladder)
            return count - 1
        show_level(place, key, lots, ladder)
        return count
    if lots == 0:
        return count
    if count < ladder.shape[1]:
        open_place(place, count, ladder)
        count += 1
    else:
        place -= 1
        if place < 0:
            return count
        close_place(0, place + 1, ladder)
    ladder[SHOWN, place] = 0
    show_level(place, key, lots, ladder)
    return count


@compiled
def begin_snapshot(count: int, ladder: NDArray[np.int64]) -> None:
    """Mark every level as not yet named by the snapshot that begins."""
    for k in range(count):
        ladder[SHOWN, k] = -abs(ladder[SHOWN, k])


@compiled
def end_snapshot(count: int, ladder: NDArray[np.int64]) -> int:
    """Remove the levels that the snapshot did not name; returns the new count."""
    kept = 0
    for k in range(count):
        if ladder[SHOWN, k] > 0:
            for part in range(4):
                ladder[part, kept] = ladder[part, k]
            kept += 1
    return kept


@compiled
def best_left(ladder: NDArray[np.int64], count: int) -> int:
    """Index of the best level with lots left, -1 when there is none."""
    k = count - 1
    while k >= 0 and ladder[LEFT, k] == 0:
        k -= 1
    return k


@compiled
def trade_through(key: int, lots: int, count: int, ladder: NDArray[np.int64]) -> None:
    """A stranger took `lots` at `key`: better levels are empty, this one has less left."""
    k = count - 1
    while k >= 0 and ladder[KEY, k] > key:
        ladder[LEFT, k] = 0
        k -= 1
    if k >= 0 and ladder[KEY, k] == key:
        ladder[LEFT, k] = max(0, ladder[LEFT, k] - lots)


@compiled
def confirm_levels(key: int, count: int, ladder: NDArray[np.int64]) -> None:
    """The feed's book has caught up with the trades: levels from the best to `key` are as shown."""
    k = count - 1
    while k >= 0 and ladder[KEY, k] >= key:
        ladder[LEFT, k] = ladder[SHOWN, k] - ladder[TAKEN, k]
        k -= 1


@compiled
def plan_take(
    ladder: NDArray[np.int64],
    count: int,
    worst_key: int,
    lots: int,
    out: NDArray[np.int64],
) -> int:
    """Walk from the best level for `lots`, not beyond `worst_key`; nothing is taken yet.

    out: (capacity, 2), filled with (level index, lots) best first; returns how many.
    """
    found = 0
    k = count - 1
    while k >= 0 and lots > 0 and ladder[KEY, k] >= worst_key:
        part = min(lots, ladder[LEFT, k])
        if part > 0:
            out[found, 0] = k
            out[found, 1] = part
            found += 1
            lots -= part
        k -= 1
    return found


@compiled
def shown_at(ladder: NDArray[np.int64], count: int, key: int) -> int:
    """Lots displayed at `key`: 0 at an empty level, -1 deeper than the feed shows."""
    if count == 0 or key < ladder[KEY, 0]:
        return -1
    place = find_level(ladder[KEY], count, key)
    if place < count and ladder[KEY, place] == key:
        return int(ladder[SHOWN, place])
    return 0
