"""Jobs in a pool of processes, with memory shared and no job lost.

A worker that dies (out of memory, killed) takes the whole pool with it; the jobs that were under
way are then tried again one at a time, so that the one that kills is told by name and the innocent
are done.
"""

import multiprocessing
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, nullcontext
from typing import Any, TypeVar

from undertow.backtest.executor import Outcome, Work, attempt
from undertow.backtest.shared_object import SharedObject, SharingRoom

Value = TypeVar("Value")

_LOST = "the worker died under this job (out of memory, or killed)"
_AHEAD = 2
"""Jobs handed over ahead of time, for each worker: few, so that a broken pool loses little."""

_shared: list[Any] = []
"""A worker's own: the shared input, opened once."""


class _Held:
    # A room and a pool that outlive a run; the pool is made when it is first wanted.
    def __init__(self, value: Any, room: SharingRoom) -> None:
        self.value = value
        self.room = room
        self.pool: ProcessPoolExecutor | None = None

    def end_pool(self) -> None:
        if self.pool is not None:
            self.pool.shutdown(cancel_futures=True)
            self.pool = None


class ProcessExecutor:
    """A pool of `jobs` fresh processes for each run, or for all runs inside a `held` block; nothing
    is inherited but the shared input.
    """

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self._held: _Held | None = None

    @contextmanager
    def held(self, shared: Any) -> Iterator[None]:
        """Keep the workers between runs over this very object, which must not change meanwhile:
        a process takes a second or more to start.
        """
        if self._held is not None:
            yield
            return
        with SharingRoom(shared) as room:
            self._held = _Held(shared, room)
            try:
                yield
            finally:
                self._held.end_pool()
                self._held = None

    def run(self, work: Work[Value], shared: Any, items: Sequence[Any]) -> Iterator[Outcome[Value]]:
        """Outcomes as they are finished."""
        left = list(range(len(items)))
        is_held = self._held is not None and self._held.value is shared
        with (
            nullcontext(self._held.room) if is_held and self._held else SharingRoom(shared) as room
        ):
            workers = self.jobs if is_held else min(self.jobs, max(1, len(items)))
            suspects = yield from self._pooled(work, room.shared, items, left, workers)
            while suspects or left:
                # One at a time: whatever dies now, died by itself.
                alone, suspects = suspects[:1], suspects[1:]
                if alone:
                    lost = yield from self._pooled(work, room.shared, items, alone, 1)
                    yield from (Outcome(i, error=_LOST, is_lost=True) for i in lost)
                else:
                    suspects = yield from self._pooled(work, room.shared, items, left, workers)

    def _pooled(
        self,
        work: Work[Value],
        shared: SharedObject,
        items: Sequence[Any],
        left: list[int],
        workers: int,
    ) -> Generator[Outcome[Value], None, list[int]]:
        # Does what is `left` until it is empty or a worker dies; returns what was under way then.
        pool, held = self._pool(shared, workers)
        under_way: dict[Future[Outcome[Value]], int] = {}
        try:
            while left or under_way:
                while left and len(under_way) < workers * _AHEAD:
                    index = left.pop(0)
                    under_way[pool.submit(_attempt, work, index, items[index])] = index
                done, _ = wait(under_way, return_when=FIRST_COMPLETED)
                for future in done:
                    outcome = future.result()
                    del under_way[future]
                    yield outcome
        except BrokenProcessPool:
            if held is not None:
                held.end_pool()
            return sorted(under_way.values())
        finally:
            # Left in the middle by its caller, a held pool may still be at work: it ends, too.
            if held is None:
                pool.shutdown(cancel_futures=True)
            elif under_way:
                held.end_pool()
        return []

    def _pool(self, shared: SharedObject, workers: int) -> tuple[ProcessPoolExecutor, _Held | None]:
        context = multiprocessing.get_context("spawn")
        held = self._held
        if held is None or held.room.shared is not shared or workers < self.jobs:
            fresh = ProcessPoolExecutor(workers, context, initializer=_open, initargs=(shared,))
            return fresh, None
        if held.pool is None:
            held.pool = ProcessPoolExecutor(workers, context, initializer=_open, initargs=(shared,))
        return held.pool, held


def _open(shared: SharedObject) -> None:
    _shared[:] = [shared.open()]


def _attempt(work: Work[Value], index: int, item: Any) -> Outcome[Value]:
    return attempt(work, _shared[0], index, item)
