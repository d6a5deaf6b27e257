import numpy as np
import pytest
from tests.backtest.reports.made_results import result, trade

from undertow.backtest.result import BacktestResult
from undertow.domain.side import Side


@pytest.fixture
def run() -> BacktestResult:
    """Ninety days and thirty trades of either side, with a drawdown."""
    rng = np.random.default_rng(5)
    equity = 1_000.0 * np.cumprod(np.r_[1.0, 1.0 + rng.normal(0.001, 0.01, 90)])
    pnl = rng.normal(0.5, 2.0, 30)
    made = [
        trade(
            float(one),
            24 * i,
            trade_id=i,
            side=Side.BUY if i % 3 else Side.SELL,
            entry_price=100.0 + i,
            entry_tag="a" if i % 2 else "b",
        )
        for i, one in enumerate(pnl)
    ]
    return result(equity, made)
