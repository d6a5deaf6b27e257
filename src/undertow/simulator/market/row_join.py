"""Rows joined and picked as plain bytes.

numpy handles structured types field by field: it compares them for each array it joins and copies
them one at a time when rows are picked, which takes ten times as long as moving the bytes.
"""

import numpy as np
from numpy.typing import NDArray

from undertow.domain.market_event import EVENT, EventArray

_BYTES = np.dtype((np.void, EVENT.itemsize))


def join_rows(*parts: EventArray) -> EventArray:
    """A new array of all rows, in the order of the parts."""
    raw = [np.ascontiguousarray(part).view(_BYTES) for part in parts]
    return np.concatenate(raw).view(EVENT)


def pick_rows(rows: EventArray, which: NDArray[np.int64] | NDArray[np.bool_]) -> EventArray:
    """A new array of the rows at these places, or where a mask says so."""
    return np.ascontiguousarray(rows).view(_BYTES)[which].view(EVENT)
