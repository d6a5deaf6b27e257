"""The executor port: many independent jobs over one shared input, wherever they run.

Sweeps, walk-forward and Monte Carlo use it. A job is a function of the shared input and of its own
item, and of nothing else: so the results are the same in one process, in eight, or on a cluster.
"""

import traceback
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from undertow.domain.errors import ConfigurationError

Value = TypeVar("Value")

Work = Callable[[Any, Any], Value]
"""Takes the shared input and an item; must be importable by name (a module's own function)."""


class Outcome(msgspec.Struct, Generic[Value], frozen=True):
    """What became of one item. error: empty when it was done, else what was raised, in words with
    its place; is_lost: the worker died under it (out of memory, killed), nothing was raised.
    """

    index: int
    value: Value | None = None
    error: str = ""
    is_lost: bool = False

    @property
    def is_done(self) -> bool:
        """True when there is a value."""
        return not self.error


class Executor(Protocol):
    """Runs jobs. Close it by leaving its `with` block where it has one."""

    @property
    def jobs(self) -> int:
        """How many items are worked on at once."""
        ...

    def run(self, work: Work[Value], shared: Any, items: Sequence[Any]) -> Iterator[Outcome[Value]]:
        """Every item's outcome, once each, in the order in which they are finished."""
        ...


class SerialExecutor:
    """One after the other, in this process."""

    jobs = 1

    def run(self, work: Work[Value], shared: Any, items: Sequence[Any]) -> Iterator[Outcome[Value]]:
        """Outcomes in the order of the items."""
        for index, item in enumerate(items):
            yield attempt(work, shared, index, item)


def attempt(work: Work[Value], shared: Any, index: int, item: Any) -> Outcome[Value]:
    """Do one job; what it raises becomes words."""
    try:
        return Outcome(index, work(shared, item))
    except MemoryError:
        return Outcome(index, error="out of memory", is_lost=True)
    except Exception as error:  # noqa: BLE001 - users' code runs here; the sweep goes on
        return Outcome(index, error=_words(error))


def in_order(outcomes: Iterator[Outcome[Value]]) -> list[Outcome[Value]]:
    """All outcomes by the index of their item."""
    return sorted(outcomes, key=lambda outcome: outcome.index)


def worker_count(jobs: int, cores: int) -> int:
    """How many workers `-j` means: -1 all cores, -2 all but one, else as many as asked for."""
    if jobs == 0 or cores + 1 + jobs < 1:
        raise ConfigurationError(
            f"expected a number of jobs from 1 on, or -1 (all {cores} cores) to {-cores}, "
            f"found {jobs}"
        )
    return jobs if jobs > 0 else cores + 1 + jobs


def _words(error: Exception) -> str:
    # The last frame is where it was raised: in the user's own file when his code did.
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}: {error}{place}"
