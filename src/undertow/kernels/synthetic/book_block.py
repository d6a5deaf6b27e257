"""One block of market time over all synthetic books: orders in, rows out."""

import math

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled
from undertow.kernels.synthetic.book_delta import put, put_update
from undertow.kernels.synthetic.book_layout import (
    ASKS,
    BIDS,
    FILL_LOTS,
    FILL_TICKS,
    FILL_TIME_NS,
    KIND_LIQUIDATION,
    NOTHING,
    PLAN_FORCED,
    PLAN_INSTRUMENT,
    PLAN_LEVELS,
    PLAN_LOTS,
    PLAN_OFFSET_NS,
    PLAN_SIDE,
    PLAN_STEP,
    SHOWN,
    TICKS,
)
from undertow.kernels.synthetic.market_order import take
from undertow.kernels.synthetic.requote import requote

# traits: columns of one instrument's numbers for the block, float64
HALF_SPREAD = 0  # ticks
SPACING = 1  # mean gap between levels, ticks
DEPTH = 2  # mean lots of a level
TRIGGER = 3  # ticks between book mid and price that make the makers move at once
MEDIAN_LOTS = 4  # of a market order
LEAST_LOTS = 5
TRAITS = 6

# dials: float64 settings that are the same for all instruments
CHURN = 0  # chance that a kept level is resized in a requote
IDLE_REQUOTE = 1  # chance of a requote in a step without a reason for one
SIZE_SIGMA = 2  # of the log of a market order's lots
WITH_QUOTES = 3  # 1 = QUOTE rows
RANDOM_LEVELS = 4  # most levels that an unplanned market order takes
DIALS = 5


@compiled
def next_offset(before: float, left: int, uniform: float) -> float:
    """The smallest of `left` uniforms on (before, 1): sorted times without sorting."""
    return before + (1.0 - before) * (1.0 - math.exp(math.log(1.0 - uniform) / left))


@compiled
def trade_step(
    i: int,
    step: int,
    begin_ns: int,
    step_ns: int,
    e: int,
    p: int,
    n: int,
    counts: NDArray[np.int64],
    traits: NDArray[np.float64],
    dials: NDArray[np.float64],
    uniforms: NDArray[np.float64],
    normals: NDArray[np.float64],
    planned: NDArray[np.int64],
    book: NDArray[np.int64],
    counters: NDArray[np.int64],
    wall: NDArray[np.int64],
    volume: NDArray[np.int64],
    rows: NDArray[np.void],
    filled: NDArray[np.int64],
) -> tuple[int, int, int]:
    """Random and planned market orders of instrument `i` in one step, in time order.

    `e` and `p` are the next unused random event and planned order. Returns the next free row, `e`
    and `p`.
    """
    buys = counts[step, i, 0]
    left = buys + counts[step, i, 1]
    place = 0.0
    if left:
        place = next_offset(place, left, uniforms[e, 0])
    while True:
        planned_at = step_ns
        if (
            p < planned.shape[0]
            and planned[p, PLAN_INSTRUMENT] == i
            and planned[p, PLAN_STEP] == step
        ):
            planned_at = planned[p, PLAN_OFFSET_NS]
        random_at = int(place * step_ns) if left else step_ns
        if planned_at >= step_ns and not left:
            break
        if planned_at <= random_at:
            side = planned[p, PLAN_SIDE]
            time_ns = begin_ns + planned_at
            n, lots, last = take(
                i,
                side,
                planned[p, PLAN_LOTS],
                planned[p, PLAN_LEVELS],
                time_ns,
                n,
                book,
                counters,
                wall,
                rows,
            )
            if planned[p, PLAN_FORCED] and lots:
                n = put(rows, n, time_ns, i, KIND_LIQUIDATION, side, last, lots)
            filled[p, FILL_LOTS] = lots
            filled[p, FILL_TIME_NS] = time_ns
            filled[p, FILL_TICKS] = last
            p += 1
        else:
            side = 1 if uniforms[e, 1] * left < buys else -1
            if side == 1:
                buys -= 1
            left -= 1
            size = traits[i, MEDIAN_LOTS] * math.exp(dials[SIZE_SIGMA] * normals[e])
            wanted = int(max(size + 0.5, traits[i, LEAST_LOTS]))
            n, lots, last = take(
                i,
                side,
                wanted,
                int(dials[RANDOM_LEVELS]),
                begin_ns + random_at,
                n,
                book,
                counters,
                wall,
                rows,
            )
            e += 1
            if left:
                place = next_offset(place, left, uniforms[e, 0])
        volume[i, (1 - side) // 2] += lots
    return n, e, p


@compiled
def run_books(
    start_ns: int,
    step_ns: int,
    mids: NDArray[np.float64],
    alive: NDArray[np.int64],
    counts: NDArray[np.int64],
    traits: NDArray[np.float64],
    dials: NDArray[np.float64],
    phase_ns: NDArray[np.int64],
    uniforms: NDArray[np.float64],
    normals: NDArray[np.float64],
    level_uniforms: NDArray[np.float64],
    planned: NDArray[np.int64],
    book: NDArray[np.int64],
    shown: NDArray[np.int64],
    counters: NDArray[np.int64],
    wall: NDArray[np.int64],
    scratch: NDArray[np.int64],
    volume: NDArray[np.int64],
    rows: NDArray[np.void],
    filled: NDArray[np.int64],
) -> int:
    """Run all instruments through the block's steps; returns how many `rows` were written.

    `mids` (steps, N): the venue's price in ticks at the end of each step. `alive`, `counts`
    (steps, N[, buys and sells]): whether the venue works (0 no, 1 yes, 2 and its makers move in any
    case), random market orders. `phase_ns` (N,)
    shifts an instrument's steps so that venues do not tick together. `level_uniforms`: (steps, N,
    2, L + 1), the last column decides on idle requotes. `planned` is sorted by instrument, step and
    offset; orders that meet a halted venue fill nothing. `volume` (N, 2): bought and sold lots,
    overwritten. Rows come grouped by instrument, in time order within each; `event_time_ns` is the
    true time.
    """
    n = NOTHING
    e = NOTHING
    p = NOTHING
    for i in range(mids.shape[1]):
        volume[i, 0] = 0
        volume[i, 1] = 0
        for step in range(mids.shape[0]):
            while p < planned.shape[0] and (
                planned[p, PLAN_INSTRUMENT] < i
                or (planned[p, PLAN_INSTRUMENT] == i and planned[p, PLAN_STEP] < step)
            ):
                p += 1
            if not alive[step, i]:
                e += counts[step, i, 0] + counts[step, i, 1]
                counters[i, SHOWN + BIDS] = 0
                counters[i, SHOWN + ASKS] = 0
                continue
            begin_ns = start_ns + step * step_ns + phase_ns[i]
            n_before = n
            is_snapshot = 1 if counters[i, SHOWN + BIDS] == 0 else 0
            if not is_snapshot:
                # One argument a line would hide the loop.
                n, e, p = trade_step(
                    i, step, begin_ns, step_ns, e, p, n, counts, traits, dials, uniforms, normals,
                    planned, book, counters, wall, volume, rows, filled,
                )  # fmt: skip
            else:
                e += counts[step, i, 0] + counts[step, i, 1]
            away = 0.5 * (book[i, BIDS, 0, TICKS] + book[i, ASKS, 0, TICKS]) - mids[step, i]
            if (
                n == n_before
                and not is_snapshot
                and alive[step, i] == 1
                and abs(away) <= traits[i, TRIGGER]
                and level_uniforms[step, i, BIDS, -1] >= dials[IDLE_REQUOTE]
            ):
                continue
            end_ns = begin_ns + step_ns
            requote(
                i, end_ns, mids[step, i], traits[i, HALF_SPREAD], int(traits[i, SPACING]),
                traits[i, DEPTH], dials[CHURN], level_uniforms[step, i], book, counters, wall,
                scratch,
            )  # fmt: skip
            with_quote = int(dials[WITH_QUOTES])
            n = put_update(
                i, end_ns, is_snapshot, with_quote, n, book, shown, counters, rows
            )  # fmt: skip
    return n
