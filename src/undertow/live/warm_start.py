"""Warm start: bring an engine up to date from recorded history before it trades.

The rows go through the very path that live rows take, in the order in which they were received, so
flow, bars and indicators end as they would have ended by listening. Strategies decide nothing
meanwhile.
"""

from collections.abc import Callable, Iterable

import msgspec

from undertow.domain.errors import DataError
from undertow.domain.market_event import EventArray
from undertow.engine.engine import Engine

Progress = Callable[[int], None]
"""Told how many rows have been taken."""


class WarmStart(msgspec.Struct, frozen=True):
    """Rows that a warm start was made from, their first and last receive time; 0 without any."""

    rows: int
    first_ns: int
    last_ns: int


def warm_start(
    engine: Engine, history: Iterable[EventArray], progress: Progress | None = None
) -> WarmStart:
    """Let an engine that has seen nothing later learn from stored rows, oldest first.

    history: batches by receive time, as `LakeReader.merged` gives. Raises `DataError` when a batch
    begins before the engine's clock: it would be told a past after its own.
    """
    rows = first_ns = last_ns = 0
    for batch in history:
        if not len(batch):
            continue
        begins_ns = int(batch["receive_time_ns"].min())
        if rows == 0 and begins_ns < engine.flow.now_ns:
            raise DataError(
                f"expected history from {engine.flow.now_ns} ns on, where the engine's clock is,"
                f" found rows of {begins_ns} ns"
            )
        first_ns = first_ns or begins_ns
        engine.warm_up(batch)
        rows += len(batch)
        last_ns = max(last_ns, int(batch["receive_time_ns"].max()))
        if progress is not None:
            progress(rows)
    return WarmStart(rows, first_ns, last_ns)
