"""Order-flow imbalance second by second, read from the ring of one-second buckets."""

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled
from undertow.kernels.flow.window import sum_window


@compiled
def ofi_by_second(buckets: NDArray[np.void], first_s: int, out: NDArray[np.int64]) -> None:
    """Fill `out`, (count,) int64, with the OFI lots of the seconds from `first_s` on, oldest first.

    buckets: (RING,) BUCKET. A second without a change of the best bid and ask has 0.
    """
    for i in range(len(out)):
        out[i] = sum_window(buckets, first_s + i, first_s + i)[8]
