"""Lots in coins and money, against exact arithmetic."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.instrument import MarketKind
from undertow.flow.traded_value import TradedValue


@given(
    kind=st.sampled_from(MarketKind),
    trades=st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 10**6)), max_size=9),
)
def test_sums_equal_exact_ones(
    kind: MarketKind, trades: list[tuple[int, int]], make_instrument: Callable[..., Any]
) -> None:
    one = make_instrument(kind, "alpha")
    lots = sum(size for _, size in trades)
    tick_lots = float(sum(ticks * size for ticks, size in trades))
    inverse = sum(size / ticks for ticks, size in trades)
    sums = (lots, 0, tick_lots, 0.0, inverse, 0.0)
    coins = sum((one.base_qty(ticks, size) for ticks, size in trades), Decimal(0))
    money = sum((one.notional(ticks, size).decimal for ticks, size in trades), Decimal(0))
    value = TradedValue(one)
    assert list(value.base(sums)) == pytest.approx([float(coins), 0.0], rel=1e-12)
    assert list(value.quote(sums)) == pytest.approx([float(money), 0.0], rel=1e-12)
