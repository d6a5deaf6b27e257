from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.domain.side import Side
from undertow.simulator.venue_position import VenuePosition

LINEAR, INVERSE = 1, 2


def test_reduce_takes_its_share(table: Any) -> None:
    position = VenuePosition(0)
    position.increase(Side.SELL, 3, cost=300, margin=30)
    assert position.reduce(table[LINEAR], 1, exit_cost=90) == (10, 10)
    assert (position.signed_lots, position.entry_cost, position.margin) == (-2, 200, 20)
    assert position.side is Side.SELL


def test_inverse_profit_is_counted_in_the_coin(table: Any) -> None:
    position = VenuePosition(0)
    position.increase(Side.BUY, 2, cost=200, margin=0)
    assert position.reduce(table[INVERSE], 2, exit_cost=150) == (50, 0)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    cost=st.integers(1, 10**30),
    parts=st.lists(st.integers(1, 50), min_size=1, max_size=10),
)
def test_nothing_is_lost_to_rounding(table: Any, cost: int, parts: list[int]) -> None:
    position = VenuePosition(0)
    position.increase(Side.BUY, sum(parts), cost, cost // 10)
    profit = sum(position.reduce(table[LINEAR], part, 0)[0] for part in parts)
    assert profit == -cost
    assert (position.signed_lots, position.entry_cost, position.margin) == (0, 0, 0)
