"""The heatmap on one grid of price."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.flow.heatmap import heatmap
from undertow.kernels.flow.layout import HEAT_COLUMN

Make = Callable[..., Any]


def columns(*rows: tuple[int, int, int, int]) -> Any:
    """(second, shift, bid row, ask row) of each column."""
    return np.array(list(rows), HEAT_COLUMN)


def test_rows_of_different_height_add_up_at_the_higher() -> None:
    lots = np.array([[1, 2, 10, 20], [4, 8, 40, 80]], np.float32)
    found = heatmap(columns((100, 0, 11, 12), (110, 1, 5, 6)), lots, 10, 0.5)
    # Column 0: bids at 11, 10, asks at 12, 13; column 1: bids at rows 5 and 4, asks at 6 and 7.
    assert found.low_ticks.tolist() == [8, 10, 12, 14]
    assert found.prices.tolist() == [4.0, 5.0, 6.0, 7.0]
    assert (found.row_ticks, found.row_height) == (2, 1.0)
    assert found.bid_lots.tolist() == [[0, 3, 0, 0], [8, 4, 0, 0]]
    assert found.ask_lots.tolist() == [[0, 0, 30, 0], [0, 0, 40, 80]]
    assert found.lots.sum() == lots.sum()


def test_time_is_that_of_each_column() -> None:
    lots = np.ones((3, 2), np.float32)
    found = heatmap(columns((100, 0, 5, 6), (110, 0, 5, 6), (190, 0, 5, 6)), lots, 10, 1.0)
    assert found.times_ns.tolist() == [100 * 10**9, 110 * 10**9, 190 * 10**9]
    assert found.seconds.tolist() == [10.0, 20.0, 10.0]
    assert len(found) == 3


def test_nothing_seen_is_empty(make_state: Make) -> None:
    found = make_state()[0].heatmap()
    assert len(found) == 0
    assert found.lots.shape == (0, 0)


@pytest.mark.parametrize("shape", [(2, 4), (1, 3), (1,)])
def test_shapes_must_agree(shape: tuple[int, ...]) -> None:
    with pytest.raises(CallerError, match="lots of 1 columns"):
        heatmap(columns((1, 0, 5, 6)), np.ones(shape, np.float32), 10, 1.0)


def test_the_state_keeps_what_its_books_held(make_state: Make, random_rows: Make) -> None:
    state, rows = make_state(), random_rows(3, 1500)
    i = 0
    while i < len(rows):
        i = state.advance(rows, i, len(rows), 2**62)
    found = state[0].heatmap()
    assert len(found) > 1
    assert np.all(np.diff(found.times_ns) > 0)
    assert (found.lots > 0).any(axis=1).all()
