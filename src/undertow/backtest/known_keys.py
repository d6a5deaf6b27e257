"""A result under the keys that users of candle engines know, and their scripts read.

Times are `2024-01-31 12:00:00+00:00` and milliseconds; ratios are shares, not percent. A key stands
here only when its meaning is the same; everything else of a result is in its own file.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from undertow.backtest.result import BacktestResult, ClosedTrade, TradeOrder
from undertow.domain.side import Side
from undertow.domain.time import NS_PER_DAY, NS_PER_MINUTE, NS_PER_MS

Row = dict[str, Any]


def date_text(time_ns: int) -> str:
    """A time to the second, with its zone."""
    return datetime.fromtimestamp(time_ns // 10**9, UTC).strftime("%Y-%m-%d %H:%M:%S+00:00")


def pair_of(instrument_id: str) -> str:
    """The symbol without its venue."""
    return instrument_id.partition("@")[0]


def trade_row(trade: ClosedTrade) -> Row:
    """One trade."""
    fee = [order.fee / (order.price * order.qty) if order.qty else 0.0 for order in trade.orders]
    return {
        "pair": pair_of(trade.instrument_id),
        "instrument": trade.instrument_id,
        "strategy": trade.strategy,
        "stake_amount": trade.stake,
        "max_stake_amount": trade.stake,
        "amount": trade.qty,
        "open_date": date_text(trade.open_time_ns),
        "close_date": date_text(trade.close_time_ns),
        "open_timestamp": trade.open_time_ns // NS_PER_MS,
        "close_timestamp": trade.close_time_ns // NS_PER_MS,
        "open_rate": trade.entry_price,
        "close_rate": trade.exit_price,
        "fee_open": fee[0] if fee else 0.0,
        "fee_close": fee[-1] if len(fee) > 1 else 0.0,
        "trade_duration": trade.duration_ns // NS_PER_MINUTE,
        "profit_ratio": trade.pnl_ratio,
        "profit_abs": trade.pnl,
        "exit_reason": trade.exit_reason,
        "exit_tag": trade.exit_tag,
        "enter_tag": trade.entry_tag,
        "leverage": trade.leverage,
        "is_short": trade.side is Side.SELL,
        "is_open": trade.is_open,
        "min_rate": trade.low_price,
        "max_rate": trade.high_price,
        "funding_fees": -trade.funding,
        "orders": [order_row(order, trade.side) for order in trade.orders],
    }


def order_row(order: TradeOrder, side: Side) -> Row:
    """One fill of a trade."""
    return {
        "amount": order.qty,
        "safe_price": order.price,
        "ft_order_side": "buy" if order.side is Side.BUY else "sell",
        "order_filled_timestamp": order.time_ns // NS_PER_MS,
        "ft_is_entry": order.side is side,
        "cost": order.price * order.qty,
        "fee": order.fee,
    }


def strategy_keys(result: BacktestResult, name: str) -> Row:
    """Everything of one strategy of a run."""
    trades = [trade for trade in result.trades if trade.strategy == name]
    curve = result.curves[name]
    start, final = float(curve.equity[0]), float(curve.equity[-1])
    days = max((result.stop_ns - result.start_ns) / NS_PER_DAY, 1e-9)
    pairs = _rows_by(trades, lambda trade: pair_of(trade.instrument_id), start)
    return {
        "trades": [trade_row(trade) for trade in trades],
        "results_per_pair": pairs,
        "results_per_enter_tag": _rows_by(trades, lambda trade: trade.entry_tag, start),
        "exit_reason_summary": _rows_by(trades, lambda trade: trade.exit_reason, start),
        "left_open_trades": _rows_by(
            [trade for trade in trades if trade.is_open],
            lambda trade: pair_of(trade.instrument_id),
            start,
        ),
        **_counts(trades),
        **_profits(trades, start, final),
        **_extremes(pairs),
        "trades_per_day": len(trades) / days,
        "backtest_days": int(days),
        "backtest_start": date_text(result.start_ns),
        "backtest_start_ts": result.start_ns // NS_PER_MS,
        "backtest_end": date_text(result.stop_ns),
        "backtest_end_ts": result.stop_ns // NS_PER_MS,
        "market_change": market_change(result),
        "pairlist": sorted({pair_of(one) for one in result.instruments}),
        "stake_currency": result.reporting_currency,
        "stake_amount": result.settings.get("stake", ""),
        "max_open_trades": result.settings.get("max_open_trades", 0) or -1,
        "starting_balance": start,
        "dry_run_wallet": start,
        "final_balance": final,
        "rejected_signals": sum(result.counts.refusals.values()),
        "timedout_entry_orders": result.counts.timeouts,
        "timeframe": result.timeframe,
        "trading_mode": "futures" if any(":" in one for one in result.instruments) else "spot",
        "strategy_name": name,
    }


def comparison_row(result: BacktestResult, name: str) -> Row:
    """One line of `strategy_comparison`."""
    trades = [trade for trade in result.trades if trade.strategy == name]
    return _row(name, trades, float(result.curves[name].equity[0]))


def market_change(result: BacktestResult) -> float:
    """Mean change of the instruments' prices over the run, as a share."""
    changes = [
        float(curve.equity[-1] / curve.equity[0] - 1.0)
        for curve in result.closes.values()
        if curve.equity[0] > 0
    ]
    return sum(changes) / len(changes) if changes else float("nan")


def _rows_by(
    trades: Sequence[ClosedTrade], key: Callable[[ClosedTrade], str], start: float
) -> list[Row]:
    groups: dict[str, list[ClosedTrade]] = {}
    for trade in trades:
        groups.setdefault(key(trade), []).append(trade)
    rows = [_row(name, group, start) for name, group in sorted(groups.items())]
    return [*rows, _row("TOTAL", list(trades), start)]


def _row(name: str, trades: Sequence[ClosedTrade], start: float) -> Row:
    ratios = [trade.pnl_ratio for trade in trades if trade.stake]
    total = sum(trade.pnl for trade in trades)
    return {
        "key": name,
        "trades": len(trades),
        "profit_mean": sum(ratios) / len(ratios) if ratios else 0.0,
        "profit_total_abs": total,
        "profit_total": total / start,
        "duration_avg": _clock(_mean([trade.duration_ns for trade in trades])),
        "wins": sum(trade.pnl > 0 for trade in trades),
        "draws": sum(trade.pnl == 0 for trade in trades),
        "losses": sum(trade.pnl < 0 for trade in trades),
        "winrate": _mean([float(trade.pnl > 0) for trade in trades]),
    }


def _counts(trades: Sequence[ClosedTrade]) -> Row:
    return {
        "total_trades": len(trades),
        "trade_count_long": sum(trade.side is Side.BUY for trade in trades),
        "trade_count_short": sum(trade.side is Side.SELL for trade in trades),
        "wins": sum(trade.pnl > 0 for trade in trades),
        "draws": sum(trade.pnl == 0 for trade in trades),
        "losses": sum(trade.pnl < 0 for trade in trades),
        "total_volume": sum(o.price * o.qty for trade in trades for o in trade.orders),
        "avg_stake_amount": _mean([trade.stake for trade in trades]),
        "holding_avg_s": _mean([trade.duration_ns for trade in trades]) / 1e9,
    }


def _profits(trades: Sequence[ClosedTrade], start: float, final: float) -> Row:
    ratios = sorted(trade.pnl_ratio for trade in trades if trade.stake)
    long = sum(trade.pnl for trade in trades if trade.side is Side.BUY)
    short = sum(trade.pnl for trade in trades if trade.side is Side.SELL)
    return {
        "profit_mean": _mean(ratios),
        "profit_median": ratios[len(ratios) // 2] if ratios else 0.0,
        "profit_total": final / start - 1.0,
        "profit_total_abs": final - start,
        "profit_total_long_abs": long,
        "profit_total_short_abs": short,
    }


def _extremes(pairs: Sequence[Row]) -> Row:
    named = sorted(pairs[:-1], key=lambda row: float(row["profit_total_abs"]))
    return {"worst_pair": named[0], "best_pair": named[-1]} if named else {}


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _clock(duration_ns: float) -> str:
    minutes = int(duration_ns) // NS_PER_MINUTE
    return f"{minutes // 60}:{minutes % 60:02d}:00"
