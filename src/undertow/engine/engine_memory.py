"""What the engine itself remembers beside its parts."""

import msgspec

from undertow.domain.identity import DecisionId, InstrumentId, StrategyId
from undertow.domain.intent import Signal
from undertow.engine.counters import Counters


class WatchedPosition(msgspec.Struct, frozen=True, gc=False):
    """A watch of the flow over an open position: a trail, or the level `stop_ticks` of its stop."""

    strategy: StrategyId
    instrument_id: InstrumentId
    index: int
    trail_ppm: int
    stop_ticks: int = 0


class AwaitedEntry(msgspec.Struct, frozen=True):
    """An entry that waits for the instrument's next price."""

    decision_id: DecisionId
    signal: Signal


class EngineMemory(msgspec.Struct):
    """watches: by watch id. awaited: entries by the id of the watch for the next price. healthy:
    the last known health of each source, in their order. beat_ns: last heartbeat. run: whose ids
    are given.
    """

    now_ns: int = 0
    watches: dict[int, WatchedPosition] = {}
    awaited: dict[int, AwaitedEntry] = {}
    next_watch: int = 1
    healthy: list[bool] = []
    beat_ns: int = 0
    run: int = 0
    counters: Counters = msgspec.field(default_factory=Counters)
