"""Where the rows that `undertow flow` shows come from: the embedded market, recordings, a journal.

No strategy and no engine runs: rows go into a flow state and nowhere else.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from undertow.domain.errors import DataError, JournalCorrupt
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EventArray
from undertow.flow.flow_state import FlowState

if TYPE_CHECKING:
    from undertow.cli.app_config import AppConfig

_NO_TIMER = 1 << 62


class FlowFeed:
    """A flow state and the blocks of rows that are still to come.

    table: the instruments of the state. name: what it is, for the screen. start_ns: market time
    from which a run's length counts, None when only the first row tells. failure: why the rows
    broke off, if they did. rows: applied so far.
    """

    def __init__(
        self, state: FlowState, blocks: Iterator[EventArray], name: str, start_ns: int | None = None
    ) -> None:
        self.state, self.name = state, name
        self.table = InstrumentTable(state[index].instrument for index in range(len(state)))
        self.failure: DataError | None = None
        self.rows = 0
        self._blocks = blocks
        self._start_ns = start_ns

    @property
    def passed_s(self) -> float:
        """Market seconds since the start."""
        if self._start_ns is None:
            return 0.0
        return max(0, self.state.now_ns - self._start_ns) / 1e9

    def take(self) -> bool:
        """Apply the next block; False when there is none, which `failure` may explain."""
        try:
            rows = next(self._blocks, None)
        except DataError as error:
            self.failure = error
            return False
        if rows is None:
            return False
        if self._start_ns is None and len(rows):
            self._start_ns = int(rows["receive_time_ns"][0])
        done = 0
        while done < len(rows):
            done = self.state.advance(rows, done, len(rows), _NO_TIMER)
        self.rows += len(rows)
        return True


def synthetic_feed(config: "AppConfig") -> FlowFeed:
    """The embedded market with the configured seed: the one that `undertow run` trades on."""
    from undertow.simulator.market.synthetic_market import SyntheticMarket

    market = SyntheticMarket(config.market, np.random.default_rng(config.run.seed))
    state = FlowState(market.table, market.sources, config.engine.flow)

    def blocks() -> Iterator[EventArray]:
        while True:
            yield market.next_block()

    return FlowFeed(state, blocks(), f"embedded market, seed {config.run.seed}", market.time_ns)


def recording_feed(
    texts: Sequence[str], config: "AppConfig", *, is_lenient: bool = False
) -> FlowFeed:
    """Recorded raw messages given as VENUE=FILE[,FILE...], merged by their receive times."""
    from undertow.backtest.recording import open_recordings
    from undertow.timeline.merge import MergedSources

    recordings = open_recordings(texts, is_lenient=is_lenient)
    names = [source.spec.source for source in recordings.sources]
    state = FlowState(recordings.table, names, config.engine.flow)
    blocks = iter(MergedSources([source.chunks() for source in recordings.sources]))
    return FlowFeed(state, blocks, f"recording of {', '.join(names)}")


def journal_feed(folder: Path) -> FlowFeed:
    """The market rows of a run's journal, with the flow configuration that the run had."""
    import msgspec

    from undertow.cli.app_config import AppConfig
    from undertow.storage.journal_files import JournalReader
    from undertow.timeline.journal_record import RunStarted

    records = JournalReader(folder).records()
    first = next(records, None)
    if first is None or not isinstance(first.value, RunStarted):
        raise JournalCorrupt(f"expected a journal that begins with RUN_STARTED in {folder}")
    started = first.value
    config = msgspec.json.decode(started.config, type=AppConfig)
    table = InstrumentTable(started.instruments)
    state = FlowState(table, started.sources, config.engine.flow)
    rows = (record.value for record in records if isinstance(record.value, np.ndarray))
    return FlowFeed(state, rows, f"journal of {started.run_id}")
