"""The live driver: venues, the queue and the conductor on one event loop.

Each venue runs in a task of its own and puts what it hears into the bounded queue; one task takes
it out and steps the engine; commands go back to the venue named in them. A venue that fails is
started again with growing pauses, its sources marked as lost meanwhile; a broken invariant or a
disk that refuses stops everything.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

import numpy as np

from undertow.domain.command import Command, OperatorCommand
from undertow.domain.engine_input import (
    ClockAdvanced,
    Input,
    OperatorCommanded,
    ReportReceived,
    SourceChanged,
)
from undertow.domain.errors import VenueError
from undertow.domain.market_event import EventArray
from undertow.engine.conductor import Conductor
from undertow.live.input_queue import InputQueue
from undertow.timeline.row_slice import RowSlice
from undertow.venues.venue import Venue

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0
MOST_ROWS_A_STEP = 1 << 16

AfterStep = Callable[[], None]


class Driver:
    """Runs until every venue has ended or `stop` is called.

    venues: by the name that commands carry. sources: names of the sources each of them feeds.
    now_ns: stamps operators' commands and lost connections. after_step: called after each item.
    """

    def __init__(
        self,
        conductor: Conductor,
        venues: Mapping[str, Venue],
        sources: Mapping[str, Sequence[str]],
        *,
        queue: InputQueue,
        now_ns: Callable[[], int],
        after_step: AfterStep,
    ) -> None:
        self._conductor = conductor
        self._routes = dict(venues)
        # One object may serve several venues: it runs once, under its first name.
        self._venues = {venue: name for name, venue in reversed(list(venues.items()))}
        self._sources = sources
        self._queue = queue
        self._now_ns = now_ns
        self._after_step = after_step
        self._stopping = asyncio.Event()
        self.restarts: dict[str, int] = dict.fromkeys(venues, 0)

    async def run(self) -> None:
        """Run until the venues have ended; raises what broke the engine, the journal or a venue."""
        engine = asyncio.create_task(self._work(), name="engine")
        venues = asyncio.create_task(self._run_venues(), name="venues")
        try:
            await asyncio.wait({engine, venues}, return_when=asyncio.FIRST_COMPLETED)
            if not engine.done():
                venues.result()
                settled = asyncio.create_task(self._queue.settled())
                await asyncio.wait({engine, settled}, return_when=asyncio.FIRST_COMPLETED)
                settled.cancel()
        finally:
            await self.stop()
            for task in (venues, engine):
                if not task.done():
                    task.cancel()
            await asyncio.gather(venues, engine, return_exceptions=True)
        if not engine.cancelled():
            engine.result()

    async def stop(self) -> None:
        """Close every venue; what is queued is still handled."""
        self._stopping.set()
        for venue in self._venues:
            await venue.close()

    def operate(self, command: OperatorCommand) -> None:
        """Give the engine an operator's command, on the same road as everything else."""
        self._queue.put(OperatorCommanded(self._now_ns(), command))

    def on_market_rows(self, rows: EventArray) -> None:
        """Market rows of a venue."""
        self._queue.put(rows)

    def on_report(self, received: ReportReceived) -> None:
        """A venue's report."""
        self._queue.put(received)

    def on_source_changed(self, changed: SourceChanged) -> None:
        """A venue's connection went down or came back."""
        self._queue.put(changed)

    def on_clock(self, advanced: ClockAdvanced) -> None:
        """A venue whose time is its own says how late it is there."""
        self._queue.put(advanced)

    async def send(self, commands: Sequence[Command]) -> None:
        """Hand recorded commands to their venues, in order."""
        for command in commands:
            await self._routes[command.venue].submit(command)

    async def _work(self) -> None:
        while True:
            item = await self._queue.get()
            if isinstance(item, np.ndarray):
                await self._take_rows(item)
            else:
                await self._take(item)
            self._after_step()
            self._queue.task_done()

    async def _take_rows(self, rows: EventArray) -> None:
        start = 0
        while start < len(rows):
            stop = min(len(rows), start + MOST_ROWS_A_STEP)
            start, commands = self._conductor.take_rows(RowSlice(rows, start, stop))
            await self.send(commands)

    async def _take(self, item: Input) -> None:
        await self.send(self._conductor.take(item))

    async def _run_venues(self) -> None:
        tasks = [
            asyncio.create_task(self._supervise(name, venue), name=f"venue {name}")
            for venue, name in self._venues.items()
        ]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _supervise(self, name: str, venue: Venue) -> None:
        loop, pause = asyncio.get_running_loop(), FIRST_PAUSE_S
        while not self._stopping.is_set():
            started_s = loop.time()
            try:
                await venue.run(self)
                return
            except VenueError as error:
                self.restarts[name] += 1
                self._tell_lost(name, str(error))
            if loop.time() - started_s > LONGEST_PAUSE_S:
                pause = FIRST_PAUSE_S  # it ran well for a while: this is a new trouble
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)

    def _tell_lost(self, name: str, reason: str) -> None:
        for source in self._sources.get(name, ()):
            self._queue.put(SourceChanged(self._now_ns(), source, False, reason))
