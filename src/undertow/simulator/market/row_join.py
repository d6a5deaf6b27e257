"""Rows of several arrays as one, joined as plain bytes.

`numpy.concatenate` compares the fields of structured types one by one for each array it is given,
which takes longer than copying a second of market does.
"""

import numpy as np

from undertow.domain.market_event import EVENT, EventArray

_BYTES = np.dtype((np.void, EVENT.itemsize))


def join_rows(*parts: EventArray) -> EventArray:
    """A new array of all rows, in the order of the parts."""
    raw = [np.ascontiguousarray(part).view(_BYTES) for part in parts]
    return np.concatenate(raw).view(EVENT)
