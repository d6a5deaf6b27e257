"""What a backtest gives: trades, marked equity, costs, and everything needed to say how far to
trust them.

Amounts are floats in the reporting currency, for analysis; the exact ones are in the ledger. A cost
is positive when it hurts.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.side import Side
from undertow.timeline.market_data import DataFidelity, DataNote


class TradeOrder(msgspec.Struct, frozen=True, gc=False):
    """One fill of a trade. `reference_price` is the last price known when the order was sent."""

    client_order_id: str
    time_ns: int
    side: Side
    price: float
    qty: float
    fee: float
    is_maker: bool
    reference_price: float
    purpose: str


class ClosedTrade(msgspec.Struct, frozen=True):
    """One position of one strategy on one instrument, from flat to flat.

    qty: most base units held. Prices are weighted by quantity. stake: own capital bound at entry
    (notional / leverage). gross: P&L of prices alone. pnl = gross - fees - funding. spread,
    slippage and impact are parts of gross, not beside it: half the spread crossed, what was paid
    beyond it, what own size moved. risk: money between entry and first stop, 0 = unknown. mae and
    mfe: most adverse (<= 0) and most favourable (>= 0) unrealised P&L. is_open: still held at the
    end of the data and closed on paper at the last price. exit_reason: see `exit_reason`; exit_tag:
    the words of who asked for the exit.
    """

    trade_id: int
    strategy: str
    instrument_id: str
    side: Side
    open_time_ns: int
    close_time_ns: int
    qty: float
    entry_price: float
    exit_price: float
    stake: float
    leverage: float
    gross: float
    fees: float
    funding: float
    pnl: float
    spread: float = 0.0
    slippage: float = 0.0
    impact: float = 0.0
    risk: float = 0.0
    mae: float = 0.0
    mfe: float = 0.0
    low_price: float = 0.0
    high_price: float = 0.0
    entry_tag: str = ""
    exit_reason: str = ""
    exit_tag: str = ""
    is_open: bool = False
    is_liquidation: bool = False
    orders: tuple[TradeOrder, ...] = ()

    @property
    def pnl_ratio(self) -> float:
        """Net P&L over the stake; NaN without a stake."""
        return self.pnl / self.stake if self.stake else float("nan")

    @property
    def duration_ns(self) -> int:
        """Time held."""
        return self.close_time_ns - self.open_time_ns


class SignalRow(msgspec.Struct, frozen=True, gc=False):
    """A signal that a strategy gave, traded or not. stop: 0 = none."""

    time_ns: int
    strategy: str
    instrument_id: str
    action: str
    side: Side
    price: float
    stop: float
    reason: str
    tag: str


class EquityCurve(msgspec.Struct, frozen=True):
    """Marked-to-market equity on a grid of whole multiples of `step_ns`, the start first.

    time_ns, equity: shape (n,). The first point is the starting capital.
    """

    time_ns: NDArray[np.int64]
    equity: NDArray[np.float64]
    step_ns: int


class CostSplit(msgspec.Struct, frozen=True):
    """All costs of a run; those of P&L (fees, funding) and those inside prices (the rest)."""

    fees: float = 0.0
    funding: float = 0.0
    spread: float = 0.0
    slippage: float = 0.0
    impact: float = 0.0


class RunCounts(msgspec.Struct, frozen=True):
    """events: market rows. wakes: times a strategy was asked. refusals: by risk code."""

    events: int = 0
    wakes: int = 0
    signals: int = 0
    orders: int = 0
    fills: int = 0
    timeouts: int = 0
    liquidations: int = 0
    refusals: Mapping[str, int] = {}


class BacktestResult(msgspec.Struct, frozen=True, kw_only=True):
    """One run. The whole of it can be told without running again.

    settings: everything the run was made of, as plain values. assumptions: in words, a line each.
    notes: what is wrong with the data. present_rules: instruments whose past was judged by today's
    ticks, lots and least sizes, because no earlier ones are known. curves: equity by strategy.
    wallet: free and bound by currency at the end, as decimal texts. failures: strategies'
    exceptions, with the user's line.
    """

    run_name: str
    settings: Mapping[str, Any]
    strategies: tuple[str, ...]
    strategy_sources: Mapping[str, str]
    instruments: tuple[str, ...]
    venues: tuple[str, ...]
    timeframe: str
    start_ns: int
    stop_ns: int
    reporting_currency: str
    starting_balance: float
    final_balance: float
    fidelity: DataFidelity
    fills: str
    assumptions: tuple[str, ...]
    notes: tuple[DataNote, ...]
    data_digest: str
    trades: tuple[ClosedTrade, ...]
    signals: tuple[SignalRow, ...] = ()
    equity: EquityCurve
    curves: Mapping[str, EquityCurve]
    closes: Mapping[str, EquityCurve]
    costs: CostSplit
    counts: RunCounts
    wallet: Mapping[str, str]
    failures: tuple[str, ...]
    state_hash: str
    seed: int
    elapsed_s: float
    present_rules: tuple[str, ...] = ()
