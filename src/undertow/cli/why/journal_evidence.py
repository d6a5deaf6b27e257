"""Collecting the evidence of an order from a journal folder, reading no more than is needed.

Three readings: names (orders, fills, positions), then the records that name the case, then the
market rows before its cause. Payloads that cannot concern it are not decoded.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from undertow.cli.why.evidence import Case, Evidence, cause_of
from undertow.cli.why.order_index import OrderIndex
from undertow.domain.identity import InstrumentId
from undertow.domain.market_event import EVENT, EventArray, EventKind
from undertow.storage.journal_reader import JournalReader
from undertow.timeline.journal import FrameKind
from undertow.timeline.journal_record import JournalRecord, decode_record

TRADES_SHOWN = 8
_INDEXED = (FrameKind.RUN_STARTED, FrameKind.COMMAND, FrameKind.INPUT, FrameKind.EVENT)
_TOLD = (FrameKind.COMMAND, FrameKind.INPUT, FrameKind.EVENT)
_POSITION_EVENTS = (b"PositionOpened", b"PositionClosed")
_RULE_EVENTS = (b"CircuitBreakerTriggered", b"ForceExitRequired", b"CandleCompleted")
_LOOK_BACK = (400, 4_000, 40_000)
"""Frames before the cause that are searched for trades, widening while too few are found."""


def index_journal(folder: Path) -> OrderIndex:
    """Every run, order, fill and position of a journal."""
    index = OrderIndex()
    for frame in JournalReader(folder).frames(kinds=_INDEXED):
        is_event = frame.kind is FrameKind.EVENT
        if is_event and not any(name in frame.payload for name in _POSITION_EVENTS):
            continue
        index.take(decode_record(frame))
    return index


def collect_evidence(folder: Path, name: str) -> Evidence:
    """All that the journal says about the order of that name; raises `UnknownNameError`."""
    case = Case.of(index_journal(folder), name)
    records = tuple(_records(folder, case))
    cause = cause_of(case, records)
    before = cause.sequence if cause is not None else case.target.sequence
    at_ns = cause.time_ns if cause is not None else case.target.sent_ns
    order = case.target.order
    ids = [instrument.instrument_id for instrument in case.run.instruments]
    last_input, trades = _market_before(folder, before, at_ns, ids.index(order.instrument_id))
    return Evidence(case, records, last_input, trades)


def _records(folder: Path, case: Case) -> Iterator[JournalRecord]:
    names = [name.encode() for name in sorted(case.names)]
    instrument = case.target.order.instrument_id
    for frame in JournalReader(folder).frames(case.run_sequence - 1, kinds=_TOLD):
        if not _may_concern(frame.payload, names, instrument):
            continue
        record = decode_record(frame)
        if case.concerns(record.value):
            yield record


def _may_concern(payload: bytes, names: list[bytes], instrument: InstrumentId) -> bool:
    if any(name in payload for name in names):
        return True
    if b"rule:" in payload and instrument.encode() in payload:
        return True
    if _RULE_EVENTS[0] in payload:
        return True
    return instrument.encode() in payload and any(kind in payload for kind in _RULE_EVENTS)


def _market_before(
    folder: Path, before: int, at_ns: int, instrument: int
) -> tuple[JournalRecord | None, EventArray]:
    # The last input before frame `before`, and the instrument's trades received until `at_ns`.
    for frames in (*_LOOK_BACK, before):
        start = max(0, before - frames)
        last_input, trades = _read_back(folder, (start, before), at_ns, instrument)
        if len(trades) >= TRADES_SHOWN or start == 0:
            break
    return last_input, trades


def _read_back(
    folder: Path, span: tuple[int, int], at_ns: int, instrument: int
) -> tuple[JournalRecord | None, EventArray]:
    start, before = span
    last_input: JournalRecord | None = None
    kept: list[EventArray] = []
    kinds = (FrameKind.MARKET, FrameKind.INPUT)
    for record in JournalReader(folder).records(start, kinds):
        if record.sequence >= before:
            break
        last_input = record
        rows = record.value
        if isinstance(rows, np.ndarray):
            is_wanted = (rows["instrument"] == instrument) & (rows["kind"] == EventKind.TRADE)
            kept.append(rows[is_wanted & (rows["receive_time_ns"] <= at_ns)])
    trades = np.concatenate(kept) if kept else np.empty(0, EVENT)
    return last_input, trades[-TRADES_SHOWN:]
