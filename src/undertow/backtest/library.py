"""`undertow.backtest(...)`: strategies and market data in, a result out.

A pure function of its arguments: no file is written, no clock read, nothing global changed. Two
calls with the same arguments give the same result, in one process or in eight.
"""

import inspect
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Literal, overload

import msgspec
import numpy as np

from undertow.backtest.bar_data import bar_data
from undertow.backtest.equity_marks import EquityMarks
from undertow.backtest.result import BacktestResult, CostSplit, RunCounts, SignalRow
from undertow.backtest.run import BacktestRun, Progress
from undertow.backtest.run_record import SignalNote
from undertow.backtest.settings import BacktestSettings
from undertow.backtest.trade_book import TradeBook
from undertow.decision.strategy import Strategy
from undertow.domain.errors import ConfigurationError
from undertow.domain.instrument import Instrument
from undertow.domain.suggestion import did_you_mean
from undertow.ledger.account_name import AccountKind
from undertow.simulator.assumptions import describe
from undertow.simulator.fill_preset import Fills
from undertow.simulator.instrument_terms import without_history
from undertow.timeline.market_data import MarketData

Strategies = Strategy | type[Strategy] | Sequence[Strategy | type[Strategy]]


@overload
def backtest(
    strategy: Strategies,
    data: Any,
    *,
    instrument: Instrument | str = ...,
    timeframe: str = ...,
    progress: Progress | None = ...,
    fills: Literal["all"],
    **settings: Any,
) -> dict[str, BacktestResult]: ...


@overload
def backtest(
    strategy: Strategies,
    data: Any,
    *,
    instrument: Instrument | str = ...,
    timeframe: str = ...,
    progress: Progress | None = ...,
    fills: str = ...,
    **settings: Any,
) -> BacktestResult: ...


def backtest(
    strategy: Strategies,
    data: Any,
    *,
    instrument: Instrument | str = "ASSET/USDT",
    timeframe: str = "",
    progress: Progress | None = None,
    fills: str = Fills.PESSIMISTIC,
    **settings: Any,
) -> BacktestResult | dict[str, BacktestResult]:
    """Run strategies over market data.

    strategy: one or several, instances or classes with default parameters. data: a `MarketData`,
    or candles as `bar_data` takes them (then `instrument` and `timeframe` say what they are of).
    fills: "pessimistic", "base", "optimistic", or "all" for the three side by side, by name.
    settings: fields of `BacktestSettings`.

    A strategy that raises ends the run: the result holds what was done until then, and `failures`
    the user's line. Raises `ConfigurationError` for wrong settings, `DataError` for unusable data.
    """
    known = BacktestSettings.__struct_fields__
    for name in settings:
        if name not in known:
            raise ConfigurationError(
                f"expected a setting of a backtest, found {name!r};{did_you_mean(name, known)}"
            )
    given = strategy if isinstance(strategy, Sequence) else [strategy]
    made = [one() if isinstance(one, type) else one for one in given]
    market = data if _is_market_data(data) else bar_data(data, instrument, timeframe=timeframe)
    presets = list(Fills) if fills == "all" else [fills]
    results = {
        str(preset): _one(made, market, _settings(settings, preset), progress) for preset in presets
    }
    return results if fills == "all" else results[str(fills)]


def run_result(run: BacktestRun) -> BacktestResult:
    """The result of a finished (or broken off) run."""
    engine, record, settings = run.engine, run.record, run.settings
    fixed = {name: float(rate) for name, rate in engine.rates.rates().items()}
    reporting = engine.config.reporting_currency
    pegged = {reporting: 1.0, **{name: fixed[name] for name in engine.config.pegs}}
    marks = EquityMarks(run.table, run.grid, record, pegged)
    names = tuple(str(one.strategy_id) for one in run.strategies)
    start = marks.start(engine.config.wallets)
    gains = {name: marks.gains(name) for name in names}
    whole = start + sum(gains.values(), np.zeros(len(start)))
    leverage = {row.instrument_id: run.venue.leverage or 1 for row in run.table}
    book = TradeBook(
        run.table, record, run.grid, lambda name: engine.rates.rate(name) or Fraction(0), leverage
    )
    trades = book.trades(engine.now_ns, lambda index: engine.flow[index].last_ticks)
    counters, first, last = engine.memory.counters, *run.span_ns
    return BacktestResult(
        run_name="+".join(names),
        settings=_settings_map(run),
        strategies=names,
        strategy_sources={str(s.strategy_id): _source(s) for s in run.strategies},
        instruments=tuple(row.instrument_id for row in run.table),
        venues=run.table.venues,
        timeframe=run.strategies[0].timeframe,
        start_ns=first,
        stop_ns=last,
        reporting_currency=reporting,
        starting_balance=float(start[0]),
        final_balance=float(engine.keeper.look(engine.now_ns).equity.decimal),
        fidelity=run.data.fidelity,
        fills=str(settings.fills),
        assumptions=describe(run.venue),
        notes=run.data.notes,
        data_digest=run.data.digest,
        trades=trades,
        signals=tuple(_signal_row(run, note) for note in record.signals.values()),
        equity=marks.curve(whole),
        curves={name: marks.curve(start / len(names) + gains[name]) for name in names},
        closes=marks.closes(),
        costs=CostSplit(
            fees=sum(trade.fees for trade in trades),
            funding=sum(trade.funding for trade in trades),
            spread=sum(trade.spread for trade in trades),
            slippage=sum(trade.slippage for trade in trades),
            impact=sum(trade.impact for trade in trades),
        ),
        counts=RunCounts(
            events=counters.rows,
            wakes=_evaluations(run),
            signals=counters.signals,
            orders=counters.orders,
            fills=counters.fills,
            timeouts=record.timeouts,
            liquidations=len(record.liquidated),
            refusals=dict(sorted(counters.refused.items())),
        ),
        wallet=_wallet(run),
        failures=tuple(record.failures),
        state_hash=engine.state_hash(),
        seed=settings.seed,
        elapsed_s=0.0,
        present_rules=without_history(run.table, run.venue.terms_of),
    )


def _one(
    strategies: list[Strategy],
    data: MarketData,
    settings: BacktestSettings,
    progress: Progress | None,
) -> BacktestResult:
    run = BacktestRun(strategies, data, settings)
    run.run(progress)
    return run_result(run)


def _settings(given: Mapping[str, Any], fills: str) -> BacktestSettings:
    try:
        return BacktestSettings(**{**given, "fills": Fills(fills)})
    except ValueError:
        known = [*(preset.value for preset in Fills), "all"]
        raise ConfigurationError(
            f"expected fills of {', '.join(known)}, found {str(fills)!r};"
            f"{did_you_mean(str(fills), known)}"
        ) from None


def _is_market_data(data: Any) -> bool:
    return hasattr(data, "blocks") and hasattr(data, "table")


def _settings_map(run: BacktestRun) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(run.settings)
    plain["limits"] = msgspec.to_builtins(run.limits)
    plain["exchange"] = msgspec.to_builtins(run.venue)
    plain["wallets"] = msgspec.to_builtins(run.engine.config.wallets)
    plain["strategies"] = {
        str(one.strategy_id): {"name": type(one).name, **msgspec.to_builtins(one)}
        for one in run.strategies
    }
    # As a file gives it back: lists, and nothing shared with the settings themselves.
    again: dict[str, Any] = msgspec.msgpack.decode(msgspec.msgpack.encode(plain))
    return again


def _signal_row(run: BacktestRun, note: SignalNote) -> SignalRow:
    signal = note.signal
    price = run.table.get(signal.instrument_id).price_float
    return SignalRow(
        note.at_ns,
        signal.strategy,
        signal.instrument_id,
        signal.action.value,
        signal.side,
        price(signal.entry_ticks),
        price(signal.stop_ticks),
        signal.reason,
        signal.tag,
    )


def _wallet(run: BacktestRun) -> dict[str, str]:
    ledger = run.engine.ledger
    return {
        f"{account.owner} {account.currency}": ledger.balance(account.owner, account.currency).text
        for account in sorted(ledger.balances)
        if account.kind is AccountKind.WALLET
    }


def _evaluations(run: BacktestRun) -> int:
    rows = run.engine.host.funnel.rows
    return sum(sum(row.outcomes.values()) for of_one in rows.values() for row in of_one.values())


def _source(strategy: Strategy) -> str:
    try:
        return inspect.getsource(type(strategy))
    except (OSError, TypeError):
        return ""
