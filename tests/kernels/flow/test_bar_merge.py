"""Making bars."""

import numpy as np

from undertow.domain.bar import BAR
from undertow.kernels.flow.bar_merge import fill_bar, merge_bar, start_bar
from undertow.kernels.flow.layout import TRADED

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
    bars, traded = np.zeros(1, BAR), np.zeros(1, TRADED)
    traded[0] = (1, 2, 3, 4, 5.0, 6.0, 7.0, 8.0)
    fill_bar(bars[0], traded[0])
    assert bars[0].item() == (0, 0, 0, 0, 0, 1, 2, 3, 4, 11.0)
