"""backtesting.py's own GOOG example, run by that package and by ours: equal to the cent.

SMA 10/30, always in the market, 10,000 dollars, 0.2 % a side, whole shares, filled at the next
open. The rules are read off its documentation; its numbers come from the installed package.
"""

from typing import Any

import pytest
from tests.backtest.conftest import Turn

from undertow.backtest.bar_data import bar_data
from undertow.backtest.library import backtest

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def theirs() -> Any:
    """Their statistics, with the last position left open."""
    from backtesting import Backtest, Strategy
    from backtesting.lib import crossover
    from backtesting.test import GOOG, SMA

    class SmaCross(Strategy):  # type: ignore[misc]
        def init(self) -> None:
            self.fast = self.I(SMA, self.data.Close, 10)
            self.slow = self.I(SMA, self.data.Close, 30)

        def next(self) -> None:
            if crossover(self.fast, self.slow):
                self.position.close()
                self.buy()
            elif crossover(self.slow, self.fast):
                self.position.close()
                self.sell()

    return Backtest(GOOG, SmaCross, commission=0.002).run()


@pytest.fixture(scope="module")
def ours() -> Any:
    """The same rules in this engine."""
    from backtesting.test import GOOG

    data = bar_data(GOOG, "GOOG/USD:USD", timeframe="1d", steps=("0.01", "1"))
    return backtest(
        Turn(fast=10, slow=30, timeframe="1d"),
        data,
        stake="unlimited",
        tradable_ratio=1.0,
        is_research=True,
        is_reversing=True,
        size_at_open=True,
        fee=(0.002, 0.002),
        fills="optimistic",
        funding="none",
    )


def test_final_equity_to_the_cent(theirs: Any, ours: Any) -> None:
    assert round(ours.final_balance, 2) == round(theirs["Equity Final [$]"], 2)


def test_every_trade(theirs: Any, ours: Any) -> None:
    closed = [trade for trade in ours.trades if not trade.is_open]
    rows = theirs["_trades"]
    assert len(ours.trades) == 66
    assert len(closed) == len(rows) == 65
    for trade, row in zip(closed, rows.itertuples(), strict=True):
        assert trade.side * trade.qty == row.Size
        assert (trade.entry_price, trade.exit_price) == (row.EntryPrice, row.ExitPrice)
        assert round(trade.pnl, 6) == round(row.PnL, 6)
        assert round(trade.fees, 6) == round(row.Commission, 6)
