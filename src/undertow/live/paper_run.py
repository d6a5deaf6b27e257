"""A paper run from start to end: resume or begin, drive, checkpoint, end in good order."""

import asyncio
import gc
import signal
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

import msgspec

from undertow.decision.strategy import Strategy
from undertow.domain.engine_input import Effect
from undertow.domain.time import NS_PER_S
from undertow.engine.conductor import Conductor
from undertow.live.cold_start import compile_kernels, is_cold
from undertow.live.driver import Driver
from undertow.live.input_queue import InputQueue
from undertow.live.kill_switch_file import KILL_SWITCH_FILE, KillSwitchFile
from undertow.live.log_lines import LogLines
from undertow.live.paper_session import PaperSession, PaperSettings, Progress, digest_of
from undertow.live.paper_venue import PaperVenue
from undertow.live.put_aside import put_aside
from undertow.live.recording import Recording
from undertow.live.recovery import recover
from undertow.storage.checkpoint import find_restart, take_checkpoint
from undertow.storage.folder_lock import FolderLock
from undertow.storage.home_folder import HomeFolder
from undertow.storage.journal_files import JournalReader, JournalWriter
from undertow.storage.journal_tail import find_tail
from undertow.storage.recorder import Recorder
from undertow.storage.run_number import RunNumber
from undertow.storage.snapshot_files import SnapshotFiles
from undertow.storage.state_database import StateDatabase
from undertow.timeline.clock import Clock
from undertow.timeline.journal_record import RunEnded, RunStarted

KILL_POLL_S = 0.25
"""How often a run looks for the kill switch file."""


class PaperPlan(msgspec.Struct, frozen=True):
    """What a paper run is asked to do.

    config: the whole resolved configuration as text, kept in the journal. speed: market seconds per
    wall second, None as fast as it goes. duration_s: market seconds to run, None until stopped.
    checkpoint_every_s: market seconds between checkpoints. is_recorded: market data also goes to
    the Parquet lake.
    """

    settings: PaperSettings
    config: str
    version: str
    speed: float | None = 1.0
    duration_s: float | None = None
    is_fresh: bool = False
    checkpoint_every_s: int = 60
    segment_bytes: int = 64 << 20
    keep_snapshots: int = 3
    is_recorded: bool = False

    @property
    def mode(self) -> str:
        """Names the session's folders; another configuration is another session."""
        return f"paper_{digest_of(self.config)}"


class PaperRun:
    """One run of one session in a home folder. `open`, `run`, `close`, or `abandon`."""

    def __init__(
        self, plan: PaperPlan, strategies: Sequence[Strategy], home: Path, clock: Clock
    ) -> None:
        self.plan = plan
        self.home = HomeFolder(home, plan.mode)
        self.notes: list[str] = []
        self.is_interrupted = False
        self._strategies = tuple(strategies)
        self._clock = clock
        self._files = ExitStack()
        self._queue = InputQueue()
        self._last_checkpoint_ns = 0
        self._driver: Driver | None = None
        self._stopping: asyncio.Task[None] | None = None

    def open(self, progress: Progress | None = None) -> None:
        """Resume the session, or warm a new one up; afterwards the journal is open."""
        self.home.create()
        if is_cold():
            compile_kernels()
        if self.plan.is_fresh:
            put_aside(self.home)
        lock = FolderLock(self.home.journal)
        try:
            run, pending, has_state = self._catch_up(progress)
        finally:
            lock.release()
        self.session.engine.begin_run(run)
        self.journal = JournalWriter(
            self.home.journal, self._run_started(run), segment_bytes=self.plan.segment_bytes
        )
        self._files.callback(self.journal.close)
        if self.journal.torn is not None:
            self.notes.append(f"cut a torn tail: {self.journal.torn}")
        self.recording = Recording(self.journal, LogLines(), self._recorder(run))
        self.conductor = Conductor(self.session.engine, self.recording)
        if not has_state:
            self.journal.append_state(self.session.engine.snapshot(), self.session.engine.now_ns)
        commands = self.conductor.keep(pending)
        self.session.world.submit(commands, self.session.engine.now_ns)
        self._checkpoint()

    async def run(self, on_tick: Callable[[], None] | None = None) -> None:
        """Drive the session until its time is over or it is told to stop."""
        until_ns = None
        if self.plan.duration_s is not None:
            until_ns = self.session.world.now_ns + int(self.plan.duration_s * NS_PER_S)
        table = self.session.market.table
        venue = PaperVenue(
            self.session.world,
            tuple(table),
            self._queue.settled,
            self._clock,
            next_due_ns=lambda: self.session.engine.next_due_ns,
            speed=self.plan.speed,
            until_ns=until_ns,
        )
        self._driver = Driver(
            self.conductor,
            dict.fromkeys(table.venues, venue),
            {table.venues[0]: self.session.market.sources},
            queue=self._queue,
            now_ns=lambda: max(self.session.engine.now_ns, self.session.world.now_ns),
            after_step=self._after_step,
        )
        self._listen()
        switch = KillSwitchFile(
            self.home.root / KILL_SWITCH_FILE,
            is_engaged=self.session.engine.risk.state.is_killed,
        )
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGUSR1, self._kill, switch)
        # What exists now stays: looking through it for garbage would halt the stream for 12 ms.
        gc.collect()
        gc.freeze()
        driving = asyncio.create_task(self._driver.run())
        watching = asyncio.create_task(self._watch(switch, on_tick))
        try:
            await asyncio.wait({driving, watching}, return_when=asyncio.FIRST_COMPLETED)
            if watching.done():
                # Nobody would see the kill switch any more: end the run and say why.
                await self._driver.stop()
                await driving
                watching.result()
            await driving
        finally:
            watching.cancel()
            await asyncio.gather(watching, driving, return_exceptions=True)
            gc.unfreeze()

    def close(self, reason: str) -> None:
        """End in good order: a last checkpoint, the state hash, the state database up to date."""
        engine = self.session.engine
        self._checkpoint()
        self.recording.close()
        if self.recording.recorder_failure:
            self.notes.append(f"recording stopped: {self.recording.recorder_failure}")
        self.journal.close(
            RunEnded(
                at_ns=engine.now_ns,
                state_hash=engine.state_hash(),
                reason=reason,
                counters=self._counters(),
            )
        )
        self.state.catch_up(self.home.journal)
        self._files.close()

    def abandon(self) -> None:
        """After a failure at any moment: let go of files without claiming a good end."""
        self._files.close()

    def stop(self) -> None:
        """Ask the run to end soon, in good order."""
        self.is_interrupted = True
        if self._driver is not None:
            loop = asyncio.get_running_loop()
            self._stopping = loop.create_task(self._driver.stop())

    def _catch_up(self, progress: Progress | None) -> tuple[int, tuple[Effect, ...], bool]:
        # The session at the end of its journal: the number of the run to begin, effects that were
        # never recorded, and whether the journal has the state that its first run began with.
        self._snapshots = SnapshotFiles(self.home.snapshots, self.plan.keep_snapshots)
        self.state = StateDatabase(self.home.state)
        self._files.callback(self.state.close)
        first_run = self._first_run()
        run = RunNumber(self.home.run_number).next_run(find_tail(self.home.journal).run)
        self.session = PaperSession(self.plan.settings, self._strategies, first_run or run)
        if first_run:
            return run, *self._resume(progress)
        self.session.warm_up(progress)
        return run, (), False

    def _resume(self, progress: Progress | None) -> tuple[tuple[Effect, ...], bool]:
        restart = find_restart(self.home.journal, self._snapshots)
        self.notes += [str(skipped) for skipped in restart.skipped]
        if restart.snapshot is None:
            self.session.warm_up(progress)
        else:
            self.session.restore(dict(restart.snapshot.parts))
        recovered = recover(self.session, restart.records())
        self.notes.append(
            f"resumed after journal frame {restart.after_sequence}, "
            f"{recovered.records} frames applied again, {len(recovered.pending)} effects caught up"
        )
        return recovered.pending, recovered.has_state or restart.snapshot is not None

    def _first_run(self) -> int:
        first = next(JournalReader(self.home.journal).records(), None)
        return first.value.run if first and isinstance(first.value, RunStarted) else 0

    def _run_started(self, run: int) -> RunStarted:
        market, engine = self.session.market, self.session.engine
        return RunStarted(
            run=run,
            started_ns=max(engine.now_ns, 1),
            mode="paper",
            version=self.plan.version,
            seed=self.plan.settings.seed,
            config_digest=digest_of(self.plan.config),
            config=self.plan.config,
            instruments=tuple(market.table),
            sources=market.sources,
            strategies=tuple(s.strategy_id for s in self._strategies),
        )

    def _recorder(self, run: int) -> Recorder | None:
        if not self.plan.is_recorded:
            return None
        market = self.session.market
        return Recorder(self.home.data, market.table, market.sources, run)

    def _checkpoint(self) -> None:
        engine = self.session.engine
        self._last_checkpoint_ns = engine.now_ns
        take_checkpoint(
            self.journal,
            self._snapshots,
            self.session.snapshot(),
            run=engine.ids.run,
            at_ns=engine.now_ns,
        )

    def _after_step(self) -> None:
        since = self.session.engine.now_ns - self._last_checkpoint_ns
        # The world gives out a slice before the engine has it: only while nothing waits are the
        # two at the same place.
        if since >= self.plan.checkpoint_every_s * NS_PER_S and self._queue.is_empty:
            self._checkpoint()

    def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.stop)

    def _kill(self, switch: KillSwitchFile) -> None:
        assert self._driver is not None
        self._driver.operate(switch.engage("signal", "SIGUSR1"))

    async def _watch(self, switch: KillSwitchFile, on_tick: Callable[[], None] | None) -> None:
        assert self._driver is not None
        while True:
            command = switch.poll()
            if command is not None:
                self._driver.operate(command)
            if on_tick is not None:
                on_tick()
            await asyncio.sleep(KILL_POLL_S)

    def _counters(self) -> dict[str, int]:
        plain = msgspec.to_builtins(self.session.engine.memory.counters)
        return {name: value for name, value in plain.items() if isinstance(value, int)}
