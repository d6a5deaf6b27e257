"""The vectorised face: a strategy's `signals` over whole columns of bars, as a backtest.

The same meaning as the engine over bars, in one compiled loop: see `kernels.backtest.bar_run` for
the rules and docs/strategy_faces.md for what this face cannot do. Everything is held in memory.
"""

import gc
import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.backtest.instrument_bars import InstrumentBars, read_bars
from undertow.backtest.result import BacktestResult, ClosedTrade, EquityCurve, RunCounts
from undertow.backtest.signal_rules import SignalRules
from undertow.backtest.signal_trades import closed_trades, cost_split
from undertow.decision.bar_columns import BarColumns
from undertow.decision.signals import Signals
from undertow.decision.strategy import Strategy
from undertow.decision.timeframe import timeframe_seconds
from undertow.domain.errors import CallerError, StrategyFault
from undertow.domain.time import NS_PER_S
from undertow.domain.time_grid import time_grid
from undertow.kernels.backtest import bar_run, signal_bits
from undertow.timeline.market_data import DataFidelity, DataNote, MarketData

_BITS = {
    "long_entry": signal_bits.LONG_ENTRY,
    "long_exit": signal_bits.LONG_EXIT,
    "short_entry": signal_bits.SHORT_ENTRY,
    "short_exit": signal_bits.SHORT_EXIT,
}
_NOTHING = np.empty(0)


class BarWishes(msgspec.Struct, frozen=True):
    """Signals on the grid of the bars that are simulated: bits (n,), and levels (n,) or empty."""

    bits: NDArray[np.uint8]
    levels: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]


class InstrumentRun(msgspec.Struct, frozen=True):
    """What became of one instrument: trades are `BAR_TRADE`, equity at each close, shape (n,)."""

    source: InstrumentBars
    account: np.void
    trades: NDArray[np.void]
    equity: NDArray[np.float64]
    rules: NDArray[np.void]


class SignalRun(msgspec.Struct, frozen=True, kw_only=True):
    """A finished run as arrays; `result()` tells it as every backtest is told.

    Each instrument has an equal share of the starting balance as an account of its own.
    """

    strategy: Strategy
    rules: SignalRules
    runs: tuple[InstrumentRun, ...]
    starting_balance: float
    data_digest: str
    fidelity: DataFidelity
    notes: tuple[DataNote, ...]

    @property
    def final_balance(self) -> float:
        """Marked equity at the last closes."""
        return float(sum(run.account["equity"] for run in self.runs))

    @property
    def trade_count(self) -> int:
        """Positions opened."""
        return int(sum(run.account["trades"] for run in self.runs))

    def equity(self) -> EquityCurve:
        """All accounts together, at the start and at each close."""
        return _together([_curve(run, self.starting_balance / len(self.runs)) for run in self.runs])

    def result(self) -> BacktestResult:
        """The run as a `BacktestResult`."""
        name = self.strategy.strategy_id
        equity = self.equity()
        trades = self._closed_trades()
        quotes = {run.source.instrument.quote for run in self.runs}
        currency = next(iter(quotes)) if len(quotes) == 1 else ""
        return BacktestResult(
            run_name=f"{name} (signals)",
            settings={
                "face": "signals",
                "strategy": {"name": self.strategy.name, **msgspec.to_builtins(self.strategy)},
                "rules": msgspec.to_builtins(self.rules),
            },
            strategies=(name,),
            strategy_sources={name: _source(type(self.strategy))},
            instruments=tuple(run.source.instrument.instrument_id for run in self.runs),
            venues=tuple(dict.fromkeys(run.source.instrument.venue for run in self.runs)),
            timeframe=self.strategy.timeframe,
            start_ns=int(equity.time_ns[0]),
            stop_ns=int(equity.time_ns[-1]),
            reporting_currency=currency,
            starting_balance=self.starting_balance,
            final_balance=self.final_balance,
            fidelity=self.fidelity,
            fills=str(self.rules.fills),
            assumptions=self.rules.sentences(),
            notes=self.notes,
            data_digest=self.data_digest,
            trades=trades,
            equity=equity,
            curves={name: equity},
            closes={run.source.instrument.instrument_id: _closes(run) for run in self.runs},
            costs=cost_split(trades),
            counts=self._counts(),
            wallet={currency: repr(self.final_balance)},
            failures=(),
            state_hash=self.state_hash(),
            seed=0,
            elapsed_s=0.0,
            present_rules=tuple(run.source.instrument.instrument_id for run in self.runs),
        )

    def state_hash(self) -> str:
        """Equal runs have equal hashes: trades and accounts, to the last bit."""
        digest = hashlib.blake2b(digest_size=16)
        for run in self.runs:
            digest.update(run.trades.tobytes())
            digest.update(run.account.tobytes())
        return digest.hexdigest()

    def _closed_trades(self) -> tuple[ClosedTrade, ...]:
        # Many small objects in a row and no cycle among them: looking for cycles would double it.
        was_on = gc.isenabled()
        gc.disable()
        try:
            name = self.strategy.strategy_id
            return tuple(trade for run in self.runs for trade in closed_trades(run, name))
        finally:
            if was_on:
                gc.enable()

    def _counts(self) -> RunCounts:
        fills = int(sum(run.account["fills"] for run in self.runs))
        return RunCounts(
            events=sum(run.source.rows or len(run.source.bars) for run in self.runs),
            wakes=sum(len(run.source.bars) for run in self.runs),
            signals=fills,
            orders=fills,
            fills=fills,
            liquidations=int(sum(run.account["liquidations"] for run in self.runs)),
        )


def run_signals(
    strategy: Strategy,
    data: MarketData | Sequence[InstrumentBars],
    rules: SignalRules | None = None,
    *,
    starting_balance: float = 10_000.0,
) -> SignalRun:
    """Run a strategy's `signals` over bars.

    data: market data with bars, or with trades that bars are made of, or bars that were read
    before. Raises `CallerError` for a strategy without signals or data without bars, and
    `StrategyFault` for signals that are none.
    """
    chosen = rules or SignalRules()
    if not 0.0 < starting_balance < float("inf"):
        raise CallerError(f"expected a starting balance above 0, found {starting_balance}")
    notes: tuple[DataNote, ...] = ()
    if isinstance(data, Sequence):
        sources, digest = list(data), ""
        fidelity = DataFidelity.BARS
    else:
        seconds = timeframe_seconds(strategy.timeframe)
        sources, digest, notes = read_bars(data, seconds), data.digest, tuple(data.notes)
        fidelity = data.fidelity
    wanted = [one for one in sources if strategy.wants(one.instrument)]
    sources = [one for one in wanted if len(one.bars)]
    if not sources:
        raise CallerError(f"expected bars that {strategy.name} wants, found none")
    notes += tuple(
        DataNote("empty", one.instrument.instrument_id, 0, "no bar was there, it was left out")
        for one in wanted
        if not len(one.bars)
    )
    share = starting_balance / len(sources)
    runs = tuple(_run(strategy, one, chosen, share) for one in sources)
    return SignalRun(
        strategy=strategy,
        rules=chosen,
        runs=runs,
        starting_balance=starting_balance,
        data_digest=digest,
        fidelity=fidelity,
        notes=notes,
    )


def wishes_of(strategy: Strategy, bars: BarColumns) -> BarWishes:
    """A strategy's signals on bars, checked, put on the grid of `bars`.

    The strategy sees bars of its own timeframe. Raises as `run_signals` does.
    """
    own = bars.resampled(timeframe_seconds(strategy.timeframe)).declare(strategy.indicators())
    signals = strategy.signals(own)
    if signals is None:
        raise CallerError(
            f"expected a strategy with signals(bars), found {strategy.name} without; "
            "see docs/strategy_faces.md"
        )
    if not isinstance(signals, Signals):
        raise StrategyFault(f"expected Signals, found {type(signals).__name__}")
    bits = np.zeros(len(own), np.uint8)
    for name, bit in _BITS.items():
        wish = signals.wish(name, len(own))
        if wish is not None:
            signal_bits.add_bits(wish, bit, bits)
    for name in strategy.indicators():
        signal_bits.drop_entries(own[name], bits)
    stop, target, size = (signals.level(name, len(own)) for name in signals.levels())
    if own is bars or len(own) == len(bars):
        return BarWishes(bits, (stop, target, size))
    place = bars.last_of(own)
    return BarWishes(
        _spread(bits, place, len(bars), 0),
        (
            _spread(stop, place, len(bars), np.nan),
            _spread(target, place, len(bars), np.nan),
            _spread(size, place, len(bars), np.nan),
        ),
    )


def new_accounts(bars: BarColumns, balance: float, count: int = 1) -> NDArray[np.void]:
    """Fresh `ACCOUNT` rows that start at the first bar's open."""
    accounts = np.zeros(count, bar_run.ACCOUNT)
    for name in ("cash", "equity", "peak", "day_equity"):
        accounts[name] = balance
    if len(bars):
        accounts["day_ns"] = (int(bars.open_time_ns[0]) // bar_run.DAY_NS + 1) * bar_run.DAY_NS
    return accounts


def price_columns(bars: BarColumns) -> tuple[NDArray[np.float64], ...]:
    """Open, high, low, close."""
    return bars.open, bars.high, bars.low, bars.close


def _run(
    strategy: Strategy, source: InstrumentBars, rules: SignalRules, balance: float
) -> InstrumentRun:
    bars = source.bars
    wishes = wishes_of(strategy, bars)
    row = rules.row(source.instrument, bars.timeframe_s)
    accounts = new_accounts(bars, balance)
    entries = signal_bits.LONG_ENTRY | signal_bits.SHORT_ENTRY
    trades = np.zeros(int(np.count_nonzero(wishes.bits & entries)), bar_run.BAR_TRADE)
    equity = np.empty(len(bars))
    bar_run.run_bars(
        bars.close_time_ns,
        price_columns(bars),
        wishes.bits,
        wishes.levels,
        source.funding,
        row,
        accounts,
        trades,
        equity,
    )
    return InstrumentRun(source, accounts[0], trades[: int(accounts["trades"][0])], equity, row)


def _spread(column: NDArray[Any], place: NDArray[np.int64], bars: int, empty: float) -> Any:
    if not len(column):
        return column
    wide = np.full(bars, empty, column.dtype)
    wide[place] = column
    return wide


def _curve(run: InstrumentRun, balance: float) -> EquityCurve:
    bars = run.source.bars
    return _on_grid(bars, np.concatenate([[balance], run.equity]))


def _closes(run: InstrumentRun) -> EquityCurve:
    bars = run.source.bars
    return _on_grid(bars, np.concatenate([bars.open[:1], bars.close]))


def _on_grid(bars: BarColumns, values: NDArray[np.float64]) -> EquityCurve:
    # Values at the first open and at each close; a hole in the bars keeps the last one.
    step = bars.timeframe_s * NS_PER_S
    if not len(bars):
        return EquityCurve(np.zeros(1, np.int64), values[:1], step)
    times = np.concatenate([bars.open_time_ns[:1], bars.close_time_ns])
    if times[-1] - times[0] == (len(times) - 1) * step:
        return EquityCurve(times, values, step)
    grid = time_grid(times[0], times[-1], step)
    return EquityCurve(grid, values[np.searchsorted(times, grid, side="right") - 1], step)


def _together(curves: list[EquityCurve]) -> EquityCurve:
    first = curves[0]
    if all(np.array_equal(one.time_ns, first.time_ns) for one in curves[1:]):
        total = np.sum([one.equity for one in curves], axis=0)
        return EquityCurve(first.time_ns, total, first.step_ns)
    step = min(one.step_ns for one in curves)
    start = min(int(one.time_ns[0]) for one in curves)
    stop = max(int(one.time_ns[-1]) for one in curves)
    grid = time_grid(start, stop, step)
    total = np.zeros(len(grid))
    for one in curves:
        place = np.searchsorted(one.time_ns, grid, side="right") - 1
        total += one.equity[np.maximum(place, 0)]
    return EquityCurve(grid, total, step)


def _source(kind: type) -> str:
    import inspect

    try:
        return inspect.getsource(kind)
    except (OSError, TypeError):
        return ""
