"""Trades out of fills, worked by hand: linear, inverse, partial, crossing zero, still open."""

from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest

from undertow.backtest.equity_marks import EquityMarks
from undertow.backtest.price_grid import PriceGrid
from undertow.backtest.result import ClosedTrade
from undertow.backtest.run_record import FillNote, FundingNote
from undertow.backtest.trade_book import TradeBook
from undertow.domain.fixed import Step
from undertow.domain.identity import ClientOrderId, DecisionId, FillId, InstrumentId, StrategyId
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.money import Money
from undertow.domain.order import Liquidity, Purpose
from undertow.domain.side import Side
from undertow.ledger.fill import Fill

S = 1_000_000_000
ONE = Step(1, 0)
LINEAR = Instrument("ABC/USDT:USDT", "x", "ABC", MarketKind.LINEAR, "ABC", "USDT", "USDT", ONE, ONE)
INVERSE = Instrument(
    "BTC/USD:BTC", "x", "BTC", MarketKind.INVERSE, "BTC", "USD", "BTC", ONE, ONE, Step(100, 0)
)


def note(
    row: Instrument,
    at_s: int,
    side: Side,
    ticks: int,
    lots: int,
    *,
    fee: str = "1",
    ref: float = 0,
) -> FillNote:
    """A fill at a second."""
    fill = Fill(
        fill_id=FillId(f"f{at_s}"),
        client_order_id=ClientOrderId(f"o{at_s}"),
        venue="x",
        strategy=StrategyId("s"),
        instrument_id=row.instrument_id,
        side=side,
        price_ticks=ticks,
        qty_lots=lots,
        liquidity=Liquidity.TAKER,
        fee=Money.of(fee, row.settle),
        purpose=Purpose.EXIT if at_s > 60 else Purpose.ENTRY,
        decision_id=DecisionId(""),
        reason="out",
        event_time_ns=at_s * S,
        at_ns=at_s * S,
    )
    return FillNote(fill, ref or ticks, 1.0)


def record_of(notes: list[FillNote], funding: tuple[FundingNote, ...] = ()) -> Any:
    return SimpleNamespace(fills=notes, signals={}, funding=list(funding), liquidated=[])


def book_of(
    row: Instrument, notes: list[FillNote], funding: tuple[FundingNote, ...] = (), rate: int = 1
) -> tuple[ClosedTrade, ...]:
    table = InstrumentTable([row])
    grid = PriceGrid(table, (0, 600 * S), 60)
    record = record_of(notes, funding)
    leverage = {row.instrument_id: 2}
    book = TradeBook(table, record, grid, lambda name: Fraction(rate), leverage)
    return book.trades(600 * S, lambda index: 120)


def test_a_linear_round_trip() -> None:
    (trade,) = book_of(
        LINEAR, [note(LINEAR, 10, Side.BUY, 100, 5), note(LINEAR, 70, Side.SELL, 110, 5)]
    )
    assert (trade.gross, trade.fees, trade.pnl) == (50.0, 2.0, 48.0)
    assert (trade.stake, trade.leverage) == (250.0, 2.0)
    assert trade.pnl_ratio == 48 / 250
    assert trade.duration_ns == 60 * S
    assert (trade.exit_reason, trade.exit_tag) == ("exit_signal", "out")


def test_partial_fills_make_one_trade_of_mean_prices() -> None:
    notes = [
        note(LINEAR, 10, Side.SELL, 100, 2),
        note(LINEAR, 20, Side.SELL, 106, 1),
        note(LINEAR, 70, Side.BUY, 90, 1),
        note(LINEAR, 80, Side.BUY, 96, 2),
    ]
    (trade,) = book_of(LINEAR, notes)
    assert trade.side is Side.SELL
    assert trade.qty == 3.0
    assert trade.entry_price == 102.0
    assert trade.exit_price == 94.0
    assert trade.gross == 2 * 100 + 106 - 90 - 2 * 96
    assert len(trade.orders) == 4


def test_a_fill_through_zero_ends_one_trade_and_begins_the_next() -> None:
    notes = [note(LINEAR, 10, Side.BUY, 100, 2), note(LINEAR, 70, Side.SELL, 110, 5, fee="5")]
    first, second = book_of(LINEAR, notes)
    assert (first.gross, first.fees) == (20.0, 1.0 + 2.0)
    assert second.is_open
    assert (second.side, second.qty) == (Side.SELL, 3.0)
    assert (second.gross, second.fees) == (3 * (110 - 120), 3.0)


def test_an_inverse_round_trip_is_counted_in_coins() -> None:
    # 100 contracts of 100 dollars, 10,000 to 12,500: 1 - 0.8 = 0.2 coins, at 12,500 dollars each.
    notes = [
        note(INVERSE, 10, Side.BUY, 10_000, 100, fee="0.001"),
        note(INVERSE, 70, Side.SELL, 12_500, 100, fee="0.001"),
    ]
    (trade,) = book_of(INVERSE, notes, rate=12_500)
    assert trade.gross == pytest.approx(0.2 * 12_500)
    assert trade.fees == pytest.approx(0.002 * 12_500)
    assert trade.entry_price == 10_000


def test_funding_belongs_to_the_trade_that_paid_it() -> None:
    paid = FundingNote(
        30 * S, StrategyId("s"), InstrumentId(LINEAR.instrument_id), -3 * 10**18, "USDT"
    )
    later = FundingNote(
        300 * S, StrategyId("s"), InstrumentId(LINEAR.instrument_id), -9 * 10**18, "USDT"
    )
    (trade,) = book_of(
        LINEAR,
        [note(LINEAR, 10, Side.BUY, 100, 5), note(LINEAR, 70, Side.SELL, 110, 5)],
        (paid, later),
    )
    assert trade.funding == 3.0
    assert trade.pnl == 50 - 2 - 3


def test_what_was_paid_beyond_the_reference_is_spread_then_slippage() -> None:
    notes = [
        note(LINEAR, 10, Side.BUY, 103, 2, ref=100),
        note(LINEAR, 70, Side.SELL, 110, 2, ref=110),
    ]
    (trade,) = book_of(LINEAR, notes)
    assert (trade.spread, trade.slippage) == (2.0, 4.0)


def test_equity_is_marked_at_the_grid() -> None:
    table = InstrumentTable([LINEAR])
    grid = PriceGrid(table, (0, 180 * S), 60)
    grid._cells[0, 0] = [100, 130, 90]  # closes of three minutes
    notes = [note(LINEAR, 10, Side.BUY, 100, 5), note(LINEAR, 130, Side.SELL, 95, 5)]
    marks = EquityMarks(table, grid, record_of(notes), {"USDT": 1.0})
    assert marks.gains("s").tolist() == [0.0, -1.0, 149.0, -27.0]
    start = marks.start({"x": {"USDT": "1000"}})
    assert marks.curve(start).equity.tolist() == [1000.0] * 4
    assert marks.closes()[LINEAR.instrument_id].equity.tolist() == [100.0, 100.0, 130.0, 90.0]
