"""Multi-level order-flow imbalance of recorded books: whole arrays at once.

The same numbers as the live ones (`kernels.flow.level_flow`), for research on stored depth: prices
and sizes of the best levels after every update. Cont, Kukanov & Stoikov (2014) for the best level,
Xu, Gould & Howison (2018) for level m, with non-strict inequalities.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError

Floats = NDArray[np.float64]


def level_ofi(
    bid_prices: ArrayLike, bid_sizes: ArrayLike, ask_prices: ArrayLike, ask_sizes: ArrayLike
) -> Floats:
    """Flow of each level from one state to the next: (n - 1, m) from four arrays (n, m).

    Column k is the (k + 1)-th best occupied price of its side. A level that a side does not have is
    NaN in price or 0 in size; the flow there is 0 in both steps that touch it. Sums over rows give
    the OFI of an interval; column 0 is the OFI at the best bid and ask."""
    columns = [
        np.atleast_2d(np.asarray(values, np.float64))
        for values in (bid_prices, bid_sizes, ask_prices, ask_sizes)
    ]
    shapes = {values.shape for values in columns}
    if len(shapes) != 1 or columns[0].ndim != 2:
        raise CallerError(f"expected four arrays of one shape (n, m), found {sorted(shapes)}")
    bids, bid_lots, asks, ask_lots = columns
    has = np.isfinite(bids) & np.isfinite(asks) & (bid_lots > 0.0) & (ask_lots > 0.0)
    flow = _side_flow(bids, bid_lots) - _side_flow(-asks, ask_lots)
    return np.where(has[1:] & has[:-1], flow, 0.0)


def _side_flow(keys: Floats, sizes: Floats) -> Floats:
    # Keys grow toward the other side.
    came = np.where(keys[1:] >= keys[:-1], sizes[1:], 0.0)
    went = np.where(keys[1:] <= keys[:-1], sizes[:-1], 0.0)
    flow: Floats = came - went
    return flow
