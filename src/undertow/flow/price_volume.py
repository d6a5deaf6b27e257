"""Volume by price over several minutes, from the per-minute histograms."""

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.flow.layout import PROFILE_ROWS


def price_volume(
    parts: NDArray[np.void], last_minute: int, minutes: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Rows of the minutes (last_minute - minutes, last_minute]: low ticks ascending, lots.

    parts: (PROFILE_SLOTS,) PROFILE_MINUTE. Minutes of finer rows are added up at the coarsest one's
    size; rows without volume between the lowest and the highest are there with 0 lots.
    """
    minute = parts["minute"]
    live = parts[(minute > max(0, last_minute - minutes)) & (minute <= last_minute)]
    if not len(live):
        return np.empty(0, np.int64), np.empty(0, np.float64)
    shift = int(live["shift"].max())
    rows = live["first_row"][:, None] + np.arange(PROFILE_ROWS)
    rows >>= (shift - live["shift"])[:, None]
    lots = live["lots"].ravel()
    traded = np.flatnonzero(lots)
    row = rows.ravel()[traded]
    first = int(row.min())
    total = np.zeros(int(row.max()) - first + 1, np.int64)
    np.add.at(total, row - first, lots[traded])
    low_ticks = (first + np.arange(len(total), dtype=np.int64)) << shift
    return low_ticks, total.astype(np.float64)
