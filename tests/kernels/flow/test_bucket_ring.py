"""Buckets open empty, and the bits tell which seconds have one."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.kernels.flow.bucket_ring import forget_second, is_touched, open_bucket
from undertow.kernels.flow.layout import BUCKET, INSTRUMENT, RING


def test_a_reused_slot_keeps_nothing() -> None:
    one, fresh = np.zeros(1, INSTRUMENT), np.zeros(1, BUCKET)
    used = np.frombuffer(b"\x07" * BUCKET.itemsize, BUCKET).copy()
    open_bucket(one[0], used[0], 1_700_000_000)
    open_bucket(one[0], fresh[0], 1_700_000_000)
    assert used.tobytes() == fresh.tobytes()
    assert used["open_time_ns"][0] == 1_700_000_000 * 10**9


def test_an_open_bucket_is_left_alone() -> None:
    one, bucket = np.zeros(1, INSTRUMENT), np.zeros(1, BUCKET)
    open_bucket(one[0], bucket[0], 5)
    bucket["ofi_lots"] = 9
    open_bucket(one[0], bucket[0], 5)
    assert bucket["ofi_lots"][0] == 9


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 3 * RING)), max_size=60))
@settings(deadline=None)
def test_bits_equal_a_set_of_slots(steps: list[tuple[bool, int]]) -> None:
    one, buckets, known = np.zeros(1, INSTRUMENT), np.zeros(RING, BUCKET), set[int]()
    for is_opened, second in steps:
        slot = second % RING
        if is_opened:
            buckets["open_time_ns"][slot] = -1
            open_bucket(one[0], buckets[slot], second)
            known.add(slot)
        else:
            forget_second(one[0], second)
            known.discard(slot)
        assert {s for s in range(RING) if is_touched(one[0], s)} == known
