"""The memory of a search: Optuna's study, in memory or in a journal file that outlives the process.

Everything that a row says is kept in the study, so that a resumed search tells all of its tries.
"""

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from undertow.backtest.search.samplers import Sampler, new_sampler
from undertow.backtest.search.search_result import SearchRow, TryState
from undertow.backtest.search.search_settings import SearchSettings
from undertow.backtest.search.search_space import (
    Space,
    distributions,
    grid_sets,
    on_grid,
    optuna_library,
)
from undertow.domain.errors import ConfigurationError
from undertow.domain.parameter import Value
from undertow.storage.trial_ledger import Trial

_ROW, _ASKED = "row", "asked"

ValueSet = tuple[tuple[str, Value], ...]
"""Parameters by name, in order of the names."""


class Proposal(msgspec.Struct, frozen=True):
    """A try that is to be made. asked: Optuna's trial."""

    asked: Any
    values: Mapping[str, Value]

    @property
    def number(self) -> int:
        """From 0 on."""
        return int(self.asked.number)


class SearchStudy:
    """Proposes sets and is told what became of them, always in the order of their numbers.

    identity: what the journal's tries were made of; a journal of another search is refused.
    """

    def __init__(
        self, space: Space, settings: SearchSettings, identity: str, journal: Path | None = None
    ) -> None:
        self._optuna = optuna_library()
        self._space = space
        self._settings = settings
        self._distributions = distributions(space)
        with _quiet(self._optuna):
            self._study = self._optuna.create_study(
                storage=None if journal is None else self._stored(journal),
                study_name="search",
                load_if_exists=True,
                directions=["minimize"] * len(settings.losses),
                pruner=self._optuna.pruners.MedianPruner(n_startup_trials=settings.pruner_start),
            )
        self._claim(identity)
        self._end_interrupted()

    def count(self) -> int:
        """Tries proposed so far."""
        return len(self._study.get_trials(deepcopy=False))

    def propose(self, count: int) -> list[Proposal]:
        """The next sets."""
        first = self.count()
        settings = self._settings
        study = self._study
        study.sampler = new_sampler(self._optuna, settings.sampler, settings.seed, first)
        if settings.sampler is Sampler.GRID:
            for values in grid_sets(self._space, first, first + count):
                study.enqueue_trial(values)
        with _quiet(self._optuna):
            asked = [study.ask(self._distributions) for _ in range(count)]
        return [Proposal(one, on_grid(self._space, one.params)) for one in asked]

    def is_behind(self, proposal: Proposal, loss: float, step: int) -> bool:
        """Tell a loss of a part of the time; True when the try should be given up."""
        proposal.asked.report(loss, step)
        return bool(proposal.asked.should_prune())

    def tell(self, proposal: Proposal, row: SearchRow) -> None:
        """What became of a try."""
        states = self._optuna.trial.TrialState
        proposal.asked.set_user_attr(_ROW, msgspec.json.encode(_plain(row)).decode())
        with _quiet(self._optuna):
            if row.state is TryState.DONE:
                self._study.tell(proposal.asked, list(row.losses))
            elif row.state is TryState.PRUNED:
                self._study.tell(proposal.asked, state=states.PRUNED)
            else:
                self._study.tell(proposal.asked, state=states.FAIL)

    def rows(self) -> list[SearchRow]:
        """Every try so far, in order."""
        return [self._row(trial) for trial in self._study.get_trials(deepcopy=False)]

    def _row(self, trial: Any) -> SearchRow:
        text = trial.user_attrs.get(_ROW)
        if text is not None:
            return _row_of(msgspec.json.decode(text))
        return SearchRow(
            number=trial.number,
            state=TryState.FAILED,
            parameters=on_grid(self._space, trial.params),
            error="the search was interrupted during this try",
        )

    def _stored(self, journal: Path) -> Any:
        journal.parent.mkdir(parents=True, exist_ok=True)
        journals = self._optuna.storages.journal
        return self._optuna.storages.JournalStorage(journals.JournalFileBackend(str(journal)))

    def _claim(self, identity: str) -> None:
        found = self._study.user_attrs.get(_ASKED)
        if found is None:
            self._study.set_user_attr(_ASKED, identity)
        elif found != identity:
            raise ConfigurationError(
                "expected the journal of this search (strategy, data, settings, losses, spaces), "
                "found that of another; choose another file, or remove it"
            )

    def _end_interrupted(self) -> None:
        running = self._optuna.trial.TrialState.RUNNING
        for trial in self._study.get_trials(deepcopy=False, states=(running,)):
            self._study.tell(trial.number, state=self._optuna.trial.TrialState.FAIL)


def _quiet(optuna: Any) -> Any:
    # What Optuna calls experimental is chosen by name; its users have nothing to decide here.
    return warnings.catch_warnings(action="ignore", category=optuna.exceptions.ExperimentalWarning)


def _plain(row: SearchRow) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in row.__struct_fields__}
    if row.trial is not None:
        trial = msgspec.structs.asdict(row.trial)
        plain["trial"] = {**trial, "returns": row.trial.returns.tolist()}
    return plain


def _row_of(plain: dict[str, Any]) -> SearchRow:
    trial = plain.pop("trial")
    measures = {
        name: float("nan") if value is None else value for name, value in plain["measures"].items()
    }
    made = None
    if trial is not None:
        returns = np.asarray(trial.pop("returns"), np.float64)
        made = Trial(returns=returns, **trial)
    return SearchRow(
        number=plain["number"],
        state=TryState(plain["state"]),
        parameters=plain["parameters"],
        losses=tuple(plain["losses"]),
        measures=measures,
        error=plain["error"],
        repeats=plain["repeats"],
        trial=made,
    )


def same_values(values: Mapping[str, Value]) -> ValueSet:
    """Equal for equal sets, and fit to be a key."""
    return tuple(sorted(values.items()))
