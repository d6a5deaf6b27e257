"""Wishes as bytes, against numpy's own operators."""

import numpy as np

from undertow.kernels.backtest.signal_bits import (
    LONG_ENTRY,
    LONG_EXIT,
    SHORT_ENTRY,
    SHORT_EXIT,
    add_bits,
    drop_entries,
)


def test_bits_are_added_and_entries_dropped_where_undefined() -> None:
    rng = np.random.default_rng(1)
    wishes = rng.random((4, 200)) < 0.5
    values = np.where(rng.random(200) < 0.2, np.nan, 1.0)
    bits = np.zeros(200, np.uint8)
    names = (LONG_ENTRY, LONG_EXIT, SHORT_ENTRY, SHORT_EXIT)
    for wish, bit in zip(wishes, names, strict=True):
        add_bits(wish, bit, bits)
    expected = sum(wish * bit for wish, bit in zip(wishes, names, strict=True))
    np.testing.assert_array_equal(bits, expected)
    drop_entries(values, bits)
    gone = expected & (LONG_EXIT | SHORT_EXIT)
    np.testing.assert_array_equal(bits, np.where(np.isnan(values), gone, expected))
