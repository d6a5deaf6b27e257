"""Whole accounts worked by hand: each line of arithmetic stands beside the fill it belongs to.

Fees are 0.02 % for makers and 0.05 % for takers, leverage 10, maintenance 0.5 %. A lot is one coin
(linear, spot) or a contract of 100 USD (inverse).
"""

from typing import Any

from undertow.domain.money import Money
from undertow.domain.order import Limit, Market
from undertow.domain.side import Side

SPOT, LINEAR, INVERSE = 0, 1, 2


def wallet(trader: Any, currency: str) -> Money:
    found: Money = next(m for m in trader.exchange.balances() if m.currency == currency)
    return found


def test_linear_in_parts_with_funding(make_trader: Any) -> None:
    trader = make_trader(balances=[Money.of("10000", "USDT")])
    rows = trader.rows
    # Buys 3 at 100 and 2 at 101 as taker: cost 300 + 202 = 502, fees 0.15 + 0.101 = 0.251.
    trader.feed(rows.book(1, "99x50", "100x3 101x4"))
    trader.submit(2, "in", Side.BUY, 5, Market())
    trader.feed(until_ms=2)
    assert wallet(trader, "USDT") == Money.of("9999.749", "USDT")
    # Funding +0.01 % at a mark of 110: the long pays 5 * 110 * 0.0001 = 0.055.
    trader.feed(rows.funding(3, 110, 0.0001))
    assert wallet(trader, "USDT") == Money.of("9999.694", "USDT")
    # Negative: it receives 5 * 120 * 0.0002 = 0.12.
    trader.feed(rows.funding(4, 120, -0.0002))
    assert wallet(trader, "USDT") == Money.of("9999.814", "USDT")
    # Sells 2 of the 5 as maker at 105: they cost 502 * 2 / 5 = 200.8; profit 210 - 200.8 = 9.2,
    # fee 210 * 0.0002 = 0.042.
    trader.feed(rows.book(5, "104x50", "105x1 106x50"))
    trader.submit(6, "part", Side.SELL, 2, Limit(105))
    trader.feed(rows.trade(7, Side.BUY, 105, 3))
    assert wallet(trader, "USDT") == Money.of("10008.972", "USDT")
    # Sells the other 3 as taker at 104: cost left 301.2; profit 312 - 301.2 = 10.8, fee 0.156.
    trader.submit(8, "out", Side.SELL, 3, Market())
    trader.feed(until_ms=8)
    assert wallet(trader, "USDT") == Money.of("10019.616", "USDT")
    # Of 10,000: P&L 9.2 + 10.8 = 20, fees 0.251 + 0.042 + 0.156 = 0.449, funding +0.065.
    assert trader.exchange.signed_lots(LINEAR) == 0
    assert trader.exchange.free("USDT") == Money.of("10019.616", "USDT")


def test_linear_short_turns_over_into_a_long(make_trader: Any) -> None:
    trader = make_trader(balances=[Money.of("1000", "USDT")])
    rows = trader.rows
    # Sells 4 at 99: value 396, fee 0.198.
    trader.feed(rows.book(1, "99x4 98x50", "100x50"))
    trader.submit(2, "in", Side.SELL, 4, Market())
    trader.feed(until_ms=2)
    assert wallet(trader, "USDT") == Money.of("999.802", "USDT")
    # Buys 6 at 95: 4 close with 4 * (99 - 95) = 16, 2 open a long; fee 570 * 0.0005 = 0.285.
    trader.feed(rows.book(3, "94x50", "95x50"))
    trader.submit(4, "turn", Side.BUY, 6, Market())
    trader.feed(until_ms=4)
    assert wallet(trader, "USDT") == Money.of("1015.517", "USDT")
    assert trader.exchange.signed_lots(LINEAR) == 2


def test_inverse_long(make_trader: Any) -> None:
    trader = make_trader(index=INVERSE, balances=[Money.of("10", "BTC")])
    rows = trader.rows
    # Buys 40 contracts of 100 USD at 1,000: 4,000 / 1,000 = 4 BTC, fee 4 * 0.0005 = 0.002 BTC.
    trader.feed(rows.book(1, "999x500", "1000x500"))
    trader.submit(2, "in", Side.BUY, 40, Market())
    trader.feed(until_ms=2)
    assert wallet(trader, "BTC") == Money.of("9.998", "BTC")
    # Funding +0.01 % at a mark of 1,250: the long pays 4,000 / 1,250 * 0.0001 = 0.00032 BTC.
    trader.feed(rows.funding(3, 1250, 0.0001))
    assert wallet(trader, "BTC") == Money.of("9.99768", "BTC")
    # Sells half at 1,250: 2,000 * (1 / 1,000 - 1 / 1,250) = 0.4 BTC; fee 1.6 * 0.0005 = 0.0008.
    trader.feed(rows.book(4, "1250x500", "1251x500"))
    trader.submit(5, "part", Side.SELL, 20, Market())
    trader.feed(until_ms=5)
    assert wallet(trader, "BTC") == Money.of("10.39688", "BTC")
    # And half at 800, a loss: 2,000 * (1 / 1,000 - 1 / 800) = -0.5 BTC; fee 2.5 * 0.0005 = 0.00125.
    trader.feed(rows.book(6, "800x500", "801x500"))
    trader.submit(7, "out", Side.SELL, 20, Market())
    trader.feed(until_ms=7)
    assert wallet(trader, "BTC") == Money.of("9.89563", "BTC")


def test_spot_in_parts(make_trader: Any) -> None:
    trader = make_trader(index=SPOT, balances=[Money.of("1000", "USDT")])
    rows = trader.rows
    # A resting buy of 5 at 99, filled 2 and then 1 by trades of 12 and 1 behind a queue of 10:
    # pays 198 + 99, fees of 0.02 %: 0.0396 + 0.0198.
    trader.feed(rows.book(1, "99x10 98x50", "100x50"))
    trader.submit(2, "in", Side.BUY, 5, Limit(99))
    told = trader.feed(rows.trade(3, Side.SELL, 99, 12), rows.trade(4, Side.SELL, 99, 1))
    assert [text.split()[2] for text in told if text.startswith("filled")] == ["99x2", "99x1"]
    assert wallet(trader, "USDT") == Money.of("702.9406", "USDT")
    assert wallet(trader, "BTC") == Money.of("3", "BTC")
    # 2 lots still rest: 198 and their highest fee of 0.05 %, 0.099, are set aside.
    assert trader.exchange.free("USDT") == Money.of("504.8416", "USDT")


def test_liquidation_of_a_linear_long(make_trader: Any) -> None:
    trader = make_trader(balances=[Money.of("120", "USDT")])
    rows = trader.rows
    # Buys 10 at 100: value 1,000, fee 0.5; wallet 119.5. Liquidated where 119.5 + 10 (P - 100) =
    # 0.005 * 10 * P: P = 880.5 / 9.95 = 88.49; bankrupt at 100 - 11.95 = 88.05, in ticks 88.
    trader.feed(rows.book(1, "99x50", "100x50"))
    trader.submit(2, "in", Side.BUY, 10, Market())
    trader.feed(until_ms=2)
    assert trader.feed(rows.mark(3, 88.5)) == []
    told = trader.feed(rows.mark(4, 88.49))
    # 88 * 10 = 880: loss 120, taker fee 0.44, liquidation fee 4.4; 119.5 - 124.84 = -5.34 is the
    # insurance fund's.
    assert told == [
        "liquidated BTC/USDT:USDT@aster 10 88",
        "filled aster-liquidation-4000000-1 88x10 taker fee 4.84 USDT",
        "position BTC/USDT:USDT@aster 0",
        "balance 0 USDT",
    ]
