"""Rows counted in the steps of one instrument, in those of another: exactly, or not at all.

Only columns that are prices or quantities change; ids, times, marks and rates stay.
"""

import numpy as np

from undertow.domain.instrument import Instrument
from undertow.domain.market_event import EventArray, EventKind
from undertow.storage.catalog.decimal_steps import rescaled

_PRICED = (EventKind.TRADE, EventKind.BOOK_LEVEL, EventKind.QUOTE, EventKind.LIQUIDATION)
_COUNTED = (*_PRICED, EventKind.OPEN_INTEREST)


def in_steps(rows: EventArray, recorded: Instrument, wanted: Instrument) -> EventArray:
    """The rows in the wanted steps; raises `DataError` when those do not divide the recorded."""
    if (recorded.price_step, recorded.qty_step) == (wanted.price_step, wanted.qty_step):
        return rows
    rows = rows.copy()
    kinds = rows["kind"]
    priced, counted = np.isin(kinds, _PRICED), np.isin(kinds, _COUNTED)
    quotes = kinds == EventKind.QUOTE
    for column, chosen in (("price_ticks", priced), ("price_b", quotes)):
        rows[column][chosen] = rescaled(
            rows[column][chosen], recorded.price_step, wanted.price_step
        )
    for column, chosen in (("qty_lots", counted), ("qty_b", quotes)):
        rows[column][chosen] = rescaled(rows[column][chosen], recorded.qty_step, wanted.qty_step)
    return rows
