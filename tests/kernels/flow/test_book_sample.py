"""When books are looked at, and the imbalance that each look keeps."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from undertow.kernels.flow.advance import advance
from undertow.kernels.flow.book_sample import sample_book
from undertow.kernels.flow.layout import NEVER_HIGH

Make = Callable[..., Any]
S = 1_000_000_000
NOW_S = 1_700_000_000
LEVELS = [(1, 100, 5), (1, 99, 3), (-1, 101, 4), (-1, 103, 2)]


@pytest.fixture
def feed(book_rows: Make) -> Callable[..., None]:
    """Applies one book update of (side, ticks, lots) at a time of event time, in seconds."""

    def apply(arrays: Any, second: float, levels: Any, last: int = 0, flags: int = 0) -> None:
        rows = book_rows(levels, last, last, flags)
        rows["event_time_ns"] = NOW_S * S + int(second * S)
        rows["receive_time_ns"] = rows["event_time_ns"] + 1
        rows.flags.writeable = False
        advance(arrays.run, rows, 0, len(rows), NEVER_HIGH, 0)

    return apply


def test_a_look_happens_when_a_second_closes(make_arrays: Make, feed: Make) -> None:
    arrays = make_arrays()
    feed(arrays, 0.2, LEVELS, flags=1)
    feed(arrays, 0.9, [(1, 100, 6)])
    assert arrays.samples["samples"][0] == 0
    feed(arrays, 1.1, [(1, 100, 60)])
    assert arrays.samples["samples"][0] == 1
    assert arrays.samples["sampled_s"][0] == NOW_S + 1
    assert np.isclose(arrays.imbalances[0, 0], (9 - 6) / 15)
    assert arrays.best_sizes[0, 0] == (6 + 4) / 2


def test_a_silence_is_one_look(make_arrays: Make, feed: Make) -> None:
    arrays = make_arrays()
    feed(arrays, 0.2, LEVELS, flags=1)
    feed(arrays, 1.2, [])
    feed(arrays, 61.2, [])
    assert arrays.samples["samples"][0] == 2
    walls = arrays.walls[0, 0]
    assert walls["rested_s"][walls["ticks"] == 100].tolist() == [10]


def test_a_book_that_is_not_synced_is_not_looked_at(make_arrays: Make, feed: Make) -> None:
    arrays = make_arrays()
    feed(arrays, 0.2, LEVELS, flags=1)
    feed(arrays, 1.2, [(1, 105, 9)])
    assert arrays.samples["samples"][0] == 1
    feed(arrays, 2.2, [])
    assert arrays.samples["samples"][0] == 1
    assert arrays.samples["sampled_s"][0] == 0


def test_a_book_with_one_side_is_not_looked_at(make_arrays: Make, feed: Make) -> None:
    arrays = make_arrays()
    feed(arrays, 0.2, [(1, 100, 5)], flags=1)
    feed(arrays, 1.2, [])
    assert arrays.samples["samples"][0] == 0


@pytest.mark.parametrize("levels", [1, 2, 5])
def test_the_imbalance_is_over_the_best_levels(levels: int, make_arrays: Make, feed: Make) -> None:
    arrays = make_arrays(imbalance_levels=levels, imbalances_kept=4)
    book = [*LEVELS, (1, 98, 7), (-1, 104, 1), (-1, 110, 90)]
    feed(arrays, 0.2, book, flags=1)
    for second in range(6):
        sample_book(arrays.run[0], 0, NOW_S + second, 10)
    bids, asks = [5, 3, 7], [4, 2, 1, 90]
    bid, ask = sum(bids[:levels]), sum(asks[:levels])
    wanted = np.float32((bid - ask) / (bid + ask))
    assert arrays.imbalances[0].tolist() == [wanted] * 4
    assert arrays.samples["samples"][0] == 6


def test_the_threshold_is_smoothed(make_arrays: Make, feed: Make) -> None:
    arrays = make_arrays(wall_percentile=100, wall_smooth_s=10)
    feed(arrays, 0.2, LEVELS, flags=1)
    sample_book(arrays.run[0], 0, NOW_S, 10)
    assert arrays.samples["wall_lots"][0] == 5.0
    feed(arrays, 0.3, [(1, 99, 105)])
    sample_book(arrays.run[0], 0, NOW_S + 5, 10)
    assert np.isclose(arrays.samples["wall_lots"][0], 5.0 + 100.0 * (1.0 - np.exp(-0.5)))
