"""Bars that a venue gives: what a BAR_OPEN, BAR_FLOW or BAR row changes.

A given bar of 1m, 5m or 15m goes into the rings and rolls up like one made of seconds; one of 1s
joins its minute, one of 3m its quarter of an hour; any other length is handed out and kept by
nobody here. Bars that the data skips are not invented: a wider bar closes without them, at the
first row after its end. While an instrument has trades of its own, given bars are handed out and
change nothing else.

Where the venue does not tell bought from sold volume, each side gets half of it and both counts of
trades are negative: sums of such bars stay negative, so that nobody takes them for a count. Where
it tells the volumes without counts, a side with volume counts one trade. The sum of ticks * lots is
that of the typical price, (high + low + close) / 3.
"""

from undertow.domain.market_event import EventKind
from undertow.kernels.compiled import compiled
from undertow.kernels.flow.bar_merge import merge_bar
from undertow.kernels.flow.bar_roll import (
    close_fifteen,
    close_five,
    close_minute,
    note_closed,
)
from undertow.kernels.flow.flow_memory import forming_of, given_of, instruments_of
from undertow.kernels.flow.layout import (
    FIFTEEN_S,
    FIVE_S,
    GIVEN_SLOT,
    MINUTE_S,
    MOST_EXACT,
    NOTHING,
    NS_PER_SECOND,
    Record,
)
from undertow.kernels.flow.watch_touch import touch_watches

BAR_OPEN = int(EventKind.BAR_OPEN)
BAR_FLOW = int(EventKind.BAR_FLOW)
THREE_M_S = 180
UNTOLD = -1
"""Count of trades of a bar that does not tell them."""

UNFINISHED = -1.0
"""Sum of ticks * lots of a given bar before it closes."""


@compiled
def refuse_given(instrument: Record, source: Record) -> None:
    """Count a row that cannot be what it says."""
    instrument.refused_rows += 1
    source.refused_rows += 1


@compiled
def is_bar(given: Record, row: Record) -> bool:
    """Whether a BAR row closes the open bar and can be one: prices in order, volume counted."""
    is_ordered = 0 < row.qty_b <= row.price_ticks <= row.price_b <= MOST_EXACT
    holds_open = row.qty_b <= given.open_ticks <= row.price_b
    is_next = row.sequence == given.open_time_ns < row.event_time_ns and given.tick_lots < 0.0
    return bool(is_ordered and holds_open and is_next and 0 <= row.qty_lots <= MOST_EXACT)


@compiled
def close_passed(run: Record, index: int, second: int) -> None:
    """Close the unfinished bars that ended at or before a second: data skipped their last parts."""
    forming = forming_of(run)
    opened = forming[index, 0].open_time_ns // NS_PER_SECOND
    if opened > 0 and second >= opened + MINUTE_S:
        close_minute(run, index, opened + MINUTE_S)
    opened = forming[index, 1].open_time_ns // NS_PER_SECOND
    if opened > 0 and second >= opened + FIVE_S:
        close_five(run, index, opened + FIVE_S)
    opened = forming[index, 2].open_time_ns // NS_PER_SECOND
    if opened > 0 and second >= opened + FIFTEEN_S:
        close_fifteen(run, index, opened + FIFTEEN_S)


@compiled
def show_price(run: Record, index: int, ticks: int, event_ns: int) -> None:
    """A price was made: the last one, and one that watches see."""
    instrument = instruments_of(run)[index]
    instrument.last_ticks = ticks
    instrument.last_event_ns = event_ns
    touch_watches(run, index, ticks, run.now_ns)


@compiled
def open_given(run: Record, index: int, row: Record) -> None:
    """A bar opens: what ended before it closes, and its open is the last price."""
    if instruments_of(run)[index].first_s == 0:
        close_passed(run, index, row.sequence // NS_PER_SECOND)
        show_price(run, index, row.price_ticks, row.event_time_ns)
    given = given_of(run)[index]
    given.open_time_ns = row.sequence
    given.open_ticks = row.price_ticks
    given.buy_lots = 0
    given.sell_lots = 0
    given.buy_trades = UNTOLD
    given.sell_trades = UNTOLD
    given.tick_lots = UNFINISHED


@compiled
def fill_given(given: Record, row: Record) -> None:
    """Take the prices and the volume of a BAR row; volume that BAR_FLOW did not split is halved."""
    given.high_ticks = row.price_b
    given.low_ticks = row.qty_b
    given.close_ticks = row.price_ticks
    if given.buy_trades == UNTOLD:
        given.sell_lots = row.qty_lots // 2
    else:
        given.sell_lots = max(0, row.qty_lots - given.buy_lots)
    given.buy_lots = row.qty_lots - given.sell_lots
    if given.buy_trades == 0 and given.sell_trades == 0:
        # Volume by side without counts: what traded, traded at least once.
        given.buy_trades = min(given.buy_lots, 1)
        given.sell_trades = min(given.sell_lots, 1)
    typical = (float(row.price_b) + float(row.qty_b) + float(row.price_ticks)) / 3.0
    given.tick_lots = typical * float(row.qty_lots)


@compiled
def roll_given(run: Record, index: int, length_s: int, close_s: int) -> None:
    """Let a given bar take its place among the bars kept."""
    given = given_of(run)[index]
    forming = forming_of(run)
    if length_s == 1:
        merge_bar(forming[index, 0], given, MINUTE_S)
        if close_s % MINUTE_S == 0:
            close_minute(run, index, close_s)
    elif length_s == THREE_M_S:
        merge_bar(forming[index, 2], given, FIFTEEN_S)
        if close_s % FIFTEEN_S == 0:
            close_fifteen(run, index, close_s)
    elif length_s == MINUTE_S:
        forming[index, 0] = given
        close_minute(run, index, close_s)
    elif length_s == FIVE_S:
        forming[index, 1] = given
        close_five(run, index, close_s)
    elif length_s == FIFTEEN_S:
        forming[index, 2] = given
        close_fifteen(run, index, close_s)


@compiled
def show_path(run: Record, index: int, row: Record) -> None:
    """Show the prices of a bar to the watches: the extreme farther from the close first."""
    given = given_of(run)[index]
    now_ns = run.now_ns
    if row.price_ticks >= given.open_ticks:
        touch_watches(run, index, row.qty_b, now_ns)
        touch_watches(run, index, row.price_b, now_ns)
    else:
        touch_watches(run, index, row.price_b, now_ns)
        touch_watches(run, index, row.qty_b, now_ns)


@compiled
def close_given(run: Record, index: int, row: Record) -> None:
    """A given bar closes: it is kept and handed out, and its close is the last price."""
    instrument = instruments_of(run)[index]
    given = given_of(run)[index]
    fill_given(given, row)
    length_s = (row.event_time_ns - row.sequence) // NS_PER_SECOND
    close_s = row.event_time_ns // NS_PER_SECOND
    if instrument.first_s == 0:
        show_path(run, index, row)
        show_price(run, index, row.price_ticks, row.event_time_ns)
        roll_given(run, index, length_s, close_s)
    is_kept = length_s in (MINUTE_S, FIVE_S, FIFTEEN_S)
    is_awaited = instrument.wakes & 1 if length_s == 1 else instrument.wakes & 16
    if is_awaited and not is_kept:
        note_closed(run, index, close_s, length_s, GIVEN_SLOT, NOTHING)


@compiled
def apply_given(run: Record, index: int, source: Record, row: Record) -> None:
    """Apply a BAR_OPEN, BAR_FLOW or BAR row; what cannot be one is counted as refused."""
    instrument = instruments_of(run)[index]
    given = given_of(run)[index]
    if row.kind == BAR_OPEN:
        if 0 < row.price_ticks <= MOST_EXACT and given.open_time_ns < row.sequence:
            open_given(run, index, row)
        else:
            refuse_given(instrument, source)
    elif row.kind == BAR_FLOW:
        is_next = row.sequence == given.open_time_ns
        if is_next and 0 <= row.price_ticks <= MOST_EXACT and row.price_b >= 0 and row.qty_b >= 0:
            given.buy_lots = row.price_ticks
            given.buy_trades = row.price_b
            given.sell_trades = row.qty_b
        else:
            refuse_given(instrument, source)
    elif is_bar(given, row):
        close_given(run, index, row)
    else:
        refuse_given(instrument, source)
