from typing import Any

import pytest

from undertow.domain.event_rows import to_array
from undertow.domain.market_event import MarkPrice
from undertow.domain.money import Money
from undertow.domain.order import Limit, Market
from undertow.domain.side import Side
from undertow.simulator.exchange_config import Fidelity, LiquidationFill, MarginMode

LINEAR, INVERSE = 1, 2
MS = 1_000_000


def open_position(make_trader: Any, side: Side, usdt: str, **config: Any) -> Any:
    trader = make_trader(balances=[Money.of(usdt, "USDT")], **config)
    trader.feed(trader.rows.book(1, "1000x50 900x50 800x50", "1001x50 1100x50 1200x50"))
    trader.submit(2, "a", side, 10, Limit(1000 if side < 0 else 1001))
    trader.feed(until_ms=2)
    return trader


def test_short_is_closed_where_its_margin_is_gone(make_trader: Any) -> None:
    trader = open_position(make_trader, Side.SELL, "1100")
    # wallet 1095, gone where 10 (P - 1000) = 1095: 1109.5, rounded against us to 1110.
    told = trader.feed(trader.rows.mark(4, 1104))
    assert told == [
        "liquidated BTC/USDT:USDT@aster -10 1104",
        "filled aster-liquidation-4000000-1 1110x10 taker fee 61.05 USDT",
        "position BTC/USDT:USDT@aster 0",
        "balance 0 USDT",
    ]
    assert trader.exchange.liquidations == 1


def test_short_is_liquidated_above(make_trader: Any) -> None:
    trader = open_position(make_trader, Side.SELL, "1100", liquidation_fill=LiquidationFill.BOOK)
    # wallet 1095, equity 1095 - 10 (P - 1000), maintenance 0.05 P: P = 1103.98
    assert trader.feed(trader.rows.mark(3, 1103)) == []
    told = trader.feed(trader.rows.mark(4, 1104))
    assert told == [
        "liquidated BTC/USDT:USDT@aster -10 1104",
        "filled aster-liquidation-4000000-1 1001x10 taker fee 55.055 USDT",
        "position BTC/USDT:USDT@aster 0",
        "balance 1029.945 USDT",
    ]
    assert trader.exchange.is_idle


def test_isolated_loses_no_more_than_its_margin(make_trader: Any) -> None:
    trader = open_position(make_trader, Side.BUY, "5000", margin_mode=MarginMode.ISOLATED)
    trader.feed(trader.rows.book(3, "850x50", "1001x50"))
    told = trader.feed(trader.rows.mark(4, 905))
    # 10 lots from 1001 at 10x: margin 1001, gone at 900.9; entry fee 5.005.
    assert told[1].startswith("filled aster-liquidation-4000000-1 900x10")
    assert told[-1] == f"balance {5000 - 5.005 - 1001:.3f} USDT"


def test_stand_in_marks_come_from_trades(make_trader: Any) -> None:
    trader = open_position(make_trader, Side.BUY, "1100", fidelity=Fidelity.QUOTES)
    assert trader.exchange.is_idle
    trader.feed(trader.rows.quote(3, "1000x50", "1001x50"))
    trader.submit(4, "b", Side.BUY, 10, Market())
    trader.feed(until_ms=4)
    assert trader.feed(trader.rows.trade(5, Side.SELL, 901, 1)) == []
    told = trader.feed(trader.rows.trade(6, Side.SELL, 890, 1))
    assert told[0] == "liquidated BTC/USDT:USDT@aster 10 890"


def test_largest_first_until_the_rest_is_healthy(make_trader: Any, make_rows: Any) -> None:
    trader = make_trader(balances=[Money.of("20", "BTC")], index=INVERSE)
    trader.feed(trader.rows.book(1, "1000x5000", "1001x5000"))
    trader.submit(2, "a", Side.BUY, 1000, Market())
    assert len(trader.feed(until_ms=2)) == 2
    # 100,000 USD at 1001: 99.9 BTC; 20 - 0.05 BTC of wallet last until about 838.
    assert trader.feed(trader.rows.mark(3, 840)) == []
    told = trader.feed(trader.rows.mark(4, 836))
    assert told[0] == "liquidated BTC/USD:BTC@aster 1000 836"


def test_funding_can_be_the_last_straw(make_trader: Any) -> None:
    trader = open_position(make_trader, Side.BUY, "1100")
    trader.feed(trader.rows.mark(3, 900))
    told = trader.feed(trader.rows.funding(4, 900, 0.005))
    assert told[:2] == [
        "funding BTC/USDT:USDT@aster -45 USDT",
        "liquidated BTC/USDT:USDT@aster 10 900",
    ]


def test_bankrupt_account_is_made_whole(make_trader: Any) -> None:
    trader = open_position(make_trader, Side.BUY, "1100")
    trader.feed(trader.rows.book(3, "500x50", "1001x50"))
    told = trader.feed(trader.rows.mark(4, 600))
    assert told[-1] == "balance 0 USDT"
    assert trader.exchange.balances() == (Money.of("0", "USDT"),)


@pytest.mark.parametrize("price", [1e-8, 5e8])
def test_absurd_marks_end_in_a_liquidation_not_in_an_error(make_trader: Any, price: float) -> None:
    side = Side.BUY if price < 1 else Side.SELL
    trader = open_position(make_trader, side, "1100")
    row = MarkPrice(LINEAR, 0, 5 * MS, 5 * MS, round(price * 1e8), 0, 0, 0)
    assert any(text.startswith("liquidated") for text in trader.texts(to_array([row]), 6 * MS))
