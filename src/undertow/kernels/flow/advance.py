"""The one loop over market rows: applies them until something is worth waking Python for.

The unit is the message: a single row, or a whole book update. Each is handled in this order: the
clock (once per second: clock windows), the source's progress and the seconds it
closes, then what the row says. So whatever closes is closed before the row counts, and the row
counts before anybody wakes."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from undertow.domain.market_event import EventArray, EventKind
from undertow.kernels.compiled import compiled
from undertow.kernels.flow.bar_roll import roll_instrument
from undertow.kernels.flow.book_update import apply_update, invalidate_book, measure_update
from undertow.kernels.flow.bucket_ring import open_bucket
from undertow.kernels.flow.flow_memory import buckets_of, instruments_of, profile_of, sources_of
from undertow.kernels.flow.forced_ring import keep_forced
from undertow.kernels.flow.given_bar import apply_given
from undertow.kernels.flow.layout import (
    INCOMPLETE,
    MINUTE_S,
    MORE,
    NS_PER_SECOND,
    OUT_OF_TABLE,
    PROFILE_SLOTS,
    REACHED,
    RING,
    SECONDS_KEPT,
    WOKE,
    Record,
)
from undertow.kernels.flow.level_flow import measure_levels
from undertow.kernels.flow.slow_facts import apply_funding, apply_open_interest
from undertow.kernels.flow.source_time import is_roll_due, roll_source, stamp, sweep
from undertow.kernels.flow.trade_ids import is_repeated
from undertow.kernels.flow.trade_print import apply_trade
from undertow.kernels.flow.venue_facts import apply_fact, apply_quote
from undertow.kernels.flow.wall_track import trade_at_walls
from undertow.kernels.flow.watch_touch import touch_watches
from undertow.kernels.flow.whale_ring import keep_whale

TRADE = int(EventKind.TRADE)
BEGIN = int(EventKind.BOOK_BEGIN)
QUOTE = int(EventKind.QUOTE)
OPEN_INTEREST = int(EventKind.OPEN_INTEREST)
FUNDING = int(EventKind.FUNDING)
LIQUIDATION = int(EventKind.LIQUIDATION)
STATUS = int(EventKind.STATUS)
BAR_OPEN = int(EventKind.BAR_OPEN)


@compiled
def adopt(run: Record, index: int, s: int, kind: int) -> bool:
    """Let the source of a trade (or of the very first row) be the instrument's source.

    The instrument first catches up with the seconds its new source has closed; False when bars must
    be collected before that can go on."""
    instrument = instruments_of(run)[index]
    if instrument.source == s or (instrument.source >= 0 and kind != TRADE):
        return True
    until_s = sources_of(run)[s].closed_s
    if instrument.closed_until_s == 0:
        roll_instrument(run, index, until_s)
    while instrument.closed_until_s < until_s:
        if run.closed_count > 0:
            run.has_more = 1
            return False
        roll_instrument(run, index, min(until_s, instrument.closed_until_s + SECONDS_KEPT))
    instrument.source = s
    return True


@compiled
def add_flow(run: Record, index: int, event_ns: int, flow_lots: int) -> None:
    """Add OFI to the total and to the second it happened in, unless that is closed."""
    if flow_lots == 0:
        return
    instrument = instruments_of(run)[index]
    instrument.ofi_lots += flow_lots
    progress_ns = sources_of(run)[instrument.source].progress_ns
    second = min(event_ns, progress_ns) // NS_PER_SECOND
    if second <= 0 or second < instrument.closed_until_s:
        return
    bucket = buckets_of(run)[index, second & (RING - 1)]
    open_bucket(instrument, bucket, second)
    bucket.ofi_lots += flow_lots


@compiled
def apply_other(run: Record, events: EventArray, i: int, rows: int, event_ns: int) -> None:
    """Apply a message that is no trade: `rows` rows of a book update, or one row."""
    row = events[i]
    index: Any = np.int64(row.instrument)
    instrument = instruments_of(run)[index]
    source = sources_of(run)[np.int64(row.source)]
    if row.kind == QUOTE:
        add_flow(run, index, event_ns, apply_quote(instrument, source, row))
    elif row.kind == BEGIN:
        flow_lots = apply_update(run, index, source, events, i, rows)
        add_flow(run, index, event_ns, flow_lots)
        measure_levels(run, index, event_ns)
    elif row.kind == OPEN_INTEREST:
        apply_open_interest(run, index, row, event_ns)
    elif row.kind == FUNDING:
        apply_funding(run, index, row)
    elif row.kind >= BAR_OPEN:
        apply_given(run, index, source, row)
    else:
        apply_fact(instrument, source, row)
        if row.kind == LIQUIDATION:
            keep_forced(run, index, row, event_ns)


@compiled
def refuse_torn(instrument: Record, source: Record, rows: int) -> None:
    """Count a book update that breaks off after so many rows; the book is invalid.

    It moves no clock and closes nothing, so it never wakes anybody: where the break shows only in a
    later call, there is no row of that call to stop after.
    """
    source.messages += 1
    source.extra_rows += rows - 1
    source.refused_rows += 1
    instrument.torn_updates += 1
    invalidate_book(instrument)


@compiled
def take_time(run: Record, row: Record) -> bool:
    """Bring closing and sources up to a row; False when bars must be collected first."""
    s: Any = np.int64(row.source)
    if is_roll_due(sources_of(run)[s]) and not roll_source(run, s):
        return False
    index: Any = np.int64(row.instrument)
    return bool(adopt(run, index, s, row.kind))


@compiled
def count_message(run: Record, source: Record, row: Record, rows: int, event_ns: int) -> None:
    """Count a message at its source and note that the source was heard."""
    if row.receive_time_ns > run.now_ns:
        run.now_ns = row.receive_time_ns
    source.messages += 1
    if row.receive_time_ns > source.last_receive_ns and row.kind != STATUS:
        source.last_receive_ns = row.receive_time_ns
    if rows != 1:
        source.extra_rows += rows - 1
    if event_ns < 0:
        source.misdated_rows += 1


@compiled
def advance(  # noqa: C901 - 11: a branch moved into a function of its own costs 2.5 ns a row
    runs: NDArray[np.void],
    events: EventArray,
    start: int,
    stop: int,
    timer_due_ns: int,
    first_timed: int,
) -> tuple[int, int]:
    """Apply rows [start, stop); returns (first row not applied, why). `runs`: (1,) RUN.

    Why: `REACHED` stop or a row received at or after `timer_due_ns`; `WOKE` after a row that closed
    an awaited bar or touched a watch; `MORE` = collect the closed bars and call again; `INCOMPLETE`
    = a book update begins there whose end is not among the rows; `OUT_OF_TABLE` = a row of an
    unknown instrument or source. Rows before `first_timed` are not held back by the timer.
    """
    run = runs[0]
    instruments = instruments_of(run)
    sources = sources_of(run)
    buckets = buckets_of(run)
    profile = profile_of(run)
    i = start
    while i < stop:
        row = events[i]
        if row.receive_time_ns >= timer_due_ns and i >= first_timed:
            return i, REACHED
        index: Any = np.int64(row.instrument)
        s: Any = np.int64(row.source)
        if index >= len(instruments) or s >= len(sources):
            return i, OUT_OF_TABLE
        rows = measure_update(events, i, stop) if row.kind == BEGIN else 1
        if rows == 0:
            return i, INCOMPLETE
        instrument = instruments[index]
        source = sources[s]
        if rows < 0:
            refuse_torn(instrument, source, -rows)
            i -= rows
            continue
        now_ns = row.receive_time_ns
        if now_ns >= run.next_sweep_ns:
            sweep(run, now_ns)
        event_ns = stamp(source, row)
        is_due = is_roll_due(source) or instrument.source != s
        if is_due and not take_time(run, row):
            return i, MORE
        count_message(run, source, row, rows, event_ns)
        if row.kind == TRADE:
            second = event_ns // NS_PER_SECOND
            bucket = buckets[index, second & (RING - 1)]
            part = profile[index, second // MINUTE_S % PROFILE_SLOTS]
            if is_repeated(run, index, row, instrument, event_ns):
                source.repeated_trades += 1
            elif apply_trade(instrument, source, bucket, part, row, event_ns):
                keep_whale(run, index, row, event_ns)
                trade_at_walls(run, index, row)
                touch_watches(run, index, row.price_ticks, run.now_ns)
        else:
            apply_other(run, events, i, rows, event_ns)
        i += rows
        if run.closed_count + run.touched_count + run.has_more > 0:
            run.has_more = 0
            return i, WOKE
    return i, REACHED
