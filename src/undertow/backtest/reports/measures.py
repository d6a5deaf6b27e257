"""Every measure of a result under one name each, for programs."""

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np

from undertow.backtest.reports.equity_measures import equity_measures
from undertow.backtest.reports.trade_measures import trade_measures
from undertow.backtest.result import BacktestResult
from undertow.domain.time import NS_PER_DAY


def measures(result: BacktestResult) -> dict[str, Any]:
    """Flat: equity's and trades' measures, balances, costs. Undefined numbers are NaN (JSON null).

    Names follow `undertow.stats`; fractions are fractions, times are seconds or nanoseconds as
    their names say.
    """
    equity = msgspec.structs.asdict(equity_measures(result.equity))
    trades = msgspec.structs.asdict(trade_measures(result.trades, result.start_ns, result.stop_ns))
    span_days = (result.stop_ns - result.start_ns) / NS_PER_DAY
    gained = result.final_balance - result.starting_balance
    return {
        "starting_balance": result.starting_balance,
        "final_balance": result.final_balance,
        "absolute_profit": gained,
        "days": span_days,
        "avg_daily_profit": gained / span_days if span_days else float("nan"),
        "market_change": market_change(result),
        **equity,
        **trades,
        "costs": msgspec.structs.asdict(result.costs),
    }


def known_names(found: Mapping[str, Any]) -> dict[str, Any]:
    """The same numbers under the names that users of other engines look for (BT-13, BT-16).

    `_pct` are percent points, everything else as in `measures`.
    """
    return {
        "total_pnl": found["total_pnl"],
        "total_return_pct": found["total_return"] * 100,
        "total_profit_pct": found["total_return"] * 100,
        "absolute_profit": found["absolute_profit"],
        "win_rate": found["win_rate"],
        "avg_win": found["avg_win"],
        "avg_loss": found["avg_loss"],
        "profit_factor": found["profit_factor"],
        "max_drawdown": found["max_drawdown"],
        "max_drawdown_pct": found["max_drawdown"] * 100,
        "sharpe_ratio": found["sharpe"],
        "sortino_ratio": found["sortino"],
        "calmar_ratio": found["calmar"],
        "sqn": found["sqn"],
        "expectancy": found["expectancy"],
        "expectancy_ratio": found["expectancy_ratio"],
        "max_consecutive_losses": found["max_consecutive_losses"],
        "total_trades": found["total_trades"],
        "avg_profit_pct": found["avg_profit_ratio"] * 100,
        "avg_duration": found["avg_trade_duration_s"],
        "avg_trade_duration": found["avg_trade_duration_s"],
        "trades_per_day": found["trades_per_day"],
        "avg_daily_profit": found["avg_daily_profit"],
        "avg_slippage": found["avg_slippage"],
        "total_fees": found["total_fees"],
        "starting_balance": found["starting_balance"],
        "final_balance": found["final_balance"],
    }


def market_change(result: BacktestResult) -> float:
    """Mean change of the instruments' prices from first to last close; NaN without one."""
    changes = [
        float(closes.equity[-1] / closes.equity[0] - 1.0)
        for closes in result.closes.values()
        if len(closes.equity) > 1 and closes.equity[0] > 0
    ]
    return float(np.mean(changes)) if changes else float("nan")
