"""Recorded raw messages through codec, engine and a simulated exchange: what `replay` runs.

The sources are merged into one sequence by receive time. Strategies see it through the very engine
that trades live; their orders go to a simulated exchange that sees the same rows. How many rows the
engine gets at once changes nothing.
"""

from collections.abc import Callable, Iterator, Sequence

import msgspec
import numpy as np

from undertow.backtest.book_check import BookCheck, BookCheckResult
from undertow.backtest.recording import Recording, Recordings, RecordingSummary
from undertow.decision.strategy import Strategy
from undertow.domain.errors import ConfigurationError, DataError
from undertow.domain.market_event import EventArray
from undertow.domain.money import Money
from undertow.engine.conductor import Conductor, NoRecord, Record
from undertow.engine.engine import Engine
from undertow.engine.engine_config import EngineConfig
from undertow.simulator.exchange import Exchange
from undertow.simulator.exchange_config import ExchangeConfig
from undertow.simulator.lockstep import Lockstep
from undertow.timeline.merge import MergedSources
from undertow.timeline.row_slice import RowSlice
from undertow.timeline.run_ids import RunIds

MINUTE_S = 60
NS_PER_MS = 1_000_000

Progress = Callable[[int], None]
"""Told how many rows have been handled."""


class ReplaySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """seed: of the simulated latencies. batch: most rows the engine gets at once, 0 = no limit."""

    seed: int = 7
    batch: int = 0
    engine: EngineConfig = EngineConfig()
    exchange: ExchangeConfig = ExchangeConfig()

    def __post_init__(self) -> None:
        if self.batch < 0:
            raise ConfigurationError(f"expected a batch of at least 1 row, found {self.batch}")


class SourceResult(msgspec.Struct, frozen=True):
    """One source as it was read, and what the engine's flow made of it."""

    summary: RecordingSummary
    clock_offset_ms: float
    bars_1m: int
    late_trades: int
    book_check: BookCheckResult


class RecordedRun:
    """One replay; `run` once, then ask."""

    def __init__(
        self,
        recordings: Recordings,
        strategies: Sequence[Strategy],
        settings: ReplaySettings,
        rng: np.random.Generator,
        *,
        record: Record | None = None,
        run: int = 1,
    ) -> None:
        self._recordings = recordings
        self._batch = settings.batch
        table = recordings.table
        names = [source.spec.source for source in recordings.sources]
        self.engine = Engine(settings.engine, table, names, strategies, RunIds(run))
        self._conductor = Conductor(self.engine, record or NoRecord())
        self._failure: DataError | None = None
        self._checks = [
            {index: BookCheck(index) for index in recording.indexes}
            for recording in recordings.sources
        ]
        self._merged = iter(
            MergedSources([self._checked(rank, one) for rank, one in enumerate(recordings.sources)])
        )
        exchanges = {
            venue: Exchange(venue, table, settings.exchange, rng, _wallet(settings.engine, venue))
            for venue in table.venues
        }
        venues = [name.partition(".")[0] for name in names]
        self._world = Lockstep(self._next_block, exchanges, venues)

    def run(self, progress: Progress | None = None) -> None:
        """Handle everything that can be read; raises `DataError` at the end when that was not all:
        the other sources go on where one breaks off.
        """
        while (item := self._world.next_item(due_ns=self.engine.next_due_ns)) is not None:
            if isinstance(item, RowSlice):
                stop, commands = self._conductor.take_rows(self._cut(item))
                self._world.consume(stop)
            else:
                commands = self._conductor.take(item)
            self._world.submit(commands, self.engine.now_ns)
            if progress is not None:
                progress(self.engine.memory.counters.rows)
        if self._failure is not None:
            raise self._failure

    def sources(self) -> dict[str, SourceResult]:
        """What each source held, by its name as given."""
        return {
            recording.spec.source: self._source(rank, recording)
            for rank, recording in enumerate(self._recordings.sources)
        }

    def _source(self, rank: int, recording: Recording) -> SourceResult:
        flow = self.engine.flow
        source = flow.source(rank)
        return SourceResult(
            summary=recording.summary(),
            clock_offset_ms=round(source.clock_offset_ns / NS_PER_MS, 3),
            bars_1m=sum(flow[index].bar_count(MINUTE_S) for index in recording.indexes),
            late_trades=source.late_trades,
            book_check=_together([check.result() for check in self._checks[rank].values()]),
        )

    def _checked(self, rank: int, recording: Recording) -> Iterator[EventArray]:
        chunks = recording.chunks()
        while True:
            try:
                rows = next(chunks, None)
            except DataError as error:
                self._failure = self._failure or error
                return
            if rows is None:
                return
            for check in self._checks[rank].values():
                check.add(rows)
            yield rows

    def _next_block(self) -> EventArray | None:
        return next(self._merged, None)

    def _cut(self, item: RowSlice) -> RowSlice:
        if not self._batch:
            return item
        return RowSlice(item.rows, item.start, min(item.stop, item.start + self._batch))


def _wallet(config: EngineConfig, venue: str) -> list[Money]:
    wallet = config.wallets.get(venue, {})
    return [Money.of(text, currency) for currency, text in wallet.items()]


def _together(results: list[BookCheckResult]) -> BookCheckResult:
    differences = [one.first_difference for one in results if one.first_difference is not None]
    return BookCheckResult(
        compared=sum(one.compared for one in results),
        equal=sum(one.equal for one in results),
        outside=sum(one.outside for one in results),
        first_difference=differences[0] if differences else None,
    )
