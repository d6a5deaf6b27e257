"""Results made by hand, for tests of what is said about them."""

from typing import Any

import msgspec
import numpy as np

from undertow.backtest.result import (
    BacktestResult,
    ClosedTrade,
    CostSplit,
    EquityCurve,
    RunCounts,
)
from undertow.domain.side import Side
from undertow.domain.time import NS_PER_DAY, NS_PER_HOUR
from undertow.timeline.market_data import DataFidelity

START_NS = 1_704_067_200 * 10**9  # 2024-01-01 00:00 UTC, a Monday


def curve(equity: Any, step_ns: int = NS_PER_DAY) -> EquityCurve:
    """Equity at steps from the start on."""
    levels = np.asarray(equity, np.float64)
    times = START_NS + step_ns * np.arange(len(levels), dtype=np.int64)
    return EquityCurve(times, levels, step_ns)


def trade(pnl: float, hour: int = 0, **changes: Any) -> ClosedTrade:
    """A long of an hour that earned `pnl` on a stake of 100, fees of 0.5 already taken off."""
    made = ClosedTrade(
        trade_id=1,
        strategy="cross",
        instrument_id="BTC/USDT:USDT@aster",
        side=Side.BUY,
        open_time_ns=START_NS + hour * NS_PER_HOUR,
        close_time_ns=START_NS + (hour + 1) * NS_PER_HOUR,
        qty=1.0,
        entry_price=100.0,
        exit_price=100.0 + pnl + 0.5,
        stake=100.0,
        leverage=1.0,
        gross=pnl + 0.5,
        fees=0.5,
        funding=0.0,
        pnl=pnl,
        entry_tag="a",
        exit_reason="roi",
        mae=-1.0,
        mfe=2.0,
    )
    return msgspec.structs.replace(made, **changes)


def result(equity: Any, trades: Any = (), **changes: Any) -> BacktestResult:
    """A result with this daily equity and these trades."""
    levels = curve(equity)
    made = BacktestResult(
        run_name="made by hand",
        settings={"fee": "0.0005"},
        strategies=("cross",),
        strategy_sources={},
        instruments=("BTC/USDT:USDT@aster",),
        venues=("aster",),
        timeframe="1h",
        start_ns=START_NS,
        stop_ns=int(levels.time_ns[-1]),
        reporting_currency="USDT",
        starting_balance=float(levels.equity[0]),
        final_balance=float(levels.equity[-1]),
        fidelity=DataFidelity.BARS,
        fills="pessimistic",
        assumptions=("fills at the next open",),
        notes=(),
        data_digest="d",
        trades=tuple(trades),
        equity=levels,
        curves={"cross": levels},
        closes={"BTC/USDT:USDT@aster": curve(np.linspace(100.0, 110.0, len(levels.equity)))},
        costs=CostSplit(fees=0.5 * len(tuple(trades))),
        counts=RunCounts(events=10, wakes=5),
        wallet={"USDT": "1000"},
        failures=(),
        state_hash="0" * 32,
        seed=7,
        elapsed_s=1.0,
    )
    return msgspec.structs.replace(made, **changes)
