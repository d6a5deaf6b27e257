"""The measures of a result by the names of `undertow.stats`, of equity and of trades."""

from typing import Any

import msgspec

from undertow.backtest.reports.equity_measures import equity_measures
from undertow.backtest.reports.trade_measures import trade_measures
from undertow.backtest.result import BacktestResult


def result_measures(result: BacktestResult) -> dict[str, Any]:
    """Those of the whole run; NaN where a measure is not defined."""
    equity = msgspec.structs.asdict(equity_measures(result.equity))
    trades = msgspec.structs.asdict(trade_measures(result.trades, result.start_ns, result.stop_ns))
    return {**equity, **trades}
