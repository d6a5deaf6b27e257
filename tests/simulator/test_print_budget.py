from typing import Any

from undertow.domain.side import Side
from undertow.simulator.exchange_config import Fidelity
from undertow.simulator.print_budget import PrintBudget

LINEAR = 1


def test_shares_by_side_and_kind(make_desk: Any) -> None:
    desk = make_desk(fidelity=Fidelity.BARS)
    budget = PrintBudget(desk.markets)
    market = desk.markets.market(LINEAR)
    market["volume"], market["has_volume"] = 105, 1
    budget.take(LINEAR, Side.BUY, 4)
    budget.make(LINEAR, Side.SELL, 10)
    assert [budget.takers(LINEAR, side) for side in Side] == [6, 10]
    assert [budget.makers(LINEAR, side) for side in Side] == [10, 0]
    market["volume"] = 20
    assert budget.takers(LINEAR, Side.BUY) == 0


def test_without_a_volume_there_is_no_bound(make_desk: Any) -> None:
    budget = PrintBudget(make_desk(fidelity=Fidelity.BARS).markets)
    budget.take(LINEAR, Side.BUY, 10**9)
    assert budget.takers(LINEAR, Side.BUY) > 10**15
