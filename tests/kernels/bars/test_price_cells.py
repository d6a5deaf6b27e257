"""Cells of prices against a dictionary of the same rows; any split gives the same."""

import numpy as np
import pytest

from undertow.domain.market_event import EVENT, EventArray, EventKind
from undertow.kernels.bars.price_cells import add_prices

S = 1_000_000_000


def rows(count: int = 400) -> EventArray:
    rng = np.random.default_rng(4)
    found = np.zeros(count, EVENT)
    found["event_time_ns"] = np.sort(rng.integers(0, 100, count)) * S
    found["kind"] = rng.choice([EventKind.TRADE, EventKind.BAR, EventKind.QUOTE], count)
    found["price_ticks"] = rng.integers(50, 60, count)
    found["price_b"] = found["price_ticks"] + 7
    found["qty_b"] = found["price_ticks"] - 9
    found["instrument"] = rng.integers(0, 2, count)
    return found


def cells_of(parts: list[EventArray]) -> np.ndarray:
    cells = np.zeros((2, 3, 8), np.int64)
    for part in parts:
        add_prices(part, 5 * S, 10 * S, cells)
    return cells


def test_cells_equal_a_plain_reading() -> None:
    expected = np.zeros((2, 3, 8), np.int64)
    for row in rows():
        after = int(row["event_time_ns"]) - 5 * S
        place = -(-after // (10 * S)) - 1
        if row["kind"] == EventKind.QUOTE or not 0 <= place < 8:
            continue
        is_bar = row["kind"] == EventKind.BAR
        high = int(row["price_b"] if is_bar else row["price_ticks"])
        low = int(row["qty_b"] if is_bar else row["price_ticks"])
        cell = expected[row["instrument"], :, place]
        cell[0] = row["price_ticks"]
        cell[1] = max(cell[1], high)
        cell[2] = low if cell[2] == 0 else min(cell[2], low)
    assert np.array_equal(cells_of([rows()]), expected)


@pytest.mark.parametrize("cut", [0, 1, 133, 399])
def test_any_split_gives_the_same(cut: int) -> None:
    whole = rows()
    assert np.array_equal(cells_of([whole[:cut], whole[cut:]]), cells_of([whole]))
