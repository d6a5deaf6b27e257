from collections.abc import Callable
from math import isnan
from typing import Any

from undertow.flow.large_trades import large_trades

FlowOf = Callable[..., Any]


def test_the_larger_side_leads(flow_of: FlowOf) -> None:
    flow = flow_of({300: (200, 100, 20, 10, 50, 80)})
    found = large_trades(flow)
    assert (found.side, found.buy_lots, found.sell_lots) == (-1, 50, 80)
    assert (found.buy_share, found.sell_share) == (0.25, 0.8)
    mirror = large_trades(flow.mirrored())
    assert (mirror.side, mirror.buy_share) == (1, 0.8)


def test_none_or_equal_is_neutral(flow_of: FlowOf) -> None:
    assert large_trades(flow_of({300: (200, 100, 20, 10, 0, 0)})).side == 0
    found = large_trades(flow_of({300: (200, 0, 20, 0, 30, 0)}))
    assert found.side == 1
    assert isnan(found.sell_share)


def test_too_few_trades_say_nothing(flow_of: FlowOf) -> None:
    found = large_trades(flow_of({300: (200, 100, 2, 2, 50, 0)}))
    assert (found.side, found.is_sufficient) == (0, False)
    assert isnan(found.buy_share)
