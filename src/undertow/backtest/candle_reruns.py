"""The strategy again, on candles that could have been: noise on the recorded ones, or their blocks
in another order.

A strategy that only works on the recorded candles, and not a hair beside them, fits their noise.
Each scenario is a whole backtest, so they run through the executor port. Several instruments are
altered each on its own: what they have in common within a bar is lost.
"""

from enum import StrEnum
from typing import Any

import msgspec
import numpy as np

from undertow.backtest.bar_data import BarData, bar_data
from undertow.backtest.executor import Executor, SerialExecutor, in_order
from undertow.backtest.instrument_bars import InstrumentBars, read_bars
from undertow.backtest.library import run_result
from undertow.backtest.reports.equity_measures import equity_measures
from undertow.backtest.reports.monte_carlo import ScenarioTable, scenario_table
from undertow.backtest.result import BacktestResult
from undertow.backtest.run import BacktestRun
from undertow.backtest.search.search import strategy_source
from undertow.backtest.search.search_try import StrategySource
from undertow.backtest.settings import BacktestSettings
from undertow.decision.strategy import Strategy
from undertow.decision.timeframe import timeframe_seconds
from undertow.domain.bar import TIMEFRAME_NAMES
from undertow.domain.errors import CallerError, DataError
from undertow.domain.instrument import Instrument
from undertow.stats.candle_scenarios import noisy_candles, resampled_candles
from undertow.stats.scenarios import Scenarios
from undertow.timeline.market_data import DataFidelity, MarketData

_PRICES = ("open", "high", "low", "close")
_MEASURES = ("total_return", "max_drawdown", "sharpe", "calmar")
_Row = tuple[float, float, float, float]


class CandleKind(StrEnum):
    """NOISE: `stats.candle_scenarios.noisy_candles`. RESAMPLED: `resampled_candles`."""

    NOISE = "noise"
    RESAMPLED = "resampled"


_MEANINGS = {
    CandleKind.NOISE: (
        "the strategy run again on the same candles with their prices moved by about {strength:g} "
        "of their range; a rule that fits the noise of the recorded ones falls apart"
    ),
    CandleKind.RESAMPLED: (
        "the strategy run again on blocks of the recorded candles in random order; trends longer "
        "than a block are lost, so a rule that lives on them should fail here"
    ),
}


class RerunTask(msgspec.Struct, frozen=True, kw_only=True):
    """What all scenarios share. strength: of the noise."""

    source: StrategySource
    bars: tuple[InstrumentBars, ...]
    settings: BacktestSettings
    kind: CandleKind
    strength: float
    seed: int


def candle_reruns(
    strategy: Strategy | type[Strategy] | StrategySource,
    data: MarketData,
    kind: CandleKind = CandleKind.NOISE,
    settings: BacktestSettings | None = None,
    *,
    scenarios: int = 100,
    strength: float = 0.1,
    seed: int = 7,
    executor: Executor | None = None,
) -> ScenarioTable:
    """Percentiles of total return, drawdown, Sharpe and Calmar ratio over altered candles.

    The run's own numbers are those of the unaltered bars. Raises `CallerError` for data that is not
    bars, and `DataError` with its words when a scenario fails.
    """
    if data.fidelity is not DataFidelity.BARS or scenarios < 1:
        raise CallerError(
            f"expected bars and at least one scenario, found {data.fidelity} and {scenarios}"
        )
    source = strategy_source(strategy)
    bars = tuple(read_bars(data, timeframe_seconds(source.strategy().timeframe)))
    task = RerunTask(
        source=source,
        bars=bars,
        settings=settings or BacktestSettings(),
        kind=CandleKind(kind),
        strength=strength,
        seed=seed,
    )
    runner = executor or SerialExecutor()
    outcomes = in_order(runner.run(rerun, task, [-1, *range(scenarios)]))
    failed = [one for one in outcomes if not one.is_done]
    if failed:
        raise DataError(f"scenario {failed[0].index - 1}: {failed[0].error}")
    rows = [one.value for one in outcomes if one.value is not None]
    total, depth, sharpe, calmar = np.array(rows[1:], np.float64).T
    meaning = _MEANINGS[task.kind].format(strength=strength)
    name = f"{task.kind} candles"
    return scenario_table(Scenarios(name, meaning, total, depth, sharpe, calmar, rows[0]))


def rerun(task: RerunTask, number: int) -> _Row:
    """One scenario; -1: the bars as they are."""
    data = altered_data(task, number)
    run = BacktestRun([task.source.strategy()], data, task.settings)
    run.run()
    return _row(run_result(run))


def altered_data(task: RerunTask, number: int) -> BarData:
    """The bars of a scenario, rounded to each instrument's steps."""
    rng = np.random.Generator(np.random.PCG64((task.seed, number + 1)))
    tables: dict[Instrument, dict[str, Any]] = {}
    for one in task.bars:
        candles = np.column_stack([one.bars.columns[name] for name in _PRICES])
        volume = one.bars.columns["volume"]
        if number >= 0 and task.kind is CandleKind.NOISE:
            candles = noisy_candles(candles, rng, strength=task.strength)
        elif number >= 0:
            candles, places = resampled_candles(candles, rng)
            volume = volume[places]
        columns = dict(zip(_PRICES, candles.T, strict=True))
        tables[one.instrument] = {"date": one.bars.open_time_ns, **columns, "volume": volume}
    length = TIMEFRAME_NAMES[task.bars[0].bars.timeframe_s]
    return bar_data(tables, timeframe=length)


def _row(result: BacktestResult) -> _Row:
    if result.failures:
        raise DataError(result.failures[0])
    found = equity_measures(result.equity)
    total, depth, sharpe, calmar = (float(getattr(found, name)) for name in _MEASURES)
    return total, depth, sharpe, calmar
