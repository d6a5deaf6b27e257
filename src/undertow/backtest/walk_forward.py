"""Walk-forward: search on the past, trade what follows with what was found, move on, search again.

What is stitched together was never seen by the search that chose its parameters. Each window's test
runs with warm-up on the data before it and begins with the money that the one before left; what is
still held at its end is closed on paper at the last price, so positions do not cross a border.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import isfinite, nan
from typing import NamedTuple

import msgspec
import numpy as np

from undertow.backtest.deflation import Deflation, deflate
from undertow.backtest.reports.equity_measures import equity_measures
from undertow.backtest.result import BacktestResult, CostSplit, EquityCurve, RunCounts
from undertow.backtest.result_trial import trial_of
from undertow.backtest.search.search import (
    SearchPlace,
    holding,
    search_stretch,
    strategy_source,
)
from undertow.backtest.search.search_result import SearchResult
from undertow.backtest.search.search_settings import Face, SearchSettings
from undertow.backtest.search.search_try import (
    SearchTask,
    StrategySource,
    TryItem,
    search_task,
    try_result,
    whole_span,
)
from undertow.backtest.settings import BacktestSettings
from undertow.decision.strategy import Strategy
from undertow.domain.errors import ConfigurationError, StrategyFault
from undertow.domain.parameter import Value
from undertow.domain.time import NS_PER_DAY
from undertow.stats.walk_forward_split import WalkForwardWindow, walk_forward_windows
from undertow.timeline.market_data import MarketData

KIND = "walk_forward"
_LEAST_TEST = 10  # the last test is at least one in so many of a whole one
_SUMMED = ("events", "wakes", "signals", "orders", "fills", "timeouts", "liquidations")


class WalkForwardPlan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """train_days, test_days: lengths of a window. embargo_days: left out between the two. Anchored:
    each trains on everything before its test, else on the last `train_days`. The last test may be
    shorter than the others; what is left over when it would be below a tenth of them is not tested.
    """

    train_days: float
    test_days: float
    embargo_days: float = 0.0
    is_anchored: bool = False

    def windows(self, span_ns: tuple[int, int]) -> list[WalkForwardWindow]:
        """Half-open stretches in nanoseconds since 1970; raises `CallerError` when none fits."""
        if not (self.train_days > 0 and self.test_days > 0 and self.embargo_days >= 0):
            raise ConfigurationError(
                f"expected days to train and test above 0 and an embargo from 0, found "
                f"{self.train_days}, {self.test_days}, {self.embargo_days}"
            )
        start_ns, stop_ns = span_ns
        test_ns = int(self.test_days * NS_PER_DAY)
        found = walk_forward_windows(
            stop_ns - start_ns,
            train=int(self.train_days * NS_PER_DAY),
            test=test_ns,
            gap=int(self.embargo_days * NS_PER_DAY),
            is_anchored=self.is_anchored,
            is_short_kept=True,
        )
        return [
            WalkForwardWindow(*(start_ns + edge for edge in window))
            for window in found
            if (window.test_stop - window.test_start) * _LEAST_TEST >= test_ns
        ]


class WalkForwardStep(NamedTuple):
    """One window: what was chosen, and what it did in and out of sample. Growth is of a day;
    efficiency: growth out of sample over growth in sample, NaN when nothing was earned there.
    """

    window: WalkForwardWindow
    parameters: dict[str, Value]
    tries: int
    sharpe_in: float
    sharpe_out: float
    growth_in: float
    growth_out: float
    efficiency: float
    trades_out: int
    overfit_probability: float


class WalkForwardResult(msgspec.Struct, frozen=True, kw_only=True):
    """result: all tests as one run. efficiency: mean growth of a day out of sample over that in
    sample. tries: sets that were run in all windows. deflation: of the stitched run among all
    walk-forwards of this family here that the ledger has.
    """

    steps: tuple[WalkForwardStep, ...]
    result: BacktestResult
    efficiency: float
    tries: int
    deflation: Deflation

    @property
    def profitable(self) -> float:
        """Share of the windows whose test earned something."""
        return sum(step.growth_out > 0 for step in self.steps) / len(self.steps)


WalkForwardProgress = Callable[[int, int], None]
"""Told windows done and windows in all."""


def walk_forward(
    strategy: Strategy | type[Strategy] | StrategySource,
    data: MarketData,
    plan: WalkForwardPlan,
    search_settings: SearchSettings | None = None,
    settings: BacktestSettings | None = None,
    *,
    place: SearchPlace | None = None,
    progress: WalkForwardProgress | None = None,
) -> WalkForwardResult:
    """Search and test window by window.

    Tries run where `place.executor` runs them and are counted in its ledger, as is the stitched
    run. Raises as `search` does, `CallerError` when no window fits, and `StrategyFault` when the
    strategy fails out of sample.
    """
    asked, where = search_settings or SearchSettings(), place or SearchPlace()
    chosen = settings or BacktestSettings()
    if where.journal is not None:
        raise ConfigurationError("expected no journal: each window is a search of its own")
    task = search_task(strategy_source(strategy), data, chosen, asked, where.rules)
    whole = task
    if asked.face is Face.SIGNALS:
        events = msgspec.structs.replace(asked, face=Face.EVENTS)
        whole = search_task(task.source, data, chosen, events)
    windows = plan.windows(whole_span(data, chosen))
    steps: list[WalkForwardStep] = []
    parts: list[BacktestResult] = []
    quiet = msgspec.structs.replace(where, progress=None)
    with holding(where.executor, task):
        for number, window in enumerate(windows):
            money = parts[-1].final_balance if parts else chosen.starting_balance
            if money <= 0.0:
                break  # ruined: nothing is left to go on with
            found = search_stretch(task, asked, window[:2], quiet)
            step, part = _step(whole, window, found, money)
            steps.append(step)
            parts.append(part)
            if progress is not None:
                progress(number + 1, len(windows))
    return _told(steps, _named(stitched(parts), plan, asked), where)


def stitched(parts: Sequence[BacktestResult]) -> BacktestResult:
    """Runs that follow one another, each begun with what the one before left, as one run."""
    first, last = parts[0], parts[-1]
    trades = [trade for part in parts for trade in part.trades]
    return msgspec.structs.replace(
        last,
        run_name=f"{last.run_name} (walk-forward)",
        start_ns=first.start_ns,
        starting_balance=first.starting_balance,
        trades=tuple(
            msgspec.structs.replace(trade, trade_id=number)
            for number, trade in enumerate(trades, start=1)
        ),
        signals=tuple(row for part in parts for row in part.signals),
        equity=_joined([part.equity for part in parts]),
        curves={name: _joined([part.curves[name] for part in parts]) for name in last.curves},
        closes={name: _joined([part.closes[name] for part in parts]) for name in last.closes},
        costs=CostSplit(
            **{
                name: sum(getattr(part.costs, name) for part in parts)
                for name in CostSplit.__struct_fields__
            }
        ),
        counts=_counted(parts),
        assumptions=(
            *last.assumptions,
            f"{len(parts)} windows, parameters searched before each; positions are closed on paper "
            "at the end of a window",
        ),
        elapsed_s=sum(part.elapsed_s for part in parts),
    )


def _step(
    whole: SearchTask, window: WalkForwardWindow, found: SearchResult, money: float
) -> tuple[WalkForwardStep, BacktestResult]:
    settings = msgspec.structs.replace(whole.settings, starting_balance=money)
    alone = msgspec.structs.replace(whole, settings=settings)
    values = dict(found.best.parameters)
    part = try_result(alone, TryItem(values, window.test_start, window.test_stop))
    if part.failures:
        raise StrategyFault(part.failures[0])
    growth_in = found.best.measures["total_return"] / _days((window.train_start, window.train_stop))
    growth_out = (part.final_balance / part.starting_balance - 1.0) / _days(
        (window.test_start, window.test_stop)
    )
    step = WalkForwardStep(
        window=window,
        parameters=values,
        tries=sum(row.repeats < 0 for row in found.rows),
        sharpe_in=found.best.measures["sharpe"],
        sharpe_out=equity_measures(part.equity).sharpe,
        growth_in=growth_in,
        growth_out=growth_out,
        efficiency=_ratio(growth_out, growth_in),
        trades_out=len(part.trades),
        overfit_probability=found.overfit.overfit_probability,
    )
    return step, part


def _told(
    steps: list[WalkForwardStep], result: BacktestResult, place: SearchPlace
) -> WalkForwardResult:
    # What was tried here is the way of choosing; the parameters of the last window are not.
    tried = {**result.settings["walk_forward"], **result.settings["search"]}
    trial = msgspec.structs.replace(trial_of(result, KIND), parameters=tried)
    known = [trial]
    if place.ledger is not None:
        place.ledger.add([trial], place.at_ns)
        rows = place.ledger.rows(trial.family, trial.market, (trial.start_ns, trial.stop_ns))
        known = [row.trial for row in rows if row.trial.kind == KIND]
    return WalkForwardResult(
        steps=tuple(steps),
        result=result,
        efficiency=_ratio(
            float(np.mean([step.growth_out for step in steps])),
            float(np.mean([step.growth_in for step in steps])),
        ),
        tries=sum(step.tries for step in steps),
        deflation=deflate(trial, known),
    )


def _named(result: BacktestResult, plan: WalkForwardPlan, asked: SearchSettings) -> BacktestResult:
    settings = {
        **result.settings,
        "starting_balance": result.starting_balance,
        "start_ns": result.start_ns,
        "walk_forward": msgspec.to_builtins(plan),
        "search": msgspec.to_builtins(asked),
    }
    return msgspec.structs.replace(result, settings=settings)


def _joined(curves: Sequence[EquityCurve]) -> EquityCurve:
    # Tests join without a hole: the start of one is the end of the one before.
    times = [curves[0].time_ns]
    values = [curves[0].equity]
    for before, curve in pairwise(curves):
        fresh = curve.time_ns > before.time_ns[-1]
        times.append(curve.time_ns[fresh])
        values.append(curve.equity[fresh])
    return EquityCurve(np.concatenate(times), np.concatenate(values), curves[0].step_ns)


def _counted(parts: Sequence[BacktestResult]) -> RunCounts:
    refusals: dict[str, int] = {}
    for part in parts:
        for code, count in part.counts.refusals.items():
            refusals[code] = refusals.get(code, 0) + count
    sums = {name: sum(getattr(part.counts, name) for part in parts) for name in _SUMMED}
    return RunCounts(**sums, refusals=refusals)


def _ratio(out: float, inside: float) -> float:
    return out / inside if isfinite(inside) and inside > 0.0 else nan


def _days(span_ns: tuple[int, int]) -> float:
    return (span_ns[1] - span_ns[0]) / NS_PER_DAY
