import numpy as np

from undertow.kernels.flow.bucket_ring import open_bucket
from undertow.kernels.flow.layout import BUCKET, INSTRUMENT, RING
from undertow.kernels.flow.second_sums import ofi_by_second

FIRST_S = 1_700_000_000


def test_each_second_has_its_own_flow_and_old_rounds_of_the_ring_have_none() -> None:
    instrument = np.zeros(1, INSTRUMENT)
    buckets = np.zeros(RING, BUCKET)
    rng = np.random.default_rng(5)
    wanted = np.zeros(40, np.int64)
    for i in np.flatnonzero(rng.random(40) < 0.6).tolist():
        second = FIRST_S + i
        open_bucket(instrument[0], buckets[second % RING], second)
        wanted[i] = rng.integers(-900, 900)
        buckets[second % RING]["ofi_lots"] = wanted[i]
    stale = FIRST_S + 7 - RING
    if wanted[7] == 0:
        open_bucket(instrument[0], buckets[stale % RING], stale)
        buckets[stale % RING]["ofi_lots"] = 999
    found = np.full(40, -1, np.int64)
    ofi_by_second(buckets, FIRST_S, found)
    assert found.tolist() == wanted.tolist()
    assert np.count_nonzero(wanted) > 10
