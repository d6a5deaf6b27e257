"""Measures of trades on a table worked by hand."""

from math import isnan, sqrt

import pytest
from tests.backtest.reports.made_results import START_NS, trade

from undertow.backtest.reports.trade_measures import trade_measures
from undertow.domain.side import Side
from undertow.domain.time import NS_PER_HOUR

TRADES = [
    trade(4.0, 0, risk=2.0),
    trade(-2.0, 2, risk=2.0, slippage=0.2),
    trade(0.0, 4, side=Side.SELL),
    trade(-1.0, 6, is_liquidation=True, funding=0.25),
    trade(3.0, 8),
]
STOP_NS = START_NS + 20 * NS_PER_HOUR


def test_by_hand() -> None:
    found = trade_measures(TRADES, START_NS, STOP_NS)
    assert (found.total_trades, found.long_trades, found.short_trades) == (5, 4, 1)
    assert (found.wins, found.losses, found.breakeven) == (2, 2, 1)
    assert found.win_rate == 0.4
    assert (found.avg_win, found.avg_loss) == (3.5, 1.5)
    assert found.payoff == pytest.approx(7 / 3)
    assert found.profit_factor == pytest.approx(7 / 3)
    assert found.profit_factor_band == "excellent"
    assert found.expectancy == pytest.approx(0.8)
    assert found.expectancy_ratio == pytest.approx((1 + 7 / 3) * 0.4 - 1)
    deviation = sqrt(sum((x - 0.8) ** 2 for x in (4, -2, 0, -1, 3)) / 4)
    assert found.sqn == pytest.approx(sqrt(5) * 0.8 / deviation)
    # Two trades with a known risk of 2: R of 2 and -1; mean 0.5, deviation 2.1213.
    assert found.sqn_r == pytest.approx(sqrt(2) * 0.5 / (1.5 * sqrt(2)))
    assert (found.max_consecutive_wins, found.max_consecutive_losses) == (1, 1)
    assert found.avg_trade_duration_s == 3_600.0
    assert found.trades_per_day == pytest.approx(6.0)
    assert found.exposure == pytest.approx(5 / 20)
    assert found.avg_profit_ratio == pytest.approx(0.008)
    assert (found.best_trade, found.worst_trade) == (4.0, -2.0)
    assert (found.total_pnl, found.total_fees, found.total_funding) == (4.0, 2.5, 0.25)
    assert found.avg_slippage == pytest.approx(0.04)
    assert found.liquidations == 1


def test_without_trades_rates_are_undefined_and_counts_are_zero() -> None:
    found = trade_measures([], START_NS, STOP_NS)
    assert (found.total_trades, found.total_pnl, found.max_consecutive_losses) == (0, 0.0, 0)
    for value in (found.win_rate, found.profit_factor, found.expectancy, found.sqn, found.kelly):
        assert isnan(value)


def test_without_a_loss_the_profit_factor_is_undefined() -> None:
    assert isnan(trade_measures([trade(1.0), trade(2.0)], START_NS, STOP_NS).profit_factor)


def test_a_trade_without_stake_has_no_ratio() -> None:
    found = trade_measures([trade(1.0, stake=0.0)], START_NS, STOP_NS)
    assert isnan(found.avg_profit_ratio)
