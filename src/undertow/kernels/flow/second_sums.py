"""Order-flow imbalance second by second, read from the ring of one-second buckets."""

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled
from undertow.kernels.flow.flow_memory import buckets_of, instruments_of, sources_of
from undertow.kernels.flow.layout import NS_PER_SECOND, RING
from undertow.kernels.flow.window import sum_window


@compiled
def ofi_by_second(buckets: NDArray[np.void], first_s: int, out: NDArray[np.int64]) -> None:
    """Fill `out`, (count,) int64, with the OFI lots of the seconds from `first_s` on, oldest first.

    buckets: (RING,) BUCKET. A second without a change of the best bid and ask has 0.
    """
    for i in range(len(out)):
        out[i] = sum_window(buckets, first_s + i, first_s + i)[8]


@compiled
def ofi_of_all(runs: NDArray[np.void], seconds: int, out: NDArray[np.int64]) -> None:
    """Fill `out`, (instruments,) int64, with each one's OFI lots over the last `seconds`, which end
    with the second of its source's progress; 0 before any row of it. runs: (1,) RUN."""
    run = runs[0]
    instruments, sources, buckets = instruments_of(run), sources_of(run), buckets_of(run)
    for i in range(len(out)):
        out[i] = 0
        if instruments[i].source < 0:
            continue
        last_s = sources[instruments[i].source].progress_ns // NS_PER_SECOND
        for second in range(last_s - seconds + 1, last_s + 1):
            bucket = buckets[i, second & (RING - 1)]
            if bucket.open_time_ns == second * NS_PER_SECOND:
                out[i] += bucket.ofi_lots
