"""What the closed trades say: rates, factors, expectancy, streaks, times, costs (BT-13, BT-15)."""

from collections.abc import Sequence

import msgspec
import numpy as np

from undertow.backtest.result import ClosedTrade
from undertow.domain.side import Side
from undertow.domain.time import NS_PER_S
from undertow.stats.closed_trades import profit_factor_band, trade_results
from undertow.stats.kelly_criterion import kelly_from_trades
from undertow.stats.system_quality import (
    r_multiples,
    system_quality_band,
    system_quality_number,
    tharp_quality_number,
)
from undertow.stats.trade_streaks import longest_streaks
from undertow.stats.trade_timing import average_duration_ns, exposure_time, trades_per_day

NAN = float("nan")


class TradeMeasures(msgspec.Struct, frozen=True, kw_only=True):
    """Money in the reporting currency, after fees and funding; NaN what is undefined.

    avg_loss: a size, above 0. avg_profit_ratio: mean of the trades' P&L over their stake. sqn: all
    trades, on P&L; sqn_r: Tharp's own, on R multiples of trades with a known initial risk, capped
    at 100 trades. exposure: share of the run with a position open. kelly: multiple of the size
    traded. avg_slippage: of a trade, half spread and impact left out.
    """

    total_trades: int
    long_trades: int
    short_trades: int
    wins: int
    losses: int
    breakeven: int
    win_rate: float
    avg_win: float
    avg_loss: float
    payoff: float
    profit_factor: float
    profit_factor_band: str
    expectancy: float
    expectancy_ratio: float
    sqn: float
    sqn_band: str
    sqn_r: float
    max_consecutive_wins: int
    max_consecutive_losses: int
    avg_trade_duration_s: float
    trades_per_day: float
    exposure: float
    avg_profit_ratio: float
    best_trade: float
    worst_trade: float
    avg_mae: float
    avg_mfe: float
    kelly: float
    total_pnl: float
    total_fees: float
    total_funding: float
    avg_slippage: float
    liquidations: int


def trade_measures(trades: Sequence[ClosedTrade], start_ns: int, stop_ns: int) -> TradeMeasures:
    """All of them, of trades in the order in which they ended, during [start_ns, stop_ns)."""
    pnl = np.array([trade.pnl for trade in trades], np.float64)
    ratios = np.array([trade.pnl_ratio for trade in trades], np.float64)
    ratios = ratios[np.isfinite(ratios)]
    opened = [trade.open_time_ns for trade in trades]
    closed = [trade.close_time_ns for trade in trades]
    results, streaks = trade_results(pnl), longest_streaks(pnl)
    quality = float(system_quality_number(pnl))
    return TradeMeasures(
        total_trades=len(trades),
        long_trades=sum(trade.side is Side.BUY for trade in trades),
        short_trades=sum(trade.side is Side.SELL for trade in trades),
        wins=results.wins,
        losses=results.losses,
        breakeven=results.breakeven,
        win_rate=results.win_rate,
        avg_win=results.average_win,
        avg_loss=results.average_loss,
        payoff=results.payoff_ratio,
        profit_factor=results.profit_factor,
        profit_factor_band=profit_factor_band(results.profit_factor),
        expectancy=results.expectancy,
        expectancy_ratio=results.expectancy_ratio,
        sqn=quality,
        sqn_band=system_quality_band(quality),
        sqn_r=_on_risk(trades),
        max_consecutive_wins=streaks.wins,
        max_consecutive_losses=streaks.losses,
        avg_trade_duration_s=average_duration_ns(opened, closed) / NS_PER_S,
        trades_per_day=trades_per_day(len(trades), start_ns, stop_ns),
        exposure=exposure_time(opened, closed, start_ns, stop_ns),
        avg_profit_ratio=_mean(ratios),
        best_trade=results.best,
        worst_trade=results.worst,
        avg_mae=_mean(np.array([trade.mae for trade in trades])),
        avg_mfe=_mean(np.array([trade.mfe for trade in trades])),
        kelly=kelly_from_trades(ratios).portfolio_fraction if len(ratios) else NAN,
        total_pnl=float(pnl.sum()),
        total_fees=sum(trade.fees for trade in trades),
        total_funding=sum(trade.funding for trade in trades),
        avg_slippage=_mean(np.array([trade.slippage for trade in trades])),
        liquidations=sum(trade.is_liquidation for trade in trades),
    )


def _on_risk(trades: Sequence[ClosedTrade]) -> float:
    known = [trade for trade in trades if trade.risk > 0.0]
    if not known:
        return NAN
    results = [trade.pnl for trade in known]
    return float(tharp_quality_number(r_multiples(results, [trade.risk for trade in known])))


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else NAN
