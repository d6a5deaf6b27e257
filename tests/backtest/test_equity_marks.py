"""Coins are valued by the price of the moment; linear gains are worked in `test_trade_book`."""

import pytest
from tests.backtest.test_trade_book import INVERSE, S, note, record_of

from undertow.backtest.equity_marks import EquityMarks
from undertow.backtest.price_grid import PriceGrid
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.side import Side


def marks_of(notes: list) -> EquityMarks:  # type: ignore[type-arg]
    table = InstrumentTable([INVERSE])
    grid = PriceGrid(table, (0, 120 * S), 60)
    grid._cells[0, 0] = [10_000, 12_500]
    return EquityMarks(table, grid, record_of(notes), {"USD": 1.0})


def test_a_wallet_of_coins_moves_with_their_price() -> None:
    assert marks_of([]).start({"x": {"BTC": "2"}}).tolist() == [20_000.0, 20_000.0, 25_000.0]


def test_an_inverse_position_gains_coins() -> None:
    gains = marks_of([note(INVERSE, 10, Side.BUY, 10_000, 100, fee="0")]).gains("s")
    assert gains == pytest.approx([0.0, 0.0, 0.2 * 12_500])


def test_another_strategys_fills_are_not_mine() -> None:
    assert marks_of([note(INVERSE, 10, Side.BUY, 10_000, 100)]).gains("other").tolist() == [0.0] * 3
