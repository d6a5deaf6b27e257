"""Trades of the vectorised face: what half a spread and slippage cost, and who took."""

import numpy as np
import pytest
from tests.backtest.test_signal_run import Given, bars

from undertow.backtest.signal_rules import SignalRules
from undertow.backtest.signal_run import run_signals
from undertow.backtest.signal_stake import SignalStake
from undertow.backtest.signal_trades import closed_trades, cost_split
from undertow.simulator.slippage import Slippage


def test_costs_inside_prices_are_told_apart() -> None:
    """100.00 + 1 % half spread = 101.00, + 2 ticks of slippage = 101.02; mirrored at the exit."""
    rules = SignalRules(
        taker_ppm=0, half_spread_ppm=10_000, slippage=Slippage(2, 0, 0),
        stake=SignalStake.of("money:100"),
    )  # fmt: skip
    strategy = Given(long_entry=(True, False, False, False), long_exit=(False, True, False, False))
    run = run_signals(strategy, [bars([100, 100, 100, 100])], rules).runs[0]
    trade = closed_trades(run, "given")[0]
    assert (trade.entry_price, trade.exit_price) == pytest.approx((101.02, 98.98))
    assert trade.spread == pytest.approx(2.0)
    assert trade.slippage == pytest.approx(0.04)
    assert trade.gross == pytest.approx(-2.04)
    assert [order.reference_price for order in trade.orders] == [100.0, 100.0]
    assert trade.mae <= trade.gross
    assert cost_split((trade,)).spread == trade.spread
    assert not np.isnan(trade.pnl_ratio)
