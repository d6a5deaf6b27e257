"""One side of a book: levels sorted so that the best is last, because changes are near the best.

Keys are side * ticks (ascending: bids as they are, asks negated), so both sides work alike. The
search walks a few levels from the best and then halves what is left."""

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled
from undertow.kernels.flow.move_words import move_words

LEVELS_WALKED = 8


@compiled
def find_level(keys: NDArray[np.int64], count: int, key: int) -> int:
    """First position whose key is not below `key`, `count` when all are below."""
    high = count
    nearest = max(0, count - LEVELS_WALKED)
    while high > nearest and keys[high - 1] >= key:
        high -= 1
    if high > nearest or high == 0:
        return high
    low = 0
    while low < high:
        middle = (low + high) >> 1
        if keys[middle] < key:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def set_level(
    keys: NDArray[np.int64], lots: NDArray[np.int64], count: int, key: int, new_lots: int
) -> int:
    """Set, add or (0 lots) remove a level; returns how many levels there are now.

    With no room left the level farthest from the best goes, which may be the new one; then the
    count comes back negative: -count."""
    place = find_level(keys, count, key)
    is_known = place < count and keys[place] == key
    if is_known and new_lots > 0:
        lots[place] = new_lots
        return count
    if new_lots == 0:
        if is_known:
            move_words(keys, place, place + 1, count - 1 - place)
            move_words(lots, place, place + 1, count - 1 - place)
            return count - 1
        return count
    if count < len(keys):
        move_words(keys, place + 1, place, count - place)
        move_words(lots, place + 1, place, count - place)
        keys[place] = key
        lots[place] = new_lots
        return count + 1
    if place > 0:
        move_words(keys, 0, 1, place - 1)
        move_words(lots, 0, 1, place - 1)
        keys[place - 1] = key
        lots[place - 1] = new_lots
    return -count
