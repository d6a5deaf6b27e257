"""Forced closes worked by hand: linear and inverse, cross and isolated, through the book."""

from typing import Any

import pytest

from undertow.domain.money import Money
from undertow.domain.order import Market
from undertow.domain.side import Side
from undertow.simulator.exchange_config import LiquidationFill, MarginMode

INVERSE = 2


def held(make_trader: Any, side: Side, lots: int, index: int = 1, **config: Any) -> Any:
    trader = make_trader(index=index, **config)
    trader.feed(trader.rows.book(1, "1000x9000", "1001x9000"))
    trader.submit(2, "a", side, lots, Market())
    trader.feed(until_ms=2)
    return trader


def test_isolated_inverse_long_is_filled_where_its_margin_is_gone(make_trader: Any) -> None:
    trader = held(
        make_trader, Side.BUY, 1000, INVERSE, margin_mode=MarginMode.ISOLATED,
        balances=[Money.of("50", "BTC")],
    )  # fmt: skip
    # 100,000 USD at 1,001 are 99.9001 BTC; margin 9.98999; P = 100,000 / 109.8901 = 910.0, and
    # liquidation at 100,000 * 1.005 / 109.8901 = 914.55.
    assert trader.feed(trader.rows.mark(3, 915)) == []
    told = trader.feed(trader.rows.mark(4, 914))
    assert told[1].startswith("filled aster-liquidation-4000000-2 910x1000")
    # 50 less the entry fee of 0.05 % and the margin; fees of the close are the fund's.
    left = 50 - 100_000 / 1_001 * 0.0005 - 100_000 / 1_001 / 10
    assert float(trader.exchange.balances()[0]) == pytest.approx(left)


def test_a_gap_beyond_bankruptcy_is_the_funds_loss(make_trader: Any) -> None:
    trader = held(make_trader, Side.SELL, 10, balances=[Money.of("1100", "USDT")])
    # Sold at 1,000, wallet 1,095: gone at 1,109.5; the mark jumped to 2,000.
    told = trader.feed(trader.rows.mark(3, 2_000))
    assert told[1].startswith("filled aster-liquidation-3000000-1 1110x10")
    assert told[-1] == "balance 0 USDT"


def test_through_the_book_when_asked_for(make_trader: Any) -> None:
    trader = held(
        make_trader, Side.BUY, 10, balances=[Money.of("1100", "USDT")],
        liquidation_fill=LiquidationFill.BOOK,
    )  # fmt: skip
    told = trader.feed(trader.rows.mark(3, 890))
    assert told[1].startswith("filled aster-liquidation-3000000-1 1000x10")
    assert trader.exchange.liquidations == 1
