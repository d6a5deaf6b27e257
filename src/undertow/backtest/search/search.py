"""The search: propose a batch, run it wherever the executor runs, tell, write down, go on.

A batch is proposed from what was told before it and told in the order of its numbers. So the
result depends on the seed and the size of a batch, and not on the number of processes or on which
of them was faster.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import msgspec

from undertow.backtest.executor import Executor, Outcome, SerialExecutor, in_order
from undertow.backtest.process_executor import ProcessExecutor
from undertow.backtest.search.overfit_warning import overfit_warning
from undertow.backtest.search.samplers import Sampler
from undertow.backtest.search.search_result import (
    SearchResult,
    SearchRow,
    TryState,
    best_of,
)
from undertow.backtest.search.search_settings import SearchSettings
from undertow.backtest.search.search_space import Space, grid_size, search_space
from undertow.backtest.search.search_study import Proposal, SearchStudy, ValueSet, same_values
from undertow.backtest.search.search_try import (
    GivenStrategy,
    SearchTask,
    StrategySource,
    TryItem,
    TryOutcome,
    run_try,
    search_task,
    whole_span,
)
from undertow.backtest.settings import BacktestSettings
from undertow.backtest.signal_rules import SignalRules
from undertow.decision.strategy import Strategy
from undertow.domain.errors import ConfigurationError, DataError
from undertow.storage.trial_ledger import Trial, TrialLedger
from undertow.timeline.market_data import MarketData

SearchProgress = Callable[[int, int, SearchRow | None], None]
"""Told tries made, tries asked for, and the best row so far."""


class SearchPlace(msgspec.Struct, frozen=True, kw_only=True):
    """Where a search runs and what it leaves behind.

    ledger: counts every try that was run; at_ns: the time it is written down with (the library has
    no clock). journal: Optuna's file; a search with the same one goes on where it stopped.
    """

    executor: Executor = SerialExecutor()
    ledger: TrialLedger | None = None
    at_ns: int = 0
    journal: Path | None = None
    progress: SearchProgress | None = None
    rules: SignalRules | None = None


def search(
    strategy: Strategy | type[Strategy] | StrategySource,
    data: MarketData,
    search_settings: SearchSettings | None = None,
    settings: BacktestSettings | None = None,
    place: SearchPlace | None = None,
) -> SearchResult:
    """Search a strategy's declared parameters.

    A try that raises, or whose worker is lost, is a failed row with its words, and the search goes
    on. Equal sets are run once. Raises `ConfigurationError` for what cannot be searched and
    `DataError` when no try could be done.
    """
    asked, chosen = search_settings or SearchSettings(), settings or BacktestSettings()
    where = place or SearchPlace()
    task = search_task(strategy_source(strategy), data, chosen, asked, where.rules)
    return search_stretch(task, asked, whole_span(data, chosen), where)


def search_stretch(
    task: SearchTask, settings: SearchSettings, span_ns: tuple[int, int], place: SearchPlace
) -> SearchResult:
    """Search over [start_ns, stop_ns) of a task's data; raises as `search` does."""
    kind = type(task.source.strategy())
    space = search_space(kind, settings.spaces)
    asked = _within_grid(settings, space)
    study = SearchStudy(space, asked, _identity(task, asked, span_ns), place.journal)
    with holding(place.executor, task):
        rows = _Search(study, task, asked, span_ns, place).run()
    best = best_of(rows)
    tries = [row.trial for row in rows if row.trial is not None and row.repeats < 0]
    assert best.trial is not None, "a try that is done has its trial"
    return SearchResult(
        strategy=kind.name,
        losses=asked.losses,
        spaces={name: parameter.space for name, parameter in space.items()},
        start_ns=span_ns[0],
        stop_ns=span_ns[1],
        seed=asked.seed,
        sampler=asked.sampler.value,
        rows=tuple(rows),
        overfit=overfit_warning(best.trial, tries, _known(best.trial, tries, place.ledger)),
    )


def holding(executor: Executor, task: SearchTask) -> AbstractContextManager[None]:
    """Keeps the workers of a pool of processes between batches."""
    return executor.held(task) if isinstance(executor, ProcessExecutor) else nullcontext()


def strategy_source(strategy: Strategy | type[Strategy] | StrategySource) -> StrategySource:
    """Anything that stands for a strategy as a source of it."""
    if isinstance(strategy, type):
        return GivenStrategy(strategy())
    return GivenStrategy(strategy) if isinstance(strategy, Strategy) else strategy


class _Search:
    def __init__(
        self,
        study: SearchStudy,
        task: SearchTask,
        settings: SearchSettings,
        span_ns: tuple[int, int],
        place: SearchPlace,
    ) -> None:
        self._study = study
        self._task = task
        self._settings = settings
        self._span_ns = span_ns
        self._place = place
        self._rows = study.rows()
        self._seen = {same_values(row.parameters): row for row in self._rows if not row.error}

    def run(self) -> list[SearchRow]:
        while (left := self._settings.tries - len(self._rows)) > 0:
            self._make(self._study.propose(min(self._settings.batch, left)))
        return self._rows

    def _make(self, proposals: Sequence[Proposal]) -> None:
        fresh = {same_values(one.values): one for one in reversed(proposals)}
        firsts = [one for one in proposals if fresh[same_values(one.values)] is one]
        new = [one for one in firsts if same_values(one.values) not in self._seen]
        made = self._given_up(new)
        self._finish([one for one in new if one.number not in made], made)
        for proposal in proposals:
            row = made.get(proposal.number) or self._again(proposal, made, fresh)
            self._study.tell(proposal, row)
            self._rows.append(row)
            if not row.error:
                self._seen.setdefault(same_values(proposal.values), row)
        self._write_down(made.values())
        if self._place.progress is not None:
            done = [row for row in self._rows if row.state is TryState.DONE]
            best = best_of(done) if done else None
            self._place.progress(len(self._rows), self._settings.tries, best)

    def _given_up(self, proposals: Sequence[Proposal]) -> dict[int, SearchRow]:
        # Looks at one segment after the other; rows of those that failed or fell behind.
        made: dict[int, SearchRow] = {}
        sums = dict.fromkeys((one.number for one in proposals), 0.0)
        for step in range(self._settings.segments - 1):
            alive = [one for one in proposals if one.number not in made]
            for proposal, outcome in self._outcomes(alive, self._segment(step)):
                if outcome.value is None:
                    made[proposal.number] = _failed(proposal, outcome)
                    continue
                sums[proposal.number] += outcome.value.losses[0]
                mean = sums[proposal.number] / (step + 1)
                if self._study.is_behind(proposal, mean, step):
                    made[proposal.number] = _row(proposal, outcome.value, TryState.PRUNED, (mean,))
        return made

    def _finish(self, proposals: Sequence[Proposal], made: dict[int, SearchRow]) -> None:
        for proposal, outcome in self._outcomes(proposals, self._span_ns):
            found = outcome.value
            made[proposal.number] = (
                _failed(proposal, outcome)
                if found is None
                else _row(proposal, found, TryState.DONE, found.losses)
            )

    def _outcomes(
        self, proposals: Sequence[Proposal], span_ns: tuple[int, int]
    ) -> list[tuple[Proposal, Outcome[TryOutcome]]]:
        items = [TryItem(one.values, *span_ns) for one in proposals]
        found = in_order(self._place.executor.run(run_try, self._task, items)) if items else []
        return list(zip(proposals, found, strict=True))

    def _segment(self, step: int) -> tuple[int, int]:
        start_ns, stop_ns = self._span_ns
        length = (stop_ns - start_ns) // self._settings.segments
        return start_ns + step * length, start_ns + (step + 1) * length

    def _again(
        self,
        proposal: Proposal,
        made: dict[int, SearchRow],
        fresh: dict[ValueSet, Proposal],
    ) -> SearchRow:
        key = same_values(proposal.values)
        row = self._seen.get(key) or made[fresh[key].number]
        first = row.repeats if row.repeats >= 0 else row.number
        return msgspec.structs.replace(row, number=proposal.number, repeats=first)

    def _write_down(self, rows: Iterable[SearchRow]) -> None:
        ledger = self._place.ledger
        trials = [row.trial for row in sorted(rows, key=_number) if row.trial is not None]
        if ledger is not None and trials:
            ledger.add(trials, self._place.at_ns)


def _number(row: SearchRow) -> int:
    return row.number


def _row(
    proposal: Proposal, found: TryOutcome, state: TryState, losses: tuple[float, ...]
) -> SearchRow:
    return SearchRow(
        number=proposal.number,
        state=state,
        parameters=dict(proposal.values),
        losses=losses,
        measures=found.measures,
        trial=found.trial,
    )


def _failed(proposal: Proposal, outcome: Outcome[TryOutcome]) -> SearchRow:
    return SearchRow(
        number=proposal.number,
        state=TryState.FAILED,
        parameters=dict(proposal.values),
        error=outcome.error,
    )


def _within_grid(settings: SearchSettings, space: Space) -> SearchSettings:
    if settings.sampler is not Sampler.GRID:
        return settings
    size = grid_size(space)
    if size > settings.tries:
        raise ConfigurationError(
            f"expected tries for the whole grid of {size} sets, found {settings.tries}; search "
            "fewer spaces, or take another sampler"
        )
    return msgspec.structs.replace(settings, tries=size)


def _identity(task: SearchTask, settings: SearchSettings, span_ns: tuple[int, int]) -> str:
    # What the tries of a journal must have in common; how many there are may grow.
    plain = msgspec.to_builtins(settings)
    del plain["tries"]
    strategy = task.source.strategy()
    own = {"name": strategy.name, **msgspec.to_builtins(strategy)}
    parts = (plain, own, msgspec.to_builtins(task.settings), task.data_digest, span_ns)
    body = msgspec.json.encode(parts, order="sorted")
    return hashlib.blake2b(body, digest_size=16).hexdigest()


def _known(best: Trial, tries: Sequence[Trial], ledger: TrialLedger | None) -> Sequence[Trial]:
    if ledger is None:
        return tries
    rows = ledger.rows(best.family, best.market, (best.start_ns, best.stop_ns))
    if not rows:
        raise DataError("expected the tries of this search in the trial ledger, found none")
    return [row.trial for row in rows]
