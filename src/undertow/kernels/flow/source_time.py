"""Time of the sources: progress, watermark and clock offset.

A silent source's time stands still: that nothing was heard is no knowledge that nothing was traded,
so its bars wait for its next row.

A row's delay is its receive time less its event time: the venue's clock error plus the way here.
Queues only ever add to it, so the least delay of a stretch says most about the clock (as in NTP's
clock filter). The offset of a source is the median of the least delays of its last 31 windows of 10
s: bursts do not move it, a few misdated rows do not move it, and a drift or a step shows after half
the windows."""

import numpy as np
from numpy.typing import NDArray

from undertow.domain.market_event import EventKind
from undertow.kernels.compiled import compiled
from undertow.kernels.flow.bar_roll import close_seconds, roll_instrument
from undertow.kernels.flow.book_sample import sample_source
from undertow.kernels.flow.flow_memory import (
    buckets_of,
    delays_of,
    forming_of,
    instruments_of,
    sources_of,
)
from undertow.kernels.flow.layout import (
    CLOCK_WINDOW_S,
    MINUTE_S,
    NEVER_HIGH,
    NS_PER_SECOND,
    SECONDS_KEPT,
    Record,
)

GAP = int(EventKind.GAP)
MISDATED = -1


@compiled
def stamp(source: Record, row: Record) -> int:
    """Event time to use for a row, after the source's progress has taken it in.

    A row without event time (0), a GAP and a STATUS happen at the source's progress: the last two
    are dated by our side. Returns `MISDATED` for a row that would move the progress although it is
    dated too far ahead of the source's estimated clock."""
    event_ns = row.event_time_ns
    if event_ns <= 0 or row.kind >= GAP:
        return int(source.progress_ns)
    delay = row.receive_time_ns - event_ns
    if delay < source.least_delay_ns:
        source.least_delay_ns = delay
    if event_ns > source.progress_ns:
        if delay < source.delay_floor_ns:
            return MISDATED
        source.progress_ns = event_ns
    return int(event_ns)


@compiled
def median_low(values: NDArray[np.int64]) -> int:
    """Median; of an even count the lower of the two middle values.

    The value with as many below it as half the others: no copy, and few values are given.

    """
    half = (len(values) - 1) // 2
    for value in values:
        below = 0
        equal = 0
        for other in values:
            below += other < value
            equal += other == value
        if below <= half < below + equal:
            return int(value)
    return 0


@compiled
def clock_offset(source: Record) -> int:
    """Estimated receive time less event time, ns; 0 before any event time was seen."""
    if source.clock_windows > 0 or source.least_delay_ns == NEVER_HIGH:
        return int(source.clock_offset_ns)
    return int(source.least_delay_ns)


@compiled
def close_clock_window(source: Record, delays: NDArray[np.int64], most_lead_ns: int) -> None:
    """Let a finished clock window with rows join the estimate; `delays` are its source's."""
    if source.least_delay_ns == NEVER_HIGH:
        return
    delays[source.clock_windows % len(delays)] = source.least_delay_ns
    source.clock_windows += 1
    source.least_delay_ns = NEVER_HIGH
    source.clock_offset_ns = median_low(delays[: min(source.clock_windows, len(delays))])
    source.delay_floor_ns = min(0, source.clock_offset_ns) - most_lead_ns


@compiled
def note_silence(run: Record, source: Record, target_s: int) -> None:
    """Note the stretch without a row that the closing up to `target_s` leaps over, if it is long.

    Rows before it reached the lateness beyond what is closed; of a stretch that is closed in parts
    the first call sees the whole."""
    lateness_s = run.lateness_ns // NS_PER_SECOND
    is_long = target_s - source.closed_s > run.source_timeout_ns // NS_PER_SECOND
    if is_long and target_s + lateness_s != source.silent_until_s:
        source.silent_from_s = source.closed_s + lateness_s + 1
        source.silent_until_s = target_s + lateness_s


@compiled
def note_overdue(run: Record, source: Record, now_ns: int) -> None:
    """Say up to where the source is overdue at `now_ns` of our clock.

    It is when its own clock, as far as we know it, is past the end of a second by the lateness and
    the timeout. That never goes back, so what was left out once stays out."""
    if source.progress_ns == 0:
        return
    grace_ns = run.lateness_ns + run.source_timeout_ns
    overdue_s = (now_ns - clock_offset(source) - grace_ns) // NS_PER_SECOND
    source.overdue_s = max(source.overdue_s, overdue_s)


@compiled
def roll_source(run: Record, s: int) -> bool:
    """Close the seconds of a source's instruments that its watermark has passed.

    Goes 900 s at a time; False when bars that somebody waits for must be collected before the rest
    can be closed (they might fall out of their rings).

    """
    source = sources_of(run)[s]
    instruments = instruments_of(run)
    forming = forming_of(run)
    buckets = buckets_of(run)
    target_s = (source.progress_ns - run.lateness_ns) // NS_PER_SECOND
    if source.closed_s == 0:
        source.closed_s = target_s - 1
    note_silence(run, source, target_s)
    while source.closed_s < target_s:
        if run.closed_count > 0:
            run.has_more = 1
            return False
        until_s = min(target_s, source.closed_s + SECONDS_KEPT)
        for index in range(len(instruments)):
            instrument = instruments[index]
            if instrument.source != s:
                continue
            if until_s - instrument.closed_until_s == 1 and until_s % MINUTE_S != 0:
                close_seconds(run, instrument, forming[index, 0], buckets, index, until_s)
            else:
                roll_instrument(run, index, until_s)
        source.closed_s = until_s
    sample_source(run, s)
    source.next_roll_ns = (target_s + 1) * NS_PER_SECOND + run.lateness_ns
    return True


@compiled
def is_roll_due(source: Record) -> bool:
    """Whether the source's watermark has passed a second that is not closed yet."""
    return bool(source.progress_ns >= source.next_roll_ns and source.progress_ns > 0)


@compiled
def sweep(run: Record, now_ns: int) -> None:
    """Once per second of the engine's clock: finished clock windows join their estimate, and
    sources may become overdue."""
    sources = sources_of(run)
    second = now_ns // NS_PER_SECOND
    window = second // CLOCK_WINDOW_S
    for s in range(len(sources)):
        source = sources[s]
        if source.clock_window != window:
            close_clock_window(source, delays_of(run)[s], run.most_lead_ns)
            source.clock_window = window
        note_overdue(run, source, now_ns)
    run.next_sweep_ns = (second + 1) * NS_PER_SECOND


@compiled
def sweep_all(runs: NDArray[np.void], now_ns: int) -> None:
    """`sweep` for Python, which hands over an array in a twentieth of the time a record takes.

    runs: (1,) RUN.
    """
    sweep(runs[0], now_ns)
