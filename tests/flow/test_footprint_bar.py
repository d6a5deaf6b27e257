"""What a footprint bar shows, on hand-made tables."""

from typing import Any

import msgspec
import numpy as np
import pytest

from undertow.domain.errors import ConfigurationError
from undertow.flow.footprint_bar import (
    AbsorbedRow,
    FootprintBar,
    StackedImbalance,
    delta_divergence,
    heavy_lots,
)


def footprint(buys: list[int], sells: list[int], close: int = 100, height: int = 1) -> FootprintBar:
    """Rows from 100 upwards."""
    rows = 100 + height * np.arange(len(buys))
    high = int(rows[-1]) + height - 1
    bought, sold = np.array(buys), np.array(sells)
    prices = (100, high, 100, close)
    return FootprintBar(60 * 10**9, 60, height, rows, bought, sold, *prices, 5, 5, 9, -9, 3)


def test_volume_and_delta() -> None:
    bar = footprint([1, 2, 6], [4, 0, 1])
    assert bar.lots.tolist() == [5, 2, 7]
    assert bar.deltas.tolist() == [-3, 2, 5]
    assert (bar.volume_lots, bar.delta_lots, bar.poc_ticks) == (14, 4, 102)
    assert bar.delta_share == 4 / 14
    assert bar.close_time_ns == 120 * 10**9


def test_the_value_area_follows_the_two_row_rule() -> None:
    lots = [7, 8, 10, 40, 12, 5, 18]
    bar = footprint(lots, [0] * 7)
    profile = bar.profile()
    assert (profile.val_ticks, profile.poc_ticks, profile.vah_ticks) == (101, 103, 105)


def test_imbalances_compare_diagonally() -> None:
    # buy at i against sell at i - 1; sell at i against buy at i + 1
    bar = footprint(buys=[2, 9, 8, 1], sells=[3, 2, 30, 5])
    assert bar.imbalances().tolist() == [0, 1, -1, 0]
    # row 1: 9 >= 3 * 3; row 2: buys 8 >= 3 * 2 and sells 30 >= 3 * 1, sells are larger
    assert bar.imbalances(ratio=4.0).tolist() == [0, 0, -1, 0]
    assert bar.imbalances(least_lots=31).tolist() == [0, 0, 0, 0]


def test_edges_have_no_neighbour_and_nothing_is_infinitely_less() -> None:
    bar = footprint(buys=[90, 5, 0], sells=[0, 0, 80])
    assert bar.imbalances().tolist() == [0, 1, 0]
    assert footprint([3], [4]).imbalances().tolist() == [0]
    equal = footprint(buys=[0, 6, 0], sells=[1, 6, 0])
    assert equal.imbalances()[1] == 0


def test_stacks_need_three_in_a_row() -> None:
    bar = footprint(buys=[1, 9, 9, 9, 1, 9, 9], sells=[1, 1, 1, 1, 9, 1, 1])
    sides = bar.imbalances().tolist()
    assert sides == [0, 1, 1, 1, 0, 0, 1]
    assert bar.stacked() == (StackedImbalance(1, 101, 103, 3),)
    assert bar.stacked(rows=4) == ()
    down = footprint(buys=[1, 1, 1, 1], sells=[9, 9, 9, 1], height=5)
    assert down.stacked() == (StackedImbalance(-1, 100, 114, 3),)
    assert footprint([5], [5]).stacked(rows=1) == ()


@pytest.mark.parametrize("options", [{"ratio": 1.0}, {"ratio": 0.3}, {"least_lots": 0}])
def test_wrong_comparisons_are_refused(options: Any) -> None:
    with pytest.raises(ConfigurationError, match="ratio above 1 and at least 1 lot"):
        footprint([1], [1]).imbalances(**options)


def test_unfinished_auctions() -> None:
    bar = footprint(buys=[0, 5, 3], sells=[7, 5, 1])
    assert bar.is_unfinished_high
    assert not bar.is_unfinished_low
    assert footprint([1, 2], [1, 0]).is_unfinished_low


def test_absorption_needs_weight_a_held_low_and_a_close_back() -> None:
    bar = footprint(buys=[1, 2, 3, 4], sells=[2, 50, 3, 9], close=103)
    assert bar.absorbed(40.0, 40.0) == (AbsorbedRow(1, 101, 50),)
    assert bar.absorbed(40.0, 60.0) == ()
    assert bar.absorbed(40.0, 40.0, tolerance_rows=0) == ()
    assert msgspec.structs.replace(bar, close_ticks=101).absorbed(40.0, 40.0) == ()
    top = footprint(buys=[1, 2, 60, 4], sells=[1, 1, 1, 1], close=101)
    assert top.absorbed(40.0, 40.0) == (AbsorbedRow(-1, 102, 60),)
    assert top.absorbed(float("nan"), float("nan")) == ()


def test_heavy_is_a_quantile_of_rows_that_traded() -> None:
    bars = (footprint([1, 0, 3], [0, 0, 0]), footprint([5, 9], [0, 0]))
    buys, sells = heavy_lots(bars, 0.5)
    assert buys == 4.0
    assert sells != sells
    assert all(value != value for value in heavy_lots(()))
    with pytest.raises(ConfigurationError, match="expected a quantile"):
        heavy_lots(bars, 0.0)


def test_delta_divergence() -> None:
    first = footprint([1, 1], [1, 1])
    assert delta_divergence((first, footprint([1, 1, 1], [1, 1, 9]))) == -1
    assert delta_divergence((first, footprint([1, 1, 9], [1, 1, 1]))) == 0
    low = msgspec.structs.replace(footprint([9, 1], [1, 1]), low_ticks=99)
    assert delta_divergence((first, low)) == 1
    assert delta_divergence((first,)) == 0
