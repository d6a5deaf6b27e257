"""Walls: levels of unusual size, what became of them, and how honestly they stood (FLOW-08).

A level within reach of the middle becomes a tracked wall when it holds more than `wall_lots`: the
configured percentile of all level sizes in reach on both sides, smoothed over time. It rests while
it holds at least half of the most it ever held. Each look adds the seconds since the last one to
its rested or its absent time by how it stands now; a wall that is farther out than the book shows
is neither.

A pull is what is missing when a wall stops resting: the most it held since it began to rest, less
what is left, less what was traded at its price since (trades that came in the second after still
count). So the usual trembling of a level is no cancel. A pull is on approach when the middle was
within reach of an approach and nearer than when the wall began to rest."""

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled
from undertow.kernels.flow.book_side import find_level
from undertow.kernels.flow.flow_memory import (
    book_keys_of,
    book_lots_of,
    instruments_of,
    samples_of,
    walls_of,
)
from undertow.kernels.flow.layout import NEVER_HIGH, NEVER_LOW, Record
from undertow.kernels.flow.watch_touch import set_gate


@compiled
def gap_of(ticks: int, bid_ticks: int, ask_ticks: int) -> int:
    """Twice the distance of a price from the middle, in ticks."""
    return abs(2 * ticks - bid_ticks - ask_ticks)


@compiled
def begin_rest(wall: Record, lots: int, gap: int) -> None:
    """The wall rests from this look on."""
    wall.is_resting = 1
    wall.peak_lots = lots
    wall.eaten_lots = 0
    wall.first_gap = gap


@compiled
def take_trades(wall: Record) -> int:
    """Book the trades at the wall's price since the last look; returns those while it rested.

    Trades in the look after a pull explain as much of that pull: books and trades come apart."""
    traded = wall.traded_lots
    wall.traded_lots = 0
    if wall.is_resting:
        wall.eaten_lots += traded
        wall.consumed_lots += traded
        return int(traded)
    explained = min(traded, wall.pulled_lots)
    wall.consumed_lots += explained
    wall.cancelled_lots -= explained
    if wall.was_near:
        wall.near_cancelled_lots -= explained
    return 0


@compiled
def end_rest(wall: Record, gap: int, approach_gap: float) -> None:
    """The wall stopped resting: what no trade explains was pulled."""
    pulled = max(0, wall.peak_lots - wall.lots - wall.eaten_lots)
    nearest = min(gap, wall.gap)
    wall.is_resting = 0
    wall.pulled_lots = pulled
    wall.was_near = 1 if nearest < wall.first_gap and float(nearest) <= approach_gap else 0
    wall.cancelled_lots += pulled
    if wall.was_near:
        wall.near_cancelled_lots += pulled


@compiled
def look_at_wall(
    wall: Record, lots: int, now_s: int, passed_s: int, gap: int, approach_gap: float
) -> None:
    """Take in what the wall's level holds now, `passed_s` seconds after the last look."""
    traded = take_trades(wall)
    wall.pulled_lots = 0
    wall.lots = lots
    wall.largest_lots = max(wall.largest_lots, lots)
    rests = 2 * lots >= wall.largest_lots
    if not wall.is_resting:
        if rests:
            begin_rest(wall, lots, gap)
    elif not rests:
        end_rest(wall, gap, approach_gap)
    elif lots >= wall.peak_lots:
        wall.peak_lots = lots
        wall.eaten_lots = traded
    wall.gap = gap
    if rests:
        wall.rested_s += passed_s
        wall.seen_s = now_s
    else:
        wall.absent_s += passed_s


@compiled
def clear_wall(wall: Record) -> None:
    """Make the slot free."""
    wall.ticks = 0
    wall.since_s = 0
    wall.seen_s = 0
    wall.rested_s = 0
    wall.absent_s = 0
    wall.lots = 0
    wall.largest_lots = 0
    wall.peak_lots = 0
    wall.is_resting = 0
    wall.traded_lots = 0
    wall.eaten_lots = 0
    wall.consumed_lots = 0
    wall.cancelled_lots = 0
    wall.near_cancelled_lots = 0
    wall.pulled_lots = 0
    wall.was_near = 0
    wall.first_gap = 0
    wall.gap = 0


@compiled
def resume_wall(wall: Record, lots: int, now_s: int, gap: int) -> None:
    """The book is back after it was unknown: a wall still there goes on, another is dropped."""
    if lots == 0 or 2 * lots < wall.largest_lots:
        clear_wall(wall)
        return
    wall.lots = lots
    wall.largest_lots = max(wall.largest_lots, lots)
    wall.traded_lots = 0
    wall.pulled_lots = 0
    wall.gap = gap
    wall.seen_s = now_s
    begin_rest(wall, lots, gap)


@compiled
def place_for(walls: NDArray[np.void], lots: int, now_s: int) -> int:
    """Slot for a new wall: a free one, else that of the smallest if it is smaller, else -1.

    A wall that does not rest now counts as nothing. Of equal ones goes the one that rested longer
    ago, then the one at the lower price."""
    weakest = lots
    place = -1
    for slot in range(len(walls)):
        wall = walls[slot]
        if wall.ticks == 0:
            return slot
        held = wall.lots if wall.is_resting and wall.seen_s == now_s else 0
        is_weaker = held < weakest
        if held == weakest and place >= 0:
            other = walls[place]
            is_older = wall.seen_s < other.seen_s
            is_lower = wall.seen_s == other.seen_s and wall.ticks < other.ticks
            is_weaker = is_older or is_lower
        if is_weaker:
            weakest = held
            place = slot
    return place


@compiled
def is_tracked(walls: NDArray[np.void], ticks: int) -> bool:
    """Whether a wall at that price is tracked."""
    found = 0
    for slot in range(len(walls)):
        found += walls[slot].ticks == ticks
    return bool(found > 0)


@compiled
def admit_walls(run: Record, index: int, side: int, first: int, count: int, now_s: int) -> None:
    """Track the levels [first, count) of a side that hold enough, the best first."""
    instrument = instruments_of(run)[index]
    keys = book_keys_of(run)[index, side]
    lots = book_lots_of(run)[index, side]
    walls = walls_of(run)[index, side]
    least = samples_of(run)[index].wall_lots
    for place in range(count - 1, first - 1, -1):
        if float(lots[place]) <= least:
            continue
        ticks = abs(keys[place])
        if is_tracked(walls, ticks):
            continue
        slot = place_for(walls, lots[place], now_s)
        if slot < 0:
            continue
        wall = walls[slot]
        clear_wall(wall)
        wall.ticks = ticks
        wall.since_s = now_s
        wall.seen_s = now_s
        wall.lots = lots[place]
        wall.largest_lots = lots[place]
        wall.gap = gap_of(ticks, instrument.bid_ticks, instrument.ask_ticks)
        begin_rest(wall, lots[place], wall.gap)


@compiled
def look_at_side(run: Record, index: int, side: int, count: int, now_s: int, passed_s: int) -> None:
    """Take in what became of the walls of a side; passed_s < 0 = the book was unknown meanwhile.

    Dropped are walls that have not rested for `wall_forget_s` and those the price went through."""
    instrument = instruments_of(run)[index]
    keys = book_keys_of(run)[index, side]
    lots = book_lots_of(run)[index, side]
    walls = walls_of(run)[index, side]
    bid = instrument.bid_ticks
    ask = instrument.ask_ticks
    approach_gap = 1e-4 * float(run.wall_approach_bps) * (float(bid) + float(ask))
    for slot in range(len(walls)):
        wall = walls[slot]
        if wall.ticks == 0:
            continue
        key = wall.ticks if side == 0 else -wall.ticks
        place = find_level(keys, count, key)
        held = lots[place] if place < count and keys[place] == key else 0
        gap = gap_of(wall.ticks, bid, ask)
        if passed_s < 0:
            resume_wall(wall, held, now_s, gap)
        elif key >= keys[0]:
            look_at_wall(wall, held, now_s, passed_s, gap, approach_gap)
        is_through = wall.ticks >= ask if side == 0 else wall.ticks <= bid
        if is_through or now_s - wall.seen_s > run.wall_forget_s:
            clear_wall(wall)


@compiled
def gate_walls(run: Record, index: int) -> None:
    """Let trades at or beyond the nearest walls be compared with them."""
    instrument = instruments_of(run)[index]
    walls = walls_of(run)
    low = NEVER_LOW
    high = NEVER_HIGH
    for slot in range(run.wall_slots):
        bid_wall = walls[index, 0, slot]
        ask_wall = walls[index, 1, slot]
        if bid_wall.ticks > 0:
            low = max(low, bid_wall.ticks)
        if ask_wall.ticks > 0:
            high = min(high, ask_wall.ticks)
    if low != instrument.wall_low or high != instrument.wall_high:
        instrument.wall_low = low
        instrument.wall_high = high
        set_gate(run, index)


@compiled
def trade_at_walls(run: Record, index: int, row: Record) -> None:
    """Count a trade at the wall of its price, if there is one: sells meet bids, buys meet asks."""
    instrument = instruments_of(run)[index]
    ticks = row.price_ticks
    if instrument.wall_low < ticks < instrument.wall_high:
        return
    walls = walls_of(run)
    side = 0 if row.side < 0 else 1
    for slot in range(run.wall_slots):
        wall = walls[index, side, slot]
        if wall.ticks == ticks:
            wall.traded_lots += row.qty_lots
