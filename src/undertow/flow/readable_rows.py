"""Rows as kernels take them: contiguous, read-only, of one layout; columns made into rows."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError, MalformedMessage
from undertow.domain.market_event import EVENT, EventArray, EventKind

ROWS_AT_ONCE = 1 << 16


def readable_rows(rows: NDArray[np.void], layout: np.dtype[np.void] = EVENT) -> NDArray[np.void]:
    """The rows as a view that kernels read without compiling anew; copies only when it must.

    Raises `MalformedMessage` when the layout is another.
    """
    if rows.dtype != layout:
        raise MalformedMessage(f"expected rows of {layout.names}, found an array of {rows.dtype}")
    view = np.ascontiguousarray(rows).view()
    view.flags.writeable = False
    return view


def trade_rows(
    time_ns: ArrayLike, price_ticks: ArrayLike, qty_lots: ArrayLike, side: ArrayLike
) -> Iterator[EventArray]:
    """Trades in columns as `EVENT` rows of instrument 0, some ten thousand at a time.

    Raises `CallerError` when the columns are not one-dimensional and of one length."""
    columns = [np.asarray(column) for column in (time_ns, price_ticks, qty_lots, side)]
    if columns[0].ndim != 1 or any(column.shape != columns[0].shape for column in columns):
        shapes = [column.shape for column in columns]
        raise CallerError(f"expected four columns of one length, found shapes {shapes}")
    for first in range(0, len(columns[0]), ROWS_AT_ONCE):
        part = [column[first : first + ROWS_AT_ONCE] for column in columns]
        rows = np.zeros(len(part[0]), EVENT)
        rows["event_time_ns"] = rows["receive_time_ns"] = part[0]
        rows["price_ticks"], rows["qty_lots"], rows["side"] = part[1:]
        rows["kind"] = EventKind.TRADE
        yield rows
