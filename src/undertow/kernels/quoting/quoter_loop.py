"""The loop of a compiled quoter: venue, feed, answers and the quoter's own function, in time order.

Times as in the simulated exchange: a row happens at the venue at its receive time less the feed
latency, a command arrives after the order latency, a report is heard after the response latency. At
one instant of the venue rows come before commands; for the quoter rows come before reports. It is
woken on a grid of time, when everything received and heard up to then is known, or at each new book
it receives, when reports heard before that instant are known.

Everything is in arrays: the loop gives back at a time, when a table is full or when the window of
prices is too narrow, and goes on from there. However the rows are cut, the same happens.
"""

from typing import Any, Final, TypeAlias, cast

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numba.np.arrayobj import make_array
from numpy.typing import NDArray

from undertow.kernels.borrowed import borrowed
from undertow.kernels.compiled import compiled, inlined
from undertow.kernels.matching.venue_state import (
    ROW_BOOK_BEGIN,
    ROW_BOOK_END,
    ROW_BOOK_LEVEL,
)
from undertow.kernels.quoting.desk import (
    ASK_SIZE,
    ASKED,
    ASKS,
    CASH,
    COUNT,
    FILLED,
    FREE,
    IS_CHANGING,
    IS_LEAVING,
    LOTS,
    NEXT_WAKE_NS,
    NOW_NS,
    OPEN,
    ORDER_SIZE,
    ORDERS,
    POSITION,
    REFERENCE,
    ROW,
    SIDE,
    STATE,
    TICKS,
    WAKES,
)
from undertow.kernels.quoting.seen_book import begin_seen_update, see_levels, see_row
from undertow.kernels.quoting.venue_layout import (
    ACCEPTED,
    AMENDED,
    BEST,
    ENDED,
    FILLED_PART,
    NEVER_NS,
    REJECTED,
    RING,
    SIDE_SIZE,
    STAYED,
    STOP_NONE,
    STOP_RING,
    STOP_ROOM,
    STOP_WINDOW,
)
from undertow.kernels.quoting.venue_orders import has_room, on_command, settle_hits
from undertow.kernels.quoting.venue_rows import apply_levels, begin_update, is_outside, meet_row

Words = NDArray[np.int64]
Records: TypeAlias = Any
Record: TypeAlias = Any

STOP_MARKS: Final = 4
"""The table of noted prices is full."""

_make_array: Any = make_array


def _call_quoter(typingctx: Any, address: Any, desk: Any, now_ns: Any, state: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        words = ir.IntType(64).as_pointer()
        numbers = ir.DoubleType().as_pointer()
        function = ir.FunctionType(ir.VoidType(), [words, ir.IntType(64), numbers])
        given = [
            _make_array(signature.args[1])(context, builder, args[1]).data,
            args[2],
            _make_array(signature.args[3])(context, builder, args[3]).data,
        ]
        builder.call(builder.inttoptr(args[0], function.as_pointer()), given)
        return context.get_dummy_value()

    return types.void(types.int64, desk, types.int64, state), codegen


call_quoter: Final = cast(Any, intrinsic(_call_quoter))
"""`call_quoter(address, desk, now_ns, state)`: the quoter's function, once. For kernels only."""


@compiled
def is_near(venue: Record, ends: Words, ticks: int) -> bool:
    """Whether a level outside the widest window is near enough to the best to matter."""
    place = ticks - venue.floor_ticks
    for side in range(2):
        if ends[side * SIDE_SIZE + COUNT] > 0:
            best = ends[side * SIDE_SIZE + BEST]
            best = best if side == 0 else venue.width - 1 - best
            return bool(abs(place - best) <= venue.width // 4)
    return True


@inlined
def meet_rows(
    rows: Records,
    limit_ns: int,
    venue: Record,
    model: int,
    levels: Words,
    ends: Words,
    resting: Records,
    fundings: Records,
    hits: Words,
) -> int:
    """Rows received up to a time, or to one that hits own orders; the hits, -1 for the window."""
    i, m = venue.row, venue.instrument
    found = 0
    while i < len(rows) and rows[i]["receive_time_ns"] <= limit_ns:
        row = rows[i]
        if row["instrument"] != m:
            i += 1
            continue
        kind = row["kind"]
        if kind == ROW_BOOK_BEGIN:
            # Mostly the whole update is here: one branch for all of its rows.
            begin_update(venue, levels, ends, row)
            i += 1
            kind = ROW_BOOK_LEVEL
        if kind == ROW_BOOK_LEVEL:
            i = apply_levels(venue, levels, ends, rows, i, limit_ns)
            if i == len(rows):
                break
            row = rows[i]
            if is_outside(venue, row):
                if venue.is_widest == 0 or is_near(venue, ends, row["price_ticks"]):
                    found = -1
                    break
                venue.far_levels += 1
                i += 1
                continue
            if not is_end(row, m, limit_ns):
                continue
        found = meet_row(venue, levels, ends, row, model, resting, fundings, hits)
        i += 1
        if found > 0 or venue.fundings == len(fundings):
            break
    venue.row = i
    return int(found)


@inlined
def is_end(row: Record, m: int, limit_ns: int) -> bool:
    """Whether a row ends a book update of the instrument, in time."""
    is_it = row["kind"] == ROW_BOOK_END and row["instrument"] == m
    return bool(is_it and row["receive_time_ns"] <= limit_ns)


@inlined
def run_venue(
    rows: Records,
    until_ns: int,
    venue: Record,
    models: Record,
    levels: Words,
    ends: Words,
    own: Records,
    resting: Records,
    slots: Words,
    work: tuple[Words, Words],
    commands: Records,
    fills: Records,
    fundings: Records,
    reports: Records,
    refusals: Words,
) -> int:
    """The venue up to and including a time of its own; `STOP_*`."""
    hits, takes = work
    while True:
        if not has_room(venue, fills, fundings):
            waiting = venue.end_report - venue.first_report
            return STOP_RING if waiting > RING // 2 else STOP_ROOM
        arrival_ns = NEVER_NS
        if venue.first_command != venue.end_command:
            arrival_ns = commands[venue.first_command & (RING - 1)].arrival_ns
        limit_ns = min(until_ns, arrival_ns) + models.feed_ns
        found = meet_rows(
            rows, limit_ns, venue, models.queue, levels, ends, resting, fundings, hits
        )
        if found < 0:
            return STOP_WINDOW
        i = venue.row
        if found > 0:
            at_ns = rows[i - 1]["receive_time_ns"] - models.feed_ns
            settle_hits(
                venue, models, own, resting, slots, hits, found, at_ns, fills, reports
            )  # fmt: skip
        elif i < len(rows) and rows[i]["receive_time_ns"] <= limit_ns:
            continue
        elif arrival_ns > until_ns:
            return STOP_NONE
        else:
            command = commands[venue.first_command & (RING - 1)]
            on_command(
                venue, models, levels, ends, own, resting, slots, takes, command, fills, reports,
                refusals,
            )  # fmt: skip
            venue.first_command += 1


@inlined
def see_rows(
    rows: Records, until_ns: int, instrument: int, desk: Words, stops_at_book: int
) -> bool:
    """Rows received up to a time; True when it stopped behind a new book."""
    i = desk[ROW]
    while i < len(rows) and rows[i]["receive_time_ns"] <= until_ns:
        row = rows[i]
        i += 1
        if row["instrument"] != instrument:
            continue
        kind = row["kind"]
        if kind == ROW_BOOK_BEGIN:
            begin_seen_update(desk, row["qty_b"], row["sequence"], row["flags"])
            kind = ROW_BOOK_LEVEL
            i += 1
        if kind == ROW_BOOK_LEVEL:
            i = see_levels(desk, rows, i - 1, until_ns, instrument)
            if i == len(rows):
                break
            row = rows[i]
            if not is_end(row, instrument, until_ns):
                continue
            i += 1
        if see_row(desk, row) and stops_at_book:
            desk[ROW] = i
            return True
    desk[ROW] = i
    return False


@compiled
def next_row_ns(rows: Records, i: int) -> int:
    """When the next row is received."""
    return int(rows[i]["receive_time_ns"]) if i < len(rows) else NEVER_NS


@inlined
def hear(desk: Words, report: Record) -> None:
    """Learn what a report says of the order in a slot."""
    at = ORDERS + report.slot * ORDER_SIZE
    what = report.what
    if what == FILLED_PART:
        side = desk[at + SIDE]
        desk[POSITION] += side * report.lots
        desk[CASH] -= side * report.lots * report.ticks
        desk[at + FILLED] += report.lots
        if desk[at + FILLED] >= desk[at + LOTS]:
            desk[at + STATE] = FREE
    elif what == ACCEPTED:
        desk[at + STATE] = OPEN
    elif what in (REJECTED, ENDED):
        desk[at + STATE] = FREE
    elif what == STAYED:
        # The order was over; the end of it was heard before, and the slot may be another's.
        if desk[at] == report.id:
            desk[at + IS_LEAVING] = 0
    elif desk[at] == report.id:
        desk[at + IS_CHANGING] = 0
        if what == AMENDED:
            desk[at + TICKS] = report.ticks
            desk[at + LOTS] = report.lots


@inlined
def hear_until(heard_ns: int, venue: Record, desk: Words, reports: Records) -> None:
    """Reports heard up to a time."""
    while venue.first_report != venue.end_report:
        report = reports[venue.first_report & (RING - 1)]
        if report.heard_ns > heard_ns:
            return
        hear(desk, report)
        venue.first_report += 1


@inlined
def send_asked(now_ns: int, venue: Record, models: Record, desk: Words, commands: Records) -> None:
    """What the quoter asked for goes on its way."""
    for k in range(desk[ASKED]):
        at = ASKS + k * ASK_SIZE
        order = ORDERS + desk[at + 1] * ORDER_SIZE
        command = commands[venue.end_command & (RING - 1)]
        venue.last_arrival_ns = max(now_ns + models.order_ns, venue.last_arrival_ns)
        command.arrival_ns = venue.last_arrival_ns
        command.what = desk[at]
        command.slot = desk[at + 1]
        command.id = desk[at + 2]
        command.how = desk[at + 3]
        command.ticks = desk[at + 4]
        command.lots = desk[at + 5]
        command.side = desk[order + SIDE]
        command.reference = desk[order + REFERENCE]
        venue.end_command += 1
    desk[ASKED] = 0


@inlined
def note_mark(
    now_ns: int, venue: Record, models: Record, ends: Words, marks: Records, counts: Words
) -> None:
    """Note the price at the first wake of each stretch of the curve."""
    if now_ns < counts[1]:
        return
    ticks2 = 2 * venue.last_ticks
    if ends[COUNT] > 0 and ends[SIDE_SIZE + COUNT] > 0:
        ticks2 = 2 * venue.floor_ticks + ends[BEST] + venue.width - 1 - ends[SIDE_SIZE + BEST]
    if ticks2 == 0:
        return
    mark = marks[counts[0]]
    mark.at_ns = now_ns
    mark.ticks2 = ticks2
    counts[0] += 1
    counts[1] = (now_ns // models.mark_every_ns + 1) * models.mark_every_ns


@compiled
def run_quoter(
    rows: Records,
    until_ns: int,
    address: int,
    venues: Records,
    modelled: Records,
    levels: Words,
    ends: Words,
    own: Records,
    resting: Records,
    slots: Words,
    work: tuple[Words, Words],
    commands: Records,
    fills: Records,
    fundings: Records,
    reports: Records,
    refusals: Words,
    marks: Records,
    counts: Words,
    desk: Words,
    state: NDArray[np.float64],
) -> int:
    """Everything up to and including a time of the quoter; `STOP_*`, `STOP_NONE` when it is done.

    rows: EVENT, from the first that the quoter has not seen. All rows that happen at the venue by
    `until_ns` must be there. levels: 6 * width numbers. ends: 2 * SIDE_SIZE. counts: (2,), the
    marks noted and when the next is due. The other arrays are those of `venue_layout` and `desk`.
    """
    rows, levels, ends, own = borrowed(rows), borrowed(levels), borrowed(ends), borrowed(own)
    resting, slots, commands = borrowed(resting), borrowed(slots), borrowed(commands)
    fills, fundings, reports = borrowed(fills), borrowed(fundings), borrowed(reports)
    refusals, marks, counts = borrowed(refusals), borrowed(marks), borrowed(counts)
    desk, state = borrowed(desk), borrowed(state)
    work = (borrowed(work[0]), borrowed(work[1]))
    venue, models = borrowed(venues)[0], borrowed(modelled)[0]
    every_ns, m = models.wake_every_ns, venue.instrument
    while True:
        if counts[0] == len(marks):
            return STOP_MARKS
        now_ns = desk[NEXT_WAKE_NS] if every_ns > 0 else next_row_ns(rows, desk[ROW])
        target_ns = min(now_ns, until_ns)
        # The venue first: a price that the window does not hold stops the run before it is seen.
        stop = run_venue(
            rows, target_ns, venue, models, levels, ends, own, resting, slots, work, commands,
            fills, fundings, reports, refusals,
        )  # fmt: skip
        if stop != STOP_NONE:
            return stop
        is_new = see_rows(rows, target_ns, m, desk, every_ns == 0)
        if now_ns > until_ns:
            hear_until(until_ns, venue, desk, reports)
            return STOP_NONE
        if every_ns > 0:
            hear_until(now_ns, venue, desk, reports)
            desk[NEXT_WAKE_NS] = now_ns + every_ns
        elif is_new:
            hear_until(now_ns - 1, venue, desk, reports)
        else:
            continue
        desk[NOW_NS] = now_ns
        desk[WAKES] += 1
        call_quoter(address, desk, now_ns, state)
        send_asked(now_ns, venue, models, desk, commands)
        note_mark(now_ns, venue, models, ends, marks, counts)
