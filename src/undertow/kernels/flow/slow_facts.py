"""Rows that come every minute or every hour and may be history: open interest and funding paid.

Each is told with the time it was true at. Polled history may come after newer numbers: open
interest fills the minutes it is of, and never replaces a newer one as the present."""

import numpy as np

from undertow.kernels.compiled import compiled
from undertow.kernels.flow.flow_memory import (
    fundings_of,
    instruments_of,
    open_interests_of,
    sources_of,
)
from undertow.kernels.flow.layout import (
    FUNDING_SLOTS,
    MINUTE_S,
    MOST_EXACT,
    NS_PER_SECOND,
    OPEN_INTEREST_SLOTS,
    Record,
)


@compiled
def refuse(run: Record, instrument: Record, row: Record) -> None:
    """Count a row that cannot be what it says."""
    instrument.refused_rows += 1
    sources_of(run)[np.int64(row.source)].refused_rows += 1


@compiled
def apply_open_interest(run: Record, index: int, row: Record, event_ns: int) -> None:
    """Take an open interest that was true at `event_ns` (negative: not dated, so it is now).

    Of two of one minute the later told counts; one older than the minutes kept is dropped. Less
    than nothing and more than a float holds are refused."""
    instrument = instruments_of(run)[index]
    if row.qty_lots < 0 or row.qty_lots > MOST_EXACT:
        refuse(run, instrument, row)
        return
    if event_ns < 0:
        event_ns = instrument.open_interest_ns
    if event_ns >= instrument.open_interest_ns:
        instrument.open_interest_ns = event_ns
        instrument.open_interest_lots = row.qty_lots
    minute = event_ns // (MINUTE_S * NS_PER_SECOND)
    point = open_interests_of(run)[index, minute % OPEN_INTEREST_SLOTS]
    if minute > 0 and minute >= point.minute:
        point.minute = minute
        point.lots = row.qty_lots


@compiled
def apply_funding(run: Record, index: int, row: Record) -> None:
    """Note a funding payment; one that is not later than the last is known already, one without a
    time is refused."""
    instrument = instruments_of(run)[index]
    if row.event_time_ns <= 0:
        refuse(run, instrument, row)
        return
    if row.event_time_ns <= instrument.funding_paid_ns:
        return
    instrument.funding_paid_e12 = row.qty_b
    instrument.funding_paid_ns = row.event_time_ns
    paid = fundings_of(run)[index, instrument.fundings % FUNDING_SLOTS]
    paid.paid_ns = row.event_time_ns
    paid.rate_e12 = row.qty_b
    instrument.fundings += 1
