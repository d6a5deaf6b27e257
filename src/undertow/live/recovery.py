"""After a stop of any kind: the snapshot, then the journal's tail through engine and world again.

The simulated world is deterministic, so it is run along: what it gives must be what the journal
says it gave. Effects that the engine makes and the journal lacks were computed but never recorded,
and so never sent: they are given back to be recorded and sent now.
"""

from collections.abc import Iterable

import msgspec
import numpy as np

from undertow.domain.command import AmendOrder, CancelOrder, QueryOrder, SubmitOrder
from undertow.domain.engine_input import Effect, ReportReceived
from undertow.domain.errors import InvariantBroken, JournalCorrupt
from undertow.engine.rerun import Rerun
from undertow.live.paper_session import PaperSession
from undertow.timeline.exact_msgpack import encode_exact
from undertow.timeline.journal import FrameKind
from undertow.timeline.journal_record import JournalRecord

_COMMANDS = SubmitOrder | AmendOrder | CancelOrder | QueryOrder


class Recovered(msgspec.Struct, frozen=True):
    """records: journal frames that were applied. pending: effects to record and send now.
    has_state: whether the state that the first run begins with was among the frames, whole.
    """

    records: int
    pending: tuple[Effect, ...]
    has_state: bool


def recover(session: PaperSession, records: Iterable[JournalRecord]) -> Recovered:
    """Bring a session (fresh, or restored from a snapshot) to the end of its journal.

    Raises `JournalCorrupt` when the world gives other rows or reports than the journal has, and
    `InvariantBroken` when the engine decides otherwise: then the code or the settings changed.
    Nothing is written.
    """
    rerun = Rerun(session.engine)
    count = 0
    for record in records:
        _world_along(session, record)
        rerun.take(record)
        if rerun.difference is not None:
            raise InvariantBroken(
                f"frame {record.sequence} of the journal: expected {rerun.difference.recorded}, "
                f"found {rerun.difference.found}; was Undertow, a strategy's file or the "
                "configuration changed? A fresh session puts the old one aside"
            )
        count += 1
    return Recovered(count, tuple(rerun.pending), rerun.has_state)


def _world_along(session: PaperSession, record: JournalRecord) -> None:
    value = record.value
    if isinstance(value, np.ndarray):
        rows = session.world.take_rows(len(value))
        if rows.tobytes() != value.tobytes():
            raise JournalCorrupt(
                f"frame {record.sequence}: expected the rows of seed {session.settings.seed}, "
                "found others; was the market's configuration or code changed?"
            )
    elif isinstance(value, ReportReceived):
        report = session.world.take_report(value.receive_time_ns)
        if report is None or encode_exact(report) != encode_exact(value):
            raise JournalCorrupt(
                f"frame {record.sequence}: expected the simulated report {report!r}, "
                f"found {value!r}"
            )
    elif record.kind is FrameKind.COMMAND and isinstance(value, _COMMANDS):
        session.world.submit([value], value.sent_ns)
