"""Trades of the vectorised face as the trades of every backtest."""

from itertools import repeat
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from undertow.backtest.exit_reason import EXIT_SIGNAL, FORCE_EXIT, LIQUIDATION
from undertow.backtest.result import ClosedTrade, CostSplit, TradeOrder
from undertow.domain.side import Side
from undertow.kernels.backtest import bar_run

if TYPE_CHECKING:
    from undertow.backtest.signal_run import InstrumentRun

_REASONS = {
    bar_run.BY_SIGNAL: EXIT_SIGNAL,
    bar_run.BY_STOP: "stop_loss",
    bar_run.BY_TARGET: "roi",
    bar_run.BY_LIQUIDATION: LIQUIDATION,
    bar_run.AT_END: FORCE_EXIT,
}
_SIDES = {1: Side.BUY, -1: Side.SELL}

Column = NDArray[np.float64]


def closed_trades(run: "InstrumentRun", strategy: str) -> list[ClosedTrade]:
    """One `ClosedTrade` a position; one still open is closed on paper at the last close."""
    trades = _closed_on_paper(run)
    bars = run.source.bars
    instrument_id = run.source.instrument.instrument_id
    side, qty = trades["side"], trades["qty"]
    entry, exit_ = trades["entry_price"], trades["exit_price"]
    fees = trades["entry_fee"] + trades["exit_fee"]
    gross = side * (exit_ - entry) * qty
    stake = qty * entry / run.rules["leverage"][0]
    spread, slippage = _inside_prices(trades, run.rules[0])
    worst = np.where(side > 0, trades["low"], trades["high"])
    best = np.where(side > 0, trades["high"], trades["low"])
    stop = trades["stop"]
    risk = np.where(np.isnan(stop), 0.0, np.abs(entry - stop) * qty)
    open_ns = bars.open_time_ns[trades["open_bar"]]
    close_ns = _left_at(trades, bars.open_time_ns, bars.close_time_ns)
    is_open = trades["reason"] == bar_run.AT_END
    ids = [f"{instrument_id}#{k}" for k in range(1, len(trades) + 1)]
    columns = [
        open_ns, close_ns, qty, entry, exit_, stake, np.full(len(trades), run.rules["leverage"][0]),
        gross, fees, trades["funding"], gross - fees - trades["funding"], spread, slippage,
        np.zeros(len(trades)), risk, np.minimum(side * (worst - entry) * qty, 0.0),
        np.maximum(side * (best - entry) * qty, 0.0), trades["low"], trades["high"],
    ]  # fmt: skip
    return list(
        map(
            ClosedTrade,
            range(1, len(trades) + 1),
            repeat(strategy),
            repeat(instrument_id),
            [_SIDES[one] for one in side.tolist()],
            *(column.tolist() for column in columns),
            repeat(""),
            [_REASONS[one] for one in trades["reason"].tolist()],
            repeat(""),
            is_open.tolist(),
            (trades["reason"] == bar_run.BY_LIQUIDATION).tolist(),
            _orders(ids, trades, open_ns, close_ns),
        )
    )


def cost_split(trades: tuple[ClosedTrade, ...]) -> CostSplit:
    """All costs of the trades."""
    return CostSplit(
        fees=sum(trade.fees for trade in trades),
        funding=sum(trade.funding for trade in trades),
        spread=sum(trade.spread for trade in trades),
        slippage=sum(trade.slippage for trade in trades),
    )


def _closed_on_paper(run: "InstrumentRun") -> NDArray[np.void]:
    trades = run.trades
    if not len(trades) or trades["close_bar"][-1] != bar_run.NO_BAR:
        return trades
    trades = trades.copy()
    last = trades[-1:]
    last["close_bar"] = len(run.source.bars) - 1
    last["reason"] = bar_run.AT_END
    for name in ("exit_price", "exit_raw", "exit_reference"):
        last[name] = run.source.bars.close[-1]
    return trades


def _left_at(
    trades: NDArray[np.void], open_ns: NDArray[np.int64], close_ns: NDArray[np.int64]
) -> NDArray[np.int64]:
    # A signal's exit happens at the open; when inside the bar a level was met, nobody knows.
    place = trades["close_bar"]
    is_open = np.isin(trades["reason"], (bar_run.BY_SIGNAL, bar_run.BY_TARGET))
    found = np.where(is_open, open_ns[place], close_ns[place])
    return np.asarray(found, np.int64)


def _inside_prices(trades: NDArray[np.void], rules: np.void) -> tuple[Column, Column]:
    # What of the prices paid was half a spread, and what lay beyond it.
    spread, total = np.zeros(len(trades)), np.zeros(len(trades))
    tick = float(rules["tick"])
    for end in ("entry", "exit"):
        raw = trades[f"{end}_raw"]
        paid = np.abs(trades[f"{end}_price"] - raw) * trades["qty"]
        half = raw * rules["half_rate"]
        if tick > 0.0:
            half = np.ceil(half / tick - bar_run.SNAP) * tick
        total += paid
        spread += np.minimum(paid, half * trades["qty"])
    return spread, total - spread


def _orders(
    ids: list[str],
    trades: NDArray[np.void],
    open_ns: NDArray[np.int64],
    close_ns: NDArray[np.int64],
) -> list[tuple[TradeOrder, ...]]:
    entries = _ends("entry", "entry", ids, trades, open_ns)
    exits = _ends("exit", "exit", ids, trades, close_ns)
    found: list[tuple[TradeOrder, ...]] = list(zip(entries, exits, strict=True))
    if found and trades["reason"][-1] == bar_run.AT_END:
        found[-1] = found[-1][:1]
    return found


def _ends(
    end: str, purpose: str, ids: list[str], trades: NDArray[np.void], times: NDArray[np.int64]
) -> list[TradeOrder]:
    sign = 1 if end == "entry" else -1
    sides: Any = (sign * trades["side"]).tolist()
    return list(
        map(
            TradeOrder,
            [f"{one}-{end}" for one in ids],
            times.tolist(),
            [_SIDES[one] for one in sides],
            trades[f"{end}_price"].tolist(),
            trades["qty"].tolist(),
            trades[f"{end}_fee"].tolist(),
            repeat(False),
            trades[f"{end}_reference"].tolist(),
            repeat(purpose),
        )
    )
