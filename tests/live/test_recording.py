"""The journal first, then the log; the lake when it can be had."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from structlog.testing import capture_logs

from undertow.domain.command import CancelOrder
from undertow.domain.engine_input import ClockAdvanced, ReportReceived
from undertow.domain.errors import StorageUnavailable
from undertow.domain.event import MarketDataConnectionRestored
from undertow.domain.identity import ClientOrderId, InstrumentId
from undertow.domain.market_event import EVENT, EventArray
from undertow.domain.money import Money
from undertow.domain.report import BalanceReported
from undertow.live.log_lines import LogLines
from undertow.live.recording import KEPT_EFFECTS, Recording
from undertow.storage.journal_files import JournalReader, JournalWriter
from undertow.storage.recorder import Recorder
from undertow.timeline.journal_record import RunStarted

CANCEL = CancelOrder("aster", InstrumentId("X"), ClientOrderId("o1"), 4)
RESTORED = MarketDataConnectionRestored(at_ns=3, source="aster")
REPORT = ReportReceived(
    2, BalanceReported(venue="aster", event_time_ns=1, balance=Money.zero("USDT"))
)


@pytest.fixture
def journal(tmp_path: Path) -> JournalWriter:
    return JournalWriter(tmp_path, RunStarted(1, 1, "paper", "0", 1, "", "", (), (), ()))


class FakeLake:
    """A recorder whose disk is full after some batches."""

    def __init__(self, batches: int) -> None:
        self.batches = batches
        self.taken: list[EventArray] = []
        self.closed = 0

    def record(self, rows: EventArray) -> None:
        if len(self.taken) == self.batches:
            raise StorageUnavailable("expected room, found none")
        self.taken.append(rows)

    def close(self) -> None:
        self.closed += 1


def _values(folder: Path) -> Sequence[Any]:
    return [record.value for record in JournalReader(folder).records()][1:]


def test_everything_goes_to_the_journal_in_order(journal: JournalWriter, tmp_path: Path) -> None:
    recording = Recording(journal, LogLines())
    rows = np.ones(3, EVENT)
    with capture_logs() as lines:
        recording.append_market(rows)
        recording.append_input(ClockAdvanced(1))
        recording.append_input(REPORT)
        recording.append_event(RESTORED)
        recording.append_commands([CANCEL])
    kept, *others = _values(tmp_path)  # commands are on disk at once, and all before them
    assert kept.tobytes() == rows.tobytes()
    assert others == [ClockAdvanced(1), REPORT, RESTORED, CANCEL]
    names = ["BalanceReported", "MarketDataConnectionRestored", "CancelOrder"]
    assert [line["event"] for line in lines] == names
    assert list(recording.recent) == [REPORT, RESTORED, CANCEL]
    journal.close()


def test_what_the_journal_refuses_is_not_logged(journal: JournalWriter) -> None:
    recording = Recording(journal, LogLines())
    journal.close()
    with capture_logs() as lines, pytest.raises(StorageUnavailable):
        recording.append_commands([CANCEL])
    assert lines == []
    assert not recording.recent


def test_only_the_last_effects_are_kept(journal: JournalWriter) -> None:
    recording = Recording(journal, LogLines())
    for _ in range(KEPT_EFFECTS + 5):
        recording.append_event(RESTORED)
    assert len(recording.recent) == KEPT_EFFECTS
    journal.close()


def test_a_full_lake_is_dropped_and_the_journal_goes_on(
    journal: JournalWriter, tmp_path: Path
) -> None:
    lake = FakeLake(batches=2)
    recording = Recording(journal, LogLines(), cast(Recorder, lake))
    for _ in range(5):
        recording.append_market(np.ones(3, EVENT))
    recording.close()
    journal.close()
    assert (len(lake.taken), lake.closed) == (2, 0)
    assert "found none" in recording.recorder_failure
    assert sum(len(rows) for rows in _values(tmp_path)) == 15


def test_closing_writes_what_the_lake_still_holds(journal: JournalWriter) -> None:
    lake = FakeLake(batches=2)
    recording = Recording(journal, LogLines(), cast(Recorder, lake))
    recording.append_market(np.ones(1, EVENT))
    recording.close()
    journal.close()
    assert (lake.closed, recording.recorder_failure) == (1, "")
