"""One try: a strategy with one parameter set over one stretch of time. What a worker does."""

from collections.abc import Mapping
from typing import Protocol

import msgspec
import numpy as np

from undertow.backtest.instrument_bars import InstrumentBars, read_bars
from undertow.backtest.library import run_result
from undertow.backtest.result import BacktestResult
from undertow.backtest.result_trial import trial_of
from undertow.backtest.run import BacktestRun
from undertow.backtest.search.losses import WORST, headline, loss_of
from undertow.backtest.search.search_settings import Face, SearchSettings
from undertow.backtest.settings import BacktestSettings
from undertow.backtest.signal_rules import SignalRules
from undertow.backtest.signal_run import run_signals
from undertow.decision.bar_columns import BarColumns
from undertow.decision.strategy import Strategy
from undertow.decision.timeframe import timeframe_seconds
from undertow.domain.bar import TIMEFRAME_NAMES
from undertow.domain.errors import ConfigurationError, DataError, StrategyFault
from undertow.domain.parameter import Value, with_parameters
from undertow.storage.trial_ledger import Trial
from undertow.timeline.market_data import MarketData

_PPM = 1e6


class StrategySource(Protocol):
    """Makes the strategy where it is needed: a class out of a user's file cannot be sent to another
    process, but the file's name can (`cli.app_config.StrategyEntry` is one).
    """

    def strategy(self) -> Strategy:
        """The strategy with its own parameters."""
        ...


class GivenStrategy(msgspec.Struct, frozen=True):
    """A strategy of a module that every worker can import."""

    given: Strategy

    def strategy(self) -> Strategy:
        """It."""
        return self.given


class SearchTask(msgspec.Struct, frozen=True, kw_only=True):
    """What all tries share. data: None when `bars` of the vectorised face were read already."""

    source: StrategySource
    settings: BacktestSettings
    losses: tuple[str, ...]
    data: MarketData | None = None
    bars: tuple[InstrumentBars, ...] = ()
    rules: SignalRules = SignalRules()
    data_digest: str = ""
    least_trades: int = 0
    kind: str = "search"


class TryItem(msgspec.Struct, frozen=True):
    """Parameters by dotted name, and the stretch [start_ns, stop_ns) that is traded."""

    values: Mapping[str, Value]
    start_ns: int
    stop_ns: int


class TryOutcome(msgspec.Struct, frozen=True):
    """losses: in the order asked for. measures: see `losses.headline`. trial: for the ledger."""

    losses: tuple[float, ...]
    measures: Mapping[str, float]
    trial: Trial


def run_try(task: SearchTask, item: TryItem) -> TryOutcome:
    """Run and judge; raises `StrategyFault` with the user's line when the strategy fails."""
    result = try_result(task, item)
    if result.failures:
        raise StrategyFault(result.failures[0])
    is_enough = len(result.trades) >= task.least_trades
    losses = tuple(loss_of(name, result) if is_enough else WORST for name in task.losses)
    return TryOutcome(losses, headline(result), trial_of(result, task.kind))


def try_result(task: SearchTask, item: TryItem) -> BacktestResult:
    """The whole result of one parameter set."""
    strategy = with_parameters(task.source.strategy(), dict(item.values))
    if task.data is None:
        return _of_signals(task, strategy, item)
    settings = msgspec.structs.replace(task.settings, start_ns=item.start_ns, stop_ns=item.stop_ns)
    run = BacktestRun([strategy], task.data, settings)
    run.run()
    return run_result(run)


def search_task(
    source: StrategySource,
    data: MarketData,
    settings: BacktestSettings,
    search: SearchSettings,
    rules: SignalRules | None = None,
) -> SearchTask:
    """What the tries of a search share. On the vectorised face bars are read here, once; without
    rules those that come nearest to the settings are taken.
    """
    task = SearchTask(
        source=source,
        settings=settings,
        losses=search.losses,
        data=data,
        data_digest=data.digest,
        least_trades=search.least_trades,
        kind=search.kind,
    )
    if search.face is Face.EVENTS:
        return task
    strategy = source.strategy()
    if type(strategy).signals is Strategy.signals:
        raise ConfigurationError(
            f"expected a strategy with signals(bars) for the vectorised face, found "
            f"{strategy.name} without"
        )
    bars = tuple(read_bars(data, timeframe_seconds(strategy.timeframe)))
    return msgspec.structs.replace(task, data=None, bars=bars, rules=rules or _rules_of(settings))


def whole_span(data: MarketData, settings: BacktestSettings) -> tuple[int, int]:
    """The stretch that the settings trade of the data; raises `DataError` when there is none."""
    first, last = data.span_ns
    start_ns, stop_ns = max(first, settings.start_ns), min(last, settings.stop_ns)
    if stop_ns <= start_ns:
        raise DataError("expected market data in the stretch of time asked for, found none")
    return start_ns, stop_ns


def _rules_of(settings: BacktestSettings) -> SignalRules:
    if settings.fee is None:
        return SignalRules(fills=settings.fills)
    return SignalRules(fills=settings.fills, taker_ppm=round(settings.fee[1] * _PPM))


def _of_signals(task: SearchTask, strategy: Strategy, item: TryItem) -> BacktestResult:
    bars = [_between(one, item.start_ns, item.stop_ns) for one in task.bars]
    run = run_signals(strategy, bars, task.rules, starting_balance=task.settings.starting_balance)
    return msgspec.structs.replace(run.result(), data_digest=task.data_digest)


def _between(source: InstrumentBars, start_ns: int, stop_ns: int) -> InstrumentBars:
    bars = source.bars
    first = int(np.searchsorted(bars.close_time_ns, start_ns, side="right"))
    last = int(np.searchsorted(bars.open_time_ns, stop_ns))
    if first == 0 and last >= len(bars):
        return source
    columns = {name: column[first:last] for name, column in bars.columns.items()}
    part = BarColumns(bars.open_time_ns[first:last], columns, TIMEFRAME_NAMES[bars.timeframe_s])
    return msgspec.structs.replace(source, bars=part, funding=source.funding[first:last])
