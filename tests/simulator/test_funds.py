from typing import Any

from undertow.domain.money import MONEY_UNIT
from undertow.domain.order import Limit, Liquidity, Market, OrderState, TimeInForce
from undertow.domain.side import Side
from undertow.simulator.reject_code import RejectCode

SPOT, LINEAR = 0, 1


def test_spot_orders_hold_what_they_need(make_desk: Any, new_order: Any) -> None:
    desk = make_desk("1000 USDT", "3 BTC")
    bid = desk.rest(new_order("a", Side.BUY, 4, Limit(100), index=SPOT), SPOT)
    desk.rest(new_order("b", Side.SELL, 2, Limit(110), index=SPOT), SPOT)
    assert desk.account.held("USDT") == 400 * MONEY_UNIT + MONEY_UNIT // 5
    assert desk.account.held("BTC") == 2 * MONEY_UNIT
    bid.add_fill(3)
    desk.funds.set_aside(bid)
    assert desk.account.held("USDT") == 100 * MONEY_UNIT + MONEY_UNIT // 20
    bid.state = OrderState.CANCELED
    desk.funds.set_aside(bid)
    assert desk.account.held("USDT") == 0


def test_spot_needs_money_to_buy_and_coins_to_sell(
    make_desk: Any, new_order: Any, make_rows: Any
) -> None:
    desk = make_desk("1000 USDT", "3 BTC")
    desk.see(make_rows(SPOT).book(1, "99x50", "100x5 104x5"))
    buy, sell = (new_order("a", side, 1, Market(), index=SPOT) for side in Side)
    poor = RejectCode.INSUFFICIENT_BALANCE
    assert desk.funds.problem(SPOT, buy, Market(), 9) is None
    assert desk.funds.problem(SPOT, buy, Market(), 10).code is poor
    assert desk.funds.problem(SPOT, buy, Limit(100), 9) is None
    assert desk.funds.problem(SPOT, buy, Limit(100), 10).code is poor
    assert desk.funds.problem(SPOT, sell, Limit(100), 3) is None
    assert desk.funds.problem(SPOT, sell, Limit(100), 4).code is poor


def test_amended_spot_order_may_use_what_it_holds(make_desk: Any, new_order: Any) -> None:
    desk = make_desk("1000 USDT")
    order = desk.rest(new_order("a", Side.BUY, 9, Limit(100), index=SPOT), SPOT)
    assert desk.funds.amend_problem(order, Limit(111), 9) is None
    assert desk.funds.amend_problem(order, Limit(112), 9) is not None


def test_derivatives_need_margin_for_what_they_open(
    make_desk: Any, new_order: Any, make_rows: Any
) -> None:
    desk = make_desk("100 USDT")
    desk.see(make_rows(LINEAR).book(1, "99x50", "100x50"), make_rows(LINEAR).mark(1, 100))
    buy, sell = (new_order("a", side, 1, Market()) for side in Side)
    assert desk.funds.problem(LINEAR, buy, Market(), 9) is None
    assert desk.funds.problem(LINEAR, buy, Market(), 10).code is RejectCode.INSUFFICIENT_MARGIN
    desk.account.fill(LINEAR, Side.BUY, 100, 9, Liquidity.MAKER)
    assert desk.funds.problem(LINEAR, sell, Market(), 18) is None
    assert desk.funds.problem(LINEAR, sell, Market(), 19) is not None


def test_reducible(make_desk: Any) -> None:
    desk = make_desk("1000 USDT", "3 BTC")
    assert desk.funds.reducible(SPOT, Side.SELL) == 3
    assert desk.funds.reducible(SPOT, Side.BUY) == 0
    desk.account.fill(LINEAR, Side.SELL, 100, 4, Liquidity.MAKER)
    assert desk.funds.reducible(LINEAR, Side.BUY) == 4
    assert desk.funds.reducible(LINEAR, Side.SELL) == 0


def test_resting_kinds_that_hold_nothing(make_desk: Any, new_order: Any) -> None:
    desk = make_desk("1000 USDT")
    desk.rest(new_order("a", Side.BUY, 4, Limit(100, TimeInForce.GTC)), LINEAR)
    assert desk.account.held("USDT") == 0
