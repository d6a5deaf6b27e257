"""One measured row."""

import statistics
import time
from collections.abc import Callable

import msgspec


class Result(msgspec.Struct, frozen=True):
    """`best` and `median` are in `unit`; `budget` is what ARCHITECTURE asks, empty without one."""

    what: str
    best: float
    median: float
    unit: str
    budget: str = ""
    note: str = ""


def per_second(
    what: str, count: int, job: Callable[[], object], *, repeats: int = 5, budget: str = "",
    note: str = "", clock: Callable[[], float] = time.perf_counter,
) -> Result:  # fmt: skip
    """Run a job several times after one warm-up; `count` things per run, told per second.

    With `time.process_time` as the clock, per second of CPU: what a busy machine cannot blur.
    """
    job()
    seconds = []
    for _ in range(repeats):
        start = clock()
        job()
        seconds.append(clock() - start)
    best, middle = count / min(seconds), count / statistics.median(seconds)
    return Result(what, best, middle, "/s", budget, note)


def timed(
    what: str, job: Callable[[], object], *, repeats: int = 9, budget: str = "", note: str = ""
) -> Result:
    """Run a job several times after one warm-up; milliseconds of one run."""
    job()
    spent = []
    for _ in range(repeats):
        start = time.perf_counter()
        job()
        spent.append((time.perf_counter() - start) * 1e3)
    return Result(what, min(spent), statistics.median(spent), "ms", budget, note)
