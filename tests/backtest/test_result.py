from tests.backtest.test_trade_book import LINEAR, book_of, note

from undertow.backtest.result import CostSplit, RunCounts
from undertow.domain.side import Side


def test_a_trade_says_its_ratio_and_time() -> None:
    notes = [note(LINEAR, 10, Side.BUY, 100, 5), note(LINEAR, 70, Side.SELL, 110, 5)]
    (trade,) = book_of(LINEAR, notes)
    assert trade.pnl_ratio == trade.pnl / trade.stake
    assert trade.duration_ns == trade.close_time_ns - trade.open_time_ns


def test_nothing_costs_and_nothing_happened_at_first() -> None:
    assert CostSplit() == CostSplit(0.0, 0.0, 0.0, 0.0, 0.0)
    assert RunCounts().refusals == {}
