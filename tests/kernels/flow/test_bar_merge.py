"""Making bars."""

import numpy as np

from undertow.domain.bar import BAR
from undertow.kernels.flow.bar_merge import fill_bar, merge_bar, merge_second, start_bar
from undertow.kernels.flow.layout import BUCKET

S = 1_000_000_000


def test_merging_keeps_extremes_and_sums() -> None:
    bars = np.zeros(3, BAR)
    bars[1] = (360 * S, 5, 9, 4, 6, 1, 2, 1, 1, 18.0)
    bars[2] = (420 * S, 6, 7, 1, 2, 3, 0, 1, 0, 6.0)
    merge_bar(bars[0], bars[1], 300)
    merge_bar(bars[0], bars[2], 300)
    assert bars[0].item() == (300 * S, 5, 9, 1, 2, 4, 2, 2, 1, 24.0)


def test_flat_parts_give_no_price_to_a_bar_with_trades() -> None:
    bars = np.zeros(4, BAR)
    bars[1] = (360 * S, 50, 50, 50, 50, 0, 0, 0, 0, 0.0)
    bars[2] = (420 * S, 6, 7, 1, 2, 3, 0, 1, 0, 6.0)
    bars[3] = (480 * S, 2, 2, 2, 2, 0, 0, 0, 0, 0.0)
    merge_bar(bars[0], bars[1], 300)
    assert bars[0].item()[:5] == (300 * S, 50, 50, 50, 50)
    merge_bar(bars[0], bars[2], 300)
    merge_bar(bars[0], bars[3], 300)
    assert bars[0].item() == (300 * S, 6, 7, 1, 2, 3, 0, 1, 0, 6.0)


def test_a_started_bar_is_flat_and_empty() -> None:
    bars = np.ones(1, BAR)
    start_bar(bars[0], 125, 60, 7)
    assert bars[0].item() == (120 * S, 7, 7, 7, 7, 0, 0, 0, 0, 0.0)


def test_a_second_takes_its_volumes_from_its_trades() -> None:
    bars, buckets = np.zeros(1, BAR), np.zeros(1, BUCKET)
    for name, value in zip(BUCKET.names or (), (7 * S, 3, 5, 1, 2), strict=False):
        buckets[name] = value
    buckets["traded"] = (1, 2, 3, 4, 5.0, 6.0, 7.0, 8.0)
    fill_bar(bars[0], buckets[0])
    assert bars[0].item() == (7 * S, 3, 5, 1, 2, 1, 2, 3, 4, 11.0)


def test_seconds_merge_as_their_bars_do() -> None:
    rng = np.random.default_rng(3)
    merged, bars = np.zeros(2, BAR), np.zeros(1, BAR)
    for second in (61, 62, 70, 119):
        bucket = np.zeros(1, BUCKET)
        bucket["open_time_ns"] = second * S
        for name in ("open_ticks", "high_ticks", "low_ticks", "close_ticks"):
            bucket[name] = rng.integers(1, 99)
        bucket["traded"] = tuple(rng.integers(1, 99, 8).tolist())
        fill_bar(bars[0], bucket[0])
        merge_bar(merged[0], bars[0], 60)
        merge_second(merged[1], bucket[0], 60)
    assert merged[0] == merged[1]
