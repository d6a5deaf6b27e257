"""A session brought to the end of its journal, or a word about what does not fit."""

from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import pytest

from undertow.domain.engine_input import ReportReceived
from undertow.domain.errors import InvariantBroken, JournalCorrupt
from undertow.domain.event import DecisionMade
from undertow.live.paper_run import PaperRun
from undertow.live.paper_session import PaperSession
from undertow.live.recovery import recover
from undertow.storage.journal_files import JournalReader
from undertow.timeline.journal import FrameKind
from undertow.timeline.journal_record import JournalRecord, RunEnded, StatePart

Make = Callable[..., PaperSession]


@pytest.fixture(scope="module")
def whole_records(whole: PaperRun) -> list[JournalRecord]:
    return list(JournalReader(whole.home.journal).records())


@pytest.fixture
def records(whole_records: list[JournalRecord]) -> list[JournalRecord]:
    return list(whole_records)


@pytest.fixture
def warm(make_session: Make) -> PaperSession:
    session = make_session()
    session.warm_up()
    return session


def _place(records: list[JournalRecord], kind: type, nth: int) -> int:
    return [i for i, record in enumerate(records) if isinstance(record.value, kind)][nth]


def test_the_end_of_the_journal_is_the_end_of_the_run(
    warm: PaperSession, records: list[JournalRecord]
) -> None:
    recovered = recover(warm, records)
    assert (recovered.records, recovered.pending, recovered.has_state) == (len(records), (), True)
    ended = records[-1].value
    assert isinstance(ended, RunEnded)
    assert warm.engine.state_hash() == ended.state_hash


def test_the_world_comes_along(
    warm: PaperSession, records: list[JournalRecord], whole: PaperRun
) -> None:
    recover(warm, records)
    for venue, exchange in warm.exchanges.items():
        told, twin = whole.session.exchanges[venue], exchange
        assert twin.balances() == told.balances()
        orders = [[one.status(venue, 0) for one in x.open_orders()] for x in (twin, told)]
        assert orders[0] == orders[1]
        assert orders[0]


@pytest.mark.parametrize("nth", [3, 40, -3])
def test_what_was_computed_and_not_recorded_is_given_back(
    warm: PaperSession, records: list[JournalRecord], nth: int
) -> None:
    cut = _place(records, DecisionMade, nth)
    recovered = recover(warm, records[:cut])
    assert recovered.pending[0] == records[cut].value


def test_nothing_is_nothing(warm: PaperSession) -> None:
    before = warm.engine.state_hash()
    recovered = recover(warm, [])
    assert (recovered.records, recovered.pending, recovered.has_state) == (0, (), False)
    assert warm.engine.state_hash() == before


def test_another_market_is_found_at_its_first_rows(
    make_session: Make, records: list[JournalRecord]
) -> None:
    other = make_session(seed=4)
    other.warm_up()
    first = next(record for record in records if record.kind is FrameKind.MARKET)
    words = f"frame {first.sequence}: expected the rows of seed 4, found others"
    with pytest.raises(JournalCorrupt, match=words):
        recover(other, records)


def test_one_changed_row_is_found(warm: PaperSession, records: list[JournalRecord]) -> None:
    at = _place(records, np.ndarray, 30)
    rows = np.array(records[at].value)
    rows["qty_lots"][len(rows) // 2] += 1
    records[at] = msgspec.structs.replace(records[at], value=rows)
    with pytest.raises(JournalCorrupt, match=f"frame {records[at].sequence}: expected the rows"):
        recover(warm, records)


def test_another_report_is_found(warm: PaperSession, records: list[JournalRecord]) -> None:
    at = _place(records, ReportReceived, 5)
    value: Any = records[at].value
    report = msgspec.structs.replace(value.report, event_time_ns=value.report.event_time_ns + 1)
    changed = msgspec.structs.replace(value, report=report)
    records[at] = msgspec.structs.replace(records[at], value=changed)
    words = f"frame {records[at].sequence}: expected the simulated report"
    with pytest.raises(JournalCorrupt, match=words):
        recover(warm, records)


def test_another_decision_is_found(warm: PaperSession, records: list[JournalRecord]) -> None:
    at = _place(records, DecisionMade, 5)
    value: Any = records[at].value
    changed = msgspec.structs.replace(value, outcome="hold")
    records[at] = msgspec.structs.replace(records[at], value=changed)
    with pytest.raises(InvariantBroken, match=f"frame {records[at].sequence} of the journal"):
        recover(warm, records)


def test_a_changed_strategy_is_found(
    make_session: Make, records: list[JournalRecord], whole: PaperRun
) -> None:
    (strategy,) = whole.session.engine.host.strategies
    changed = type(strategy)(hold_s=8)  # type: ignore[call-arg]  # its own parameter
    other = PaperSession(whole.plan.settings, [changed], 1)
    other.warm_up()
    with pytest.raises(InvariantBroken, match="strategies and parameters"):
        recover(other, records)


def test_a_state_that_was_cut_off_is_no_state(
    warm: PaperSession, records: list[JournalRecord]
) -> None:
    cut = _place(records, StatePart, -1)
    assert not recover(warm, records[:cut]).has_state
