"""A quoter's result: exact money against the simulated exchange's own books, trades and equity."""

import numpy as np
import pytest
from tests.backtest.quoter_world import MS, PERP, Reference, quoting, random_rows, restless

from undertow.backtest.quoter_result import quoter_result
from undertow.backtest.quoter_run import QuoterRun
from undertow.domain.money import Money
from undertow.kernels.quoting.quoter import Quoter
from undertow.simulator.exchange_config import ExchangeConfig

START = 1_000_000_000_000.0


def run_of(quoter: Quoter, seed: int, config: ExchangeConfig) -> QuoterRun:
    run = QuoterRun(quoter, PERP, config, every_ns=2 * MS, mark_every_ns=100 * MS)
    run.push(random_rows(seed, 800))
    run.finish()
    return run


@pytest.mark.parametrize("quoter", [restless, quoting], ids=["restless", "quoting"])
def test_the_wallet_is_the_exchanges_to_the_last_digit(quoter: Quoter) -> None:
    config = ExchangeConfig()
    for seed in range(4):
        reference = Reference(quoter.function, config, random_rows(seed, 800), 16)
        reference.run(2 * MS)
        result = quoter_result(run_of(quoter, seed, config), starting_balance=START)
        assert Money.of(result.wallet["USDT"], "USDT") == reference.exchange.balances()[0]
        assert result.costs.funding != 0.0


def test_trades_and_equity_add_up() -> None:
    run = run_of(restless, 2, ExchangeConfig())
    result = quoter_result(run, starting_balance=1_000.0)
    assert len(result.trades) >= 5
    gains = sum(trade.pnl for trade in result.trades)
    assert result.final_balance == pytest.approx(1_000.0 + gains, abs=1e-6)
    assert result.equity.equity[0] == 1_000.0
    assert (np.diff(result.equity.time_ns) == 100 * MS).all()
    assert result.costs.fees == pytest.approx(sum(trade.fees for trade in result.trades))
    lots = sum(order.qty for trade in result.trades for order in trade.orders)
    assert lots == pytest.approx(run.fills["lots"].sum() * 0.001)
    assert result.counts.fills == len(run.fills)


def test_a_run_without_fills_keeps_its_money() -> None:
    run = QuoterRun(quoting, PERP, every_ns=MS)
    run.push(random_rows(1)[:10])
    run.finish()
    result = quoter_result(run, starting_balance=500.0)
    assert result.trades == ()
    assert result.final_balance == 500.0
