from collections.abc import Callable
from math import isnan
from typing import Any

from undertow.flow.trade_sizes import trade_sizes


def test_averages_and_counts(bars_of: Callable[..., Any]) -> None:
    bars = bars_of([(5, 6, 4, 5, 14, 21), (5, 6, 4, 5, 7, 7)])
    found = trade_sizes(bars)
    assert (found.buy_trades, found.sell_trades) == (14, 14)
    assert (found.avg_buy_lots, found.avg_sell_lots) == (1.5, 2.0)
    assert trade_sizes(bars[-1:]).avg_sell_lots == 1.0


def test_a_side_without_trades_has_no_average(bars_of: Callable[..., Any]) -> None:
    found = trade_sizes(bars_of([(5, 6, 4, 5, 0, 3)]))
    assert isnan(found.avg_buy_lots)
    assert found.buy_trades == 0
