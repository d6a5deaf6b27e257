"""The last forced orders."""

from collections.abc import Callable
from typing import Any

from undertow.kernels.flow.advance import advance
from undertow.kernels.flow.layout import NEVER_HIGH

Make = Callable[..., Any]
S = 1_000_000_000
NOW_S = 1_700_000_000


def test_the_last_ones_are_kept_and_impossible_ones_are_not(
    make_arrays: Make, make_rows: Make
) -> None:
    arrays = make_arrays(liquidations_kept=3)
    rows = make_rows(
        *(
            {"kind": 8, "side": 1 - 2 * (k % 2), "price_ticks": 100 + k, "qty_lots": k}
            for k in range(6)
        )
    )
    rows["event_time_ns"][3] = 0
    rows.flags.writeable = False
    advance(arrays.run, rows, 0, len(rows), NEVER_HIGH, 0)
    assert arrays.instruments["liquidations"][0] == 5
    assert arrays.instruments["refused_rows"][0] == 1
    assert arrays.forced[0]["lots"].tolist() == [4, 5, 3]
    assert arrays.forced[0]["side"].tolist() == [1, -1, -1]
    assert arrays.forced[0]["ticks"].tolist() == [104, 105, 103]
    # A row without a time of its own happened at the source's progress.
    assert arrays.forced[0]["event_ns"].tolist() == [NOW_S * S] * 3
