import numpy as np

from undertow.domain.market_event import EVENT
from undertow.simulator.market.row_join import join_rows, pick_rows


def test_rows_come_in_the_order_of_the_parts() -> None:
    rows = np.zeros(10, dtype=EVENT)
    rows["price_ticks"] = np.arange(10)
    joined = join_rows(rows[:2], rows[4:4], rows[2:9:3])
    assert joined.dtype == EVENT
    assert joined["price_ticks"].tolist() == [0, 1, 2, 5, 8]
    joined["price_ticks"] = 0
    assert rows["price_ticks"][1] == 1


def test_rows_are_picked_by_place_and_by_mask() -> None:
    rows = np.zeros(4, dtype=EVENT)
    rows["price_ticks"] = [5, 6, 7, 8]
    assert pick_rows(rows, np.array([3, 0, 3]))["price_ticks"].tolist() == [8, 5, 8]
    assert pick_rows(rows[::2], np.array([False, True]))["price_ticks"].tolist() == [7]
    picked = pick_rows(rows, np.array([0]))
    picked["price_ticks"] = 0
    assert rows["price_ticks"][0] == 5
