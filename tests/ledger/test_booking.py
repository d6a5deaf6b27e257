from collections.abc import Callable
from fractions import Fraction

import pytest

from undertow.domain.errors import InvariantBroken
from undertow.domain.event import PositionClosed, PositionOpened
from undertow.domain.instrument import Instrument
from undertow.domain.money import Money
from undertow.domain.side import Side
from undertow.ledger.booking import (
    FillCase,
    close_part,
    closed_event,
    multiply,
    open_part,
    opened_event,
)
from undertow.ledger.fill import Fill
from undertow.ledger.transaction import Transaction

MakeFill = Callable[..., Fill]


def _texts(case: FillCase) -> list[str]:
    return [
        f"{account.text} {Money(amount, '').text}"
        for account, amount in case.transaction.balanced()
    ]


def _case(instrument: Instrument, fill: Fill) -> FillCase:
    return FillCase(instrument, fill, {}, Transaction())


def test_spot_buy_moves_money_and_coins(spot: Instrument, make_fill: MakeFill) -> None:
    fill = make_fill(spot, Side.BUY, "2", "100", Money.of("0.2", "USDT"))
    case = _case(spot, fill)
    open_part(case, None, fill.qty_lots, fill.fee.amount)
    assert _texts(case) == [
        "cost:alpha:BTC/USDT@aster:USDT 200",
        "wallet:aster:USDT -200",
        "wallet:aster:BTC 2",
        "coins:alpha:BTC/USDT@aster:BTC -2",
        "fees:alpha:BTC/USDT@aster:USDT 0.2",
        "wallet:aster:USDT -0.2",
    ]


def test_perp_close_settles_only_profit(linear: Instrument, make_fill: MakeFill) -> None:
    entry, exit_ = (make_fill(linear, s, "2", p) for s, p in ((Side.SELL, "100"), (Side.BUY, "90")))
    held = open_part(_case(linear, entry), None, entry.qty_lots, 0)
    case = _case(linear, exit_)
    after = close_part(case, held, exit_.qty_lots, 0)
    assert _texts(case) == [
        "owed:alpha:BTC/USDT:USDT@aster:USDT -200",
        "cost:alpha:BTC/USDT:USDT@aster:USDT 200",
        "wallet:aster:USDT 20",
        "realised:alpha:BTC/USDT:USDT@aster:USDT -20",
    ]
    assert after.realised == Money.of("20", "USDT").amount


def test_records(linear: Instrument, make_fill: MakeFill) -> None:
    entry = make_fill(linear, Side.BUY, "2", "100", Money.of("0.1", "USDT"))
    exit_ = make_fill(linear, Side.SELL, "2", "110", Money.of("0.2", "USDT"), reason="stop_loss")
    case = _case(linear, entry)
    held = open_part(case, None, entry.qty_lots, entry.fee.amount)
    opened = opened_event(case, held)
    assert isinstance(opened, PositionOpened)
    assert (opened.entry_price, opened.qty, opened.decision_id) == ("100", "2", "ut1-d1")
    case = _case(linear, exit_)
    closed = closed_event(case, close_part(case, held, exit_.qty_lots, exit_.fee.amount))
    assert isinstance(closed, PositionClosed)
    assert (closed.exit_price, closed.pnl.text, closed.pnl_percent) == ("110", "19.7", 9.85)
    assert (closed.reason, closed.entry_decision_id, closed.exit_decision_id) == (
        "stop_loss",
        "ut1-d1",
        "ut1-d2",
    )


def test_an_entry_worth_nothing_is_our_bug(inverse: Instrument, make_fill: MakeFill) -> None:
    fill = make_fill(inverse, Side.BUY, "1", "1e22")
    with pytest.raises(InvariantBroken, match="worth at least 1e-18"):
        open_part(_case(inverse, fill), None, 1, 0)


def test_multiply_rounds_half_to_even() -> None:
    assert [multiply(n, Fraction(1, 2)) for n in (1, 3, 5)] == [0, 2, 2]
    assert multiply(10**20, 0.5) == 5 * 10**19
