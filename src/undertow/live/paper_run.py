"""A paper run from start to end: resume or begin, drive, checkpoint, end in good order."""

import asyncio
import signal
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from undertow.decision.strategy import Strategy
from undertow.domain.command import EngageKillSwitch, ReleaseKillSwitch
from undertow.domain.engine_input import Effect
from undertow.domain.errors import ConfigurationError
from undertow.domain.time import NS_PER_S
from undertow.engine.conductor import Conductor
from undertow.live.driver import Driver
from undertow.live.input_queue import InputQueue
from undertow.live.log_lines import LogLines
from undertow.live.paper_session import PaperSession, PaperSettings, Progress, digest_of
from undertow.live.paper_venue import PaperVenue
from undertow.live.recording import Recording
from undertow.live.recovery import recover
from undertow.storage.checkpoint import find_restart, take_checkpoint
from undertow.storage.home_folder import HomeFolder
from undertow.storage.journal_files import JournalReader, JournalWriter
from undertow.storage.run_number import RunNumber
from undertow.storage.snapshot_files import SnapshotFiles
from undertow.storage.state_database import StateDatabase
from undertow.timeline.clock import Clock
from undertow.timeline.journal_record import RunEnded, RunStarted

KILL_SWITCH_FILE = "kill.switch"
KILL_POLL_S = 0.25
"""How often a run looks for the kill switch file."""


class PaperPlan(msgspec.Struct, frozen=True):
    """What a paper run is asked to do.

    config: the whole resolved configuration as text, kept in the journal. speed: market seconds per
    wall second, None as fast as it goes. duration_s: market seconds to run, None until stopped.
    checkpoint_every_s: market seconds between checkpoints.
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

    @property
    def mode(self) -> str:
        """Names the session's folders; another configuration is another session."""
        return f"paper_{digest_of(self.config)}"


class PaperRun:
    """One run of one session in a home folder. `open`, `run`, `close`; or `execute` for all."""

    def __init__(
        self, plan: PaperPlan, strategies: Sequence[Strategy], home: Path, clock: Clock
    ) -> None:
        self.plan = plan
        self.home = HomeFolder(home, plan.mode)
        self.notes: list[str] = []
        self.is_interrupted = False
        self._strategies = tuple(strategies)
        self._clock = clock
        self._switch = home / KILL_SWITCH_FILE
        self._is_killed = False
        self._last_checkpoint_ns = 0
        self._driver: Driver | None = None

    def open(self, progress: Progress | None = None) -> None:
        """Resume the session, or warm a new one up; afterwards the journal is open."""
        self.home.create()
        if self.plan.is_fresh:
            self._put_aside()
        self._snapshots = SnapshotFiles(self.home.snapshots, self.plan.keep_snapshots)
        self.state = StateDatabase(self.home.state)
        first_run = self._first_run()
        is_new = first_run == 0
        last_run = self._last_run()
        run = RunNumber(self.home.run_number).next_run(last_run)
        self.session = PaperSession(self.plan.settings, self._strategies, first_run or run)
        pending: tuple[Effect, ...] = ()
        if is_new:
            self.session.warm_up(progress)
        else:
            pending = self._resume(progress)
        self.session.engine.begin_run(run)
        self.journal = JournalWriter(
            self.home.journal, self._run_started(run), segment_bytes=self.plan.segment_bytes
        )
        if self.journal.torn is not None:
            self.notes.append(f"cut a torn tail: {self.journal.torn}")
        self.recording = Recording(self.journal, LogLines())
        self.conductor = Conductor(self.session.engine, self.recording)
        if is_new:
            self.journal.append_state(self.session.engine.snapshot(), self.session.engine.now_ns)
        commands = self.conductor.keep(pending)
        self.session.world.submit(commands, self.session.engine.now_ns)
        self._checkpoint()

    async def run(self, on_tick: Callable[[], None] | None = None) -> None:
        """Drive the session until its time is over or it is told to stop."""
        queue = InputQueue()
        until_ns = None
        if self.plan.duration_s is not None:
            until_ns = self.session.world.now_ns + int(self.plan.duration_s * NS_PER_S)
        table = self.session.market.table
        venue = PaperVenue(
            self.session.world,
            tuple(table),
            queue.settled,
            self._clock,
            next_due_ns=lambda: self.session.engine.next_due_ns,
            speed=self.plan.speed,
            until_ns=until_ns,
        )
        self._driver = Driver(
            self.conductor,
            dict.fromkeys(table.venues, venue),
            {table.venues[0]: self.session.market.sources},
            queue=queue,
            now_ns=lambda: max(self.session.engine.now_ns, self.session.world.now_ns),
            after_step=self._after_step,
        )
        self._listen()
        watcher = asyncio.create_task(self._watch(on_tick))
        try:
            await self._driver.run()
        finally:
            watcher.cancel()
            await asyncio.gather(watcher, return_exceptions=True)

    def close(self, reason: str) -> None:
        """End in good order: a last checkpoint, the state hash, the state database up to date."""
        engine = self.session.engine
        self._checkpoint()
        self.journal.close(
            RunEnded(
                at_ns=engine.now_ns,
                state_hash=engine.state_hash(),
                reason=reason,
                counters=self._counters(),
            )
        )
        self.state.catch_up(self.home.journal)
        self.state.close()

    def abandon(self) -> None:
        """After a failure: let go of files without claiming a good end."""
        self.journal.close()
        self.state.close()

    def stop(self) -> None:
        """Ask the run to end soon, in good order."""
        self.is_interrupted = True
        if self._driver is not None:
            asyncio.get_running_loop().create_task(self._driver.stop())

    def _resume(self, progress: Progress | None) -> tuple[Effect, ...]:
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
        self._is_killed = self.session.engine.risk.state.is_killed
        return recovered.pending

    def _first_run(self) -> int:
        for record in JournalReader(self.home.journal).records():
            if isinstance(record.value, RunStarted):
                return record.value.run
            break
        return 0

    def _last_run(self) -> int:
        return RunNumber(self.home.run_number).last()

    def _put_aside(self) -> None:
        number = RunNumber(self.home.run_number).last()
        for path in (self.home.journal, self.home.snapshots, self.home.state):
            if path.exists() and (path.is_file() or any(path.iterdir())):
                aside = path.with_name(f"{path.stem}_until_run{number}{path.suffix}")
                if aside.exists():
                    raise ConfigurationError(
                        f"expected no {aside}, found one from an earlier start"
                    )
                path.rename(aside)
        self.home.create()

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
        if since >= self.plan.checkpoint_every_s * NS_PER_S:
            self._checkpoint()

    def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.stop)
        loop.add_signal_handler(signal.SIGUSR1, self._kill, "signal", "SIGUSR1")

    def _kill(self, origin: str, reason: str) -> None:
        if self._driver is not None:
            self._is_killed = True
            self._driver.operate(EngageKillSwitch(origin, reason))

    async def _watch(self, on_tick: Callable[[], None] | None) -> None:
        # The kill switch file engages while it is there; removing it releases.
        was_there = self._switch.exists() and self._is_killed
        while True:
            is_there = self._switch.exists()
            if is_there and not was_there:
                self._kill("file", self._switch.read_text(encoding="utf-8").strip() or "no reason")
            elif was_there and not is_there and self._driver is not None:
                self._is_killed = False
                self._driver.operate(ReleaseKillSwitch("file"))
            was_there = is_there
            if on_tick is not None:
                on_tick()
            await asyncio.sleep(KILL_POLL_S)

    def _counters(self) -> dict[str, int]:
        plain = msgspec.to_builtins(self.session.engine.memory.counters)
        return {name: value for name, value in plain.items() if isinstance(value, int)}
