"""Commands of a quoter at its venue: checks, taking, resting, ending, and what is reported of it.

The same rules and the same order of reports as the simulated exchange (`simulator.order_entry`,
`order_checks`, `matcher`), for limit and market orders. No margin is asked for.
"""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled, inlined
from undertow.kernels.matching.venue_state import AHEAD_UNKNOWN
from undertow.kernels.quoting.desk import AMEND, CANCEL, IOC, MARKET, POST_ONLY
from undertow.kernels.quoting.venue_layout import (
    ACCEPTED,
    AMENDED,
    ENDED,
    FILLED_PART,
    NO_ASK,
    REJECTED,
    RING,
    ROOM,
    SIDE_SIZE,
    STAYED,
    UNCHANGED,
    WORST,
)
from undertow.kernels.quoting.wide_book import (
    best_place,
    left_at,
    place_of,
    shown_lots,
    take_level,
    ticks_of,
)

Words = NDArray[np.int64]
Records: TypeAlias = Any
Record: TypeAlias = Any

PPM = 1_000_000
FAR_TICKS = 1 << 60


@inlined
def say(
    venue: Record,
    models: Record,
    reports: Records,
    what: int,
    slot: int,
    order_id: int,
    ticks: int,
    lots: int,
    at_ns: int,
) -> None:
    """Send a report; reports are heard in the order in which they were said."""
    report = reports[venue.end_report & (RING - 1)]
    venue.last_heard_ns = max(at_ns + models.response_ns, venue.last_heard_ns)
    report.heard_ns = venue.last_heard_ns
    report.what = what
    report.slot = slot
    report.id = order_id
    report.ticks = ticks
    report.lots = lots
    venue.end_report += 1


@compiled
def book_fill(
    venue: Record,
    models: Record,
    own: Records,
    slot: int,
    ticks: int,
    lots: int,
    is_maker: int,
    at_ns: int,
    fills: Records,
    reports: Records,
) -> None:
    """Lots of an own order are exchanged at a price."""
    order = own[slot]
    order.filled += lots
    venue.position += order.side * lots
    venue.cash -= order.side * lots * ticks
    fill = fills[venue.fills]
    fill.at_ns = at_ns
    fill.id = order.id
    fill.side = order.side
    fill.ticks = ticks
    fill.lots = lots
    fill.is_maker = is_maker
    fill.reference2 = order.reference
    venue.fills += 1
    if order.filled == order.lots:
        order.is_open = 0
    say(venue, models, reports, FILLED_PART, slot, order.id, ticks, lots, at_ns)


@inlined
def leave_queue(venue: Record, resting: Records, slots: Words, slot: int) -> None:
    """Take an order out of the queue it rests in, if it does."""
    count = venue.resting
    for k in range(count):
        if slots[k] == slot:
            for j in range(k + 1, count):
                resting[j - 1] = resting[j]
                slots[j - 1] = slots[j]
            venue.resting = count - 1
            note_best(venue, resting)
            return


@inlined
def note_best(venue: Record, resting: Records) -> None:
    """Remember the best own prices at rest."""
    venue.own_bid = 0
    venue.own_ask = NO_ASK
    for k in range(venue.resting):
        if resting[k]["side"] > 0:
            venue.own_bid = max(venue.own_bid, resting[k]["ticks"])
        else:
            venue.own_ask = min(venue.own_ask, resting[k]["ticks"])


@compiled
def expire(
    venue: Record,
    models: Record,
    own: Records,
    resting: Records,
    slots: Words,
    slot: int,
    at_ns: int,
    reports: Records,
) -> None:
    """The venue ends an order by its own rule."""
    own[slot].is_open = 0
    leave_queue(venue, resting, slots, slot)
    venue.expired += 1
    say(venue, models, reports, ENDED, slot, own[slot].id, 0, 0, at_ns)


@compiled
def settle_hits(
    venue: Record,
    models: Record,
    own: Records,
    resting: Records,
    slots: Words,
    hits: Words,
    found: int,
    at_ns: int,
    fills: Records,
    reports: Records,
) -> None:
    """What a row did to resting orders, best price first, then as they arrived."""
    for k in range(found):
        best = k
        for j in range(k + 1, found):
            if is_before(resting, hits[j, 0], hits[best, 0]):
                best = j
        if best != k:
            place, lots = hits[k, 0], hits[k, 1]
            hits[k, 0], hits[k, 1] = hits[best, 0], hits[best, 1]
            hits[best, 0], hits[best, 1] = place, lots
    for k in range(found):
        # By slot from here on: places move when an order leaves.
        hits[k, 2] = slots[hits[k, 0]]
    for k in range(found):
        slot = hits[k, 2]
        ticks, lots = own[slot].ticks, hits[k, 1]
        book_fill(venue, models, own, slot, ticks, lots, 1, at_ns, fills, reports)
        if own[slot].is_open == 0:
            leave_queue(venue, resting, slots, slot)


@compiled
def is_before(resting: Records, j: int, k: int) -> bool:
    """Whether the order at place j is filled before the one at k."""
    first = -resting[j]["side"] * resting[j]["ticks"]
    second = -resting[k]["side"] * resting[k]["ticks"]
    return bool(first < second or (first == second and j < k))


@inlined
def best_ticks(venue: Record, levels: Words, ends: Words, side: int) -> int:
    """Best price with lots left of a side, 0 when there is none."""
    if venue.is_valid == 0:
        return 0
    s = 0 if side > 0 else 1
    place = best_place(venue.width, levels, ends, s)
    return 0 if place < 0 else int(ticks_of(venue, side, place))


@inlined
def touch(venue: Record, levels: Words, ends: Words, side: int) -> int:
    """Best price of a side, or else what the last trade implies; 0 unknown."""
    best = best_ticks(venue, levels, ends, side)
    if best != 0 or venue.last_ticks == 0:
        return int(best)
    return int(venue.last_ticks if venue.last_side == -side else venue.last_ticks - side)


@inlined
def mark_ticks(venue: Record, models: Record, levels: Words, ends: Words) -> int:
    """The mark, else the last trade, else the best price, in whole ticks; 0 when none is known."""
    if venue.mark_e8 != 0:
        scaled = venue.mark_e8 * models.tick_e8_denominator
        return int(max(1, scaled // models.tick_e8_numerator))
    if venue.last_ticks != 0:
        return int(venue.last_ticks)
    bid = best_ticks(venue, levels, ends, 1)
    return int(bid if bid != 0 else best_ticks(venue, levels, ends, -1))


@inlined
def crosses_own(venue: Record, resting: Records, side: int, ticks: int) -> bool:
    """True when an order of ours at a price would meet another of ours."""
    for k in range(venue.resting):
        if resting[k]["side"] == -side and side * (ticks - resting[k]["ticks"]) >= 0:
            return True
    return False


@inlined
def refusal_of_size(models: Record, ticks: int, lots: int, is_market: int, mark: int) -> int:
    """Place in `REFUSALS` plus 1, or 0."""
    if lots < 1 or (ticks < 1 and not is_market):
        return 1
    if lots < models.min_lots:
        return 2
    if models.max_lots != 0 and lots > models.max_lots:
        return 3
    value = lots if models.is_inverse != 0 else lots * (mark if is_market else ticks)
    return 4 if value < models.min_value else 0


@inlined
def refusal_of_price(
    venue: Record,
    models: Record,
    levels: Words,
    ends: Words,
    resting: Records,
    side: int,
    ticks: int,
    is_post_only: int,
) -> int:
    """Place in `REFUSALS` plus 1, or 0."""
    opposite = touch(venue, levels, ends, -side)
    reference = opposite if opposite != 0 else touch(venue, levels, ends, side)
    band = reference * models.band_ppm // PPM
    if band != 0 and side * (ticks - reference) > band:
        return 6
    if is_post_only:
        would_take = opposite != 0 and side * (ticks - opposite) >= 0
        if would_take or crosses_own(venue, resting, side, ticks):
            return 7
    return 0


@inlined
def rest(
    venue: Record,
    levels: Words,
    ends: Words,
    own: Records,
    resting: Records,
    slots: Words,
    slot: int,
) -> None:
    """Put an order behind all displayed lots at its price."""
    order = own[slot]
    side = 0 if order.side > 0 else 1
    ahead = AHEAD_UNKNOWN
    if venue.is_valid != 0:
        place = place_of(venue, order.side, order.ticks)
        shown = shown_lots(venue.width, levels, ends, side, place)
        if shown >= 0:
            ahead = shown
    row = resting[venue.resting]
    row["shown"] = 0 if ahead == AHEAD_UNKNOWN else ahead
    for k in range(venue.resting):
        if resting[k]["side"] == order.side and resting[k]["ticks"] == order.ticks:
            ahead = max(ahead, resting[k]["ahead"])
    row["instrument"] = venue.instrument
    row["side"] = order.side
    row["ticks"] = order.ticks
    row["remaining"] = order.lots - order.filled
    row["ahead"] = ahead
    row["traded"] = 0
    row["reflected_ns"] = venue.book_event_ns if venue.is_valid != 0 else -1
    row["release"] = 0
    slots[venue.resting] = slot
    venue.resting += 1
    note_best(venue, resting)


@compiled
def clear_own_way(
    venue: Record,
    models: Record,
    own: Records,
    resting: Records,
    slots: Words,
    side: int,
    reach: int,
    at_ns: int,
    reports: Records,
) -> None:
    """Own orders that an order of ours would meet expire first."""
    k = 0
    while k < venue.resting:
        if resting[k]["side"] == -side and side * (reach - resting[k]["ticks"]) >= 0:
            expire(venue, models, own, resting, slots, slots[k], at_ns, reports)
        else:
            k += 1


@compiled
def plan(
    venue: Record, levels: Words, ends: Words, side: int, worst_ticks: int, lots: int, takes: Words
) -> int:
    """What a taker would get up to a price, best first: (place, lots); returns how many."""
    if venue.is_valid == 0:
        return 0
    other = 1 if side > 0 else 0
    place = best_place(venue.width, levels, ends, other)
    found = 0
    while (
        place >= 0 and lots > 0 and place >= ends[other * SIDE_SIZE + WORST] and found < len(takes)
    ):
        if side * (worst_ticks - ticks_of(venue, -side, place)) < 0:
            break
        part = min(lots, left_at(venue.width, levels, other, place))
        if part > 0:
            takes[found, 0] = place
            takes[found, 1] = part
            found += 1
            lots -= part
        place -= 1
    return found


@inlined
def enter_market(
    venue: Record,
    models: Record,
    levels: Words,
    ends: Words,
    own: Records,
    resting: Records,
    slots: Words,
    takes: Words,
    slot: int,
    at_ns: int,
    fills: Records,
    reports: Records,
) -> None:
    """An order comes to the market: it takes what it can, then rests or expires."""
    order = own[slot]
    side = order.side
    found = 0
    worst = order.ticks
    if order.how == MARKET:
        reference = touch(venue, levels, ends, -side)
        worst = reference + side * (reference * models.cap_ppm // PPM)
    if order.how != POST_ONLY:
        found = plan(venue, levels, ends, side, worst, order.lots - order.filled, takes)
    planned = 0
    for k in range(found):
        planned += takes[k, 1]
    reach = ticks_of(venue, -side, takes[found - 1, 0]) if found > 0 else 0
    can_rest = order.how != IOC and order.how != MARKET
    if can_rest and planned < order.lots - order.filled:
        reach = order.ticks
    if reach != 0:
        clear_own_way(venue, models, own, resting, slots, side, reach, at_ns, reports)
    other = 1 if side > 0 else 0
    for k in range(found):
        place, lots = takes[k, 0], takes[k, 1]
        take_level(venue.width, levels, ends, other, place, lots)
        ticks = ticks_of(venue, -side, place)
        book_fill(venue, models, own, slot, ticks, lots, 0, at_ns, fills, reports)
    if order.is_open != 0:
        if can_rest:
            rest(venue, levels, ends, own, resting, slots, slot)
        else:
            expire(venue, models, own, resting, slots, slot, at_ns, reports)


@inlined
def on_place(
    venue: Record,
    models: Record,
    levels: Words,
    ends: Words,
    own: Records,
    resting: Records,
    slots: Words,
    takes: Words,
    command: Record,
    fills: Records,
    reports: Records,
    refusals: Words,
) -> None:
    """A new order: accepted or refused, then to the market."""
    at_ns, slot = command.arrival_ns, command.slot
    mark = mark_ticks(venue, models, levels, ends)
    is_market = command.how == MARKET
    code = refusal_of_size(models, command.ticks, command.lots, is_market, mark)
    if code == 0 and (venue.is_valid == 0 or mark == 0):
        code = 5
    if code == 0 and not is_market:
        code = refusal_of_price(
            venue, models, levels, ends, resting, command.side, command.ticks,
            command.how == POST_ONLY,
        )  # fmt: skip
    venue.orders += 1
    if code != 0:
        refusals[code - 1] += 1
        venue.rejected += 1
        say(venue, models, reports, REJECTED, slot, command.id, 0, 0, at_ns)
        return
    order = own[slot]
    order.id = command.id
    order.is_open = 1
    order.side = command.side
    order.ticks = command.ticks
    order.lots = command.lots
    order.filled = 0
    order.how = command.how
    order.reference = command.reference
    say(venue, models, reports, ACCEPTED, slot, order.id, 0, 0, at_ns)
    enter_market(
        venue, models, levels, ends, own, resting, slots, takes, slot, at_ns, fills, reports
    )


@compiled
def on_amend(
    venue: Record,
    models: Record,
    levels: Words,
    ends: Words,
    own: Records,
    resting: Records,
    slots: Words,
    takes: Words,
    command: Record,
    fills: Records,
    reports: Records,
) -> None:
    """Another price or quantity; a smaller quantity alone keeps the place in the queue."""
    at_ns, slot = command.arrival_ns, command.slot
    order = own[slot]
    venue.amends += 1
    ticks, lots = command.ticks, command.lots
    is_possible = order.id == command.id and order.is_open != 0 and lots > order.filled
    if is_possible:
        is_possible = refusal_of_size(models, ticks, lots, False, 0) == 0
    if is_possible:
        is_post_only = order.how == POST_ONLY
        is_possible = (
            refusal_of_price(venue, models, levels, ends, resting, order.side, ticks, is_post_only)
            == 0
        )
    if not is_possible:
        say(venue, models, reports, UNCHANGED, slot, command.id, 0, 0, at_ns)
        return
    say(venue, models, reports, AMENDED, slot, order.id, ticks, lots, at_ns)
    keeps_place = ticks == order.ticks and lots <= order.lots
    order.ticks = ticks
    order.lots = lots
    if keeps_place:
        for k in range(venue.resting):
            if slots[k] == slot:
                resting[k]["remaining"] = lots - order.filled
        return
    leave_queue(venue, resting, slots, slot)
    enter_market(
        venue, models, levels, ends, own, resting, slots, takes, slot, at_ns, fills, reports
    )


@inlined
def on_command(
    venue: Record,
    models: Record,
    levels: Words,
    ends: Words,
    own: Records,
    resting: Records,
    slots: Words,
    takes: Words,
    command: Record,
    fills: Records,
    reports: Records,
    refusals: Words,
) -> None:
    """A command arrives; exactly one direct answer."""
    if command.what == CANCEL:
        slot = command.slot
        venue.cancels += 1
        if own[slot].id == command.id and own[slot].is_open != 0:
            own[slot].is_open = 0
            leave_queue(venue, resting, slots, slot)
            say(venue, models, reports, ENDED, slot, command.id, 0, 0, command.arrival_ns)
        else:
            say(venue, models, reports, STAYED, slot, command.id, 0, 0, command.arrival_ns)
    elif command.what == AMEND:
        on_amend(
            venue, models, levels, ends, own, resting, slots, takes, command, fills, reports
        )  # fmt: skip
    else:
        on_place(
            venue, models, levels, ends, own, resting, slots, takes, command, fills, reports,
            refusals,
        )  # fmt: skip


@inlined
def has_room(venue: Record, fills: Records, fundings: Records) -> bool:
    """True when tables and rings hold whatever the next row or command may need."""
    waiting = venue.end_report - venue.first_report
    return bool(
        venue.fills + ROOM <= len(fills)
        and venue.fundings < len(fundings)
        and waiting + ROOM // 4 <= RING
    )
