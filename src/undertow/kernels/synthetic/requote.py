"""Makers of a synthetic book move their quotes: one side is rebuilt outward from its best price."""

import math

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled
from undertow.kernels.synthetic.book_layout import (
    ASKS,
    BIDS,
    LOTS,
    TICKS,
    WALL_ACTIVE,
    WALL_DISPLAY,
    WALL_ENDED_NS,
    WALL_IN_BOOK,
    WALL_PULL_TICKS,
    WALL_RESERVE,
    WALL_SIDE,
    WALL_TICKS,
)

GAPS = 64  # distinct gap sizes; the rest of the uniform decides the level's lots


@compiled
def fresh_lots(level: int, depth: float, uniform: float) -> int:
    """Lots of a new level: exponential with mean `depth` times 0.6 at the best to 2 further out."""
    mean = depth * min(0.6 + 0.12 * level, 2.0)
    return max(1, int(mean * -math.log(1.0 - 0.995 * uniform)))


@compiled
def requote_side(
    i: int,
    side: int,
    best: int,
    slack: int,
    spacing: int,
    depth: float,
    churn: float,
    uniforms: NDArray[np.float64],
    book: NDArray[np.int64],
    counters: NDArray[np.int64],
    scratch: NDArray[np.int64],
) -> None:
    """Rebuild one side of instrument `i` so that its best price is `best`, L levels long.

    Levels better than `best` are cancelled. From `best` outward, a level that already rests no
    further than `slack` (first) or `spacing` (later) ticks beyond where one is due is kept, its
    lots moved half way to a fresh size with probability `churn`; otherwise a new one is put there.
    Gaps are uniform on 1 .. 2 * spacing - 1 ticks. `uniforms`: (L,) in [0, 1). `scratch`: (L, 2).
    """
    away = 1 if side == ASKS else -1
    old = counters[i, side]
    j = 0
    while j < old and (book[i, side, j, TICKS] - best) * away < 0:
        j += 1
    due = best
    for k in range(scratch.shape[0]):
        scaled = uniforms[k] * GAPS
        pick = int(scaled)
        rest = scaled - pick
        if j < old and (book[i, side, j, TICKS] - due) * away <= slack:
            due = book[i, side, j, TICKS]
            lots = book[i, side, j, LOTS]
            if pick < churn * GAPS:
                lots = (lots + fresh_lots(k, depth, rest) + 1) // 2
            j += 1
        else:
            lots = fresh_lots(k, depth, rest)
        scratch[k, TICKS] = due
        scratch[k, LOTS] = lots
        due += away * (1 + pick * (2 * spacing - 1) // GAPS)
        slack = spacing
    for k in range(scratch.shape[0]):
        book[i, side, k, TICKS] = scratch[k, TICKS]
        book[i, side, k, LOTS] = scratch[k, LOTS]
    counters[i, side] = scratch.shape[0]


@compiled
def lift_wall(
    i: int,
    time_ns: int,
    mid: float,
    book: NDArray[np.int64],
    counters: NDArray[np.int64],
    wall: NDArray[np.int64],
) -> None:
    """Take the displayed part of a wall out of its level; end it when consumed or approached."""
    side = wall[i, WALL_SIDE]
    if wall[i, WALL_IN_BOOK] > 0:
        levels = counters[i, side]
        for k in range(levels):
            if book[i, side, k, TICKS] != wall[i, WALL_TICKS]:
                continue
            book[i, side, k, LOTS] -= wall[i, WALL_IN_BOOK]
            if book[i, side, k, LOTS] <= 0:
                for j in range(k + 1, levels):
                    book[i, side, j - 1, TICKS] = book[i, side, j, TICKS]
                    book[i, side, j - 1, LOTS] = book[i, side, j, LOTS]
                counters[i, side] = levels - 1
            break
        wall[i, WALL_IN_BOOK] = 0
    near = abs(mid - wall[i, WALL_TICKS]) <= wall[i, WALL_PULL_TICKS]
    is_pulled = wall[i, WALL_PULL_TICKS] > 0 and near
    if wall[i, WALL_ACTIVE] and (is_pulled or wall[i, WALL_RESERVE] <= 0):
        wall[i, WALL_ACTIVE] = 0
        wall[i, WALL_ENDED_NS] = time_ns


@compiled
def set_wall(
    i: int, book: NDArray[np.int64], counters: NDArray[np.int64], wall: NDArray[np.int64]
) -> None:
    """Put the displayed part of an active wall into the book where its price is in view."""
    side = wall[i, WALL_SIDE]
    away = 1 if side == ASKS else -1
    levels = counters[i, side]
    k = 0
    while k < levels and (book[i, side, k, TICKS] - wall[i, WALL_TICKS]) * away < 0:
        k += 1
    if k == levels:
        return
    display = min(wall[i, WALL_RESERVE], wall[i, WALL_DISPLAY])
    wall[i, WALL_IN_BOOK] = display
    if book[i, side, k, TICKS] == wall[i, WALL_TICKS]:
        book[i, side, k, LOTS] += display
        return
    for j in range(levels - 1, k, -1):
        book[i, side, j, TICKS] = book[i, side, j - 1, TICKS]
        book[i, side, j, LOTS] = book[i, side, j - 1, LOTS]
    book[i, side, k, TICKS] = wall[i, WALL_TICKS]
    book[i, side, k, LOTS] = display


@compiled
def requote(
    i: int,
    time_ns: int,
    mid: float,
    half_spread: float,
    spacing: int,
    depth: float,
    churn: float,
    uniforms: NDArray[np.float64],
    book: NDArray[np.int64],
    counters: NDArray[np.int64],
    wall: NDArray[np.int64],
    scratch: NDArray[np.int64],
) -> None:
    """Move both sides of instrument `i` to a mid and half spread in ticks, never crossed.

    Best bid floor(mid - half), best ask ceil(mid + half), at least a tick apart and at least 1. An
    active wall holds: the other side stays beyond it and its own side does not fall behind it.
    """
    lift_wall(i, time_ns, mid, book, counters, wall)
    bid = math.floor(mid - half_spread)
    ask = max(math.ceil(mid + half_spread), bid + 1)
    if wall[i, WALL_ACTIVE]:
        at = wall[i, WALL_TICKS]
        if wall[i, WALL_SIDE] == BIDS:
            bid = max(bid, at)
            ask = max(ask, bid + 1)
        else:
            ask = min(ask, at)
            bid = min(bid, ask - 1)
    slack = int(0.3 * half_spread)
    requote_side(
        i, BIDS, bid, slack, spacing, depth, churn, uniforms[BIDS], book, counters, scratch
    )
    requote_side(
        i, ASKS, ask, slack, spacing, depth, churn, uniforms[ASKS], book, counters, scratch
    )
    if wall[i, WALL_ACTIVE]:
        set_wall(i, book, counters, wall)
