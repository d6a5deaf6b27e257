"""The study of honesty: its jobs in any executor, and its results as plain numbers that are kept.

The page is made of the results alone, so it can be remade without running anything again.
"""

from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.backtest.executor import Executor
from undertow.backtest.honesty.honesty_job import do_job
from undertow.backtest.honesty.honesty_plan import HonestyPlan, Part
from undertow.backtest.honesty.measured import Measured, added
from undertow.domain.errors import DataError

Progress = Callable[[int, int], None]
"""Told how many jobs of how many are done."""

IsOver = Callable[[], bool]
"""Asked after each job: whether no more are to be done."""


class Case(msgspec.Struct, frozen=True):
    """The answers of one case by name."""

    part: Part
    name: str
    answers: dict[str, Measured]


class HonestyResults(msgspec.Struct, frozen=True, kw_only=True):
    """date, machine, version, minutes: of the run. jobs, planned: how many were done, of how many.
    recorded: real candles that were shuffled; 0 = there were none, and their cases are left out.
    """

    date: str
    machine: str
    version: str
    minutes: float
    plan: HonestyPlan
    jobs: int
    planned: int
    recorded: int
    cases: tuple[Case, ...]

    def of(self, part: Part) -> dict[str, dict[str, Measured]]:
        """The cases of a part by name."""
        return {case.name: case.answers for case in self.cases if case.part is part}


class Answered(msgspec.Struct, frozen=True):
    """cases: in the order of the plan. jobs, planned: done, of how many."""

    cases: tuple[Case, ...]
    jobs: int
    planned: int


def run_study(
    plan: HonestyPlan,
    executor: Executor,
    recorded: NDArray[np.float64],
    *,
    tell: Progress = lambda done, total: None,
    is_over: IsOver = lambda: False,
) -> Answered:
    """Do the jobs of a plan. recorded: returns of real candles, shape (n,), or none.

    Whatever the executor, the sums are formed in the order of the plan. Raises `DataError` with
    what a failed job said: no sample is left out silently.
    """
    jobs = plan.jobs(has_recorded=len(recorded) > 0)
    answers: dict[int, dict[str, Measured]] = {}
    for outcome in executor.run(do_job, recorded, jobs):
        if outcome.value is None:
            job = jobs[outcome.index]
            raise DataError(f"the study of {job.part}, {job.case}, failed: {outcome.error}")
        answers[outcome.index] = outcome.value
        tell(len(answers), len(jobs))
        if is_over():
            break
    by_case: dict[tuple[Part, str], list[dict[str, Measured]]] = {}
    for index in sorted(answers):
        by_case.setdefault((jobs[index].part, jobs[index].case), []).append(answers[index])
    cases = tuple(Case(part, name, added(parts)) for (part, name), parts in by_case.items())
    return Answered(cases, len(answers), len(jobs))


def write_results(results: HonestyResults, path: Path) -> None:
    """Keep them as JSON, a line for each case."""
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = msgspec.json.encode(results)
    path.write_bytes(whole.replace(b'{"part":', b'\n{"part":') + b"\n")


def read_results(path: Path) -> HonestyResults:
    """Kept results; raises `DataError` when the file holds none."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=HonestyResults)
    except (OSError, msgspec.MsgspecError) as error:
        raise DataError(f"expected results of the study in {path}, found {error}") from None
