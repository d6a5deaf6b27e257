import numpy as np

from undertow.domain.market_event import EVENT
from undertow.simulator.market.row_join import join_rows


def test_rows_come_in_the_order_of_the_parts() -> None:
    rows = np.zeros(10, dtype=EVENT)
    rows["price_ticks"] = np.arange(10)
    joined = join_rows(rows[:2], rows[4:4], rows[2:9:3])
    assert joined.dtype == EVENT
    assert joined["price_ticks"].tolist() == [0, 1, 2, 5, 8]
    joined["price_ticks"] = 0
    assert rows["price_ticks"][1] == 1
