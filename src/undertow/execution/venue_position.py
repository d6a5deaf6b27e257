"""The venue's own count of a position against ours.

Reports and fills travel apart, so a difference may be a fill that is still on its way. An
instrument whose counts differ takes no new risk at once; it is told as a discrepancy when the fill
did not come in time.
"""

import msgspec

from undertow.domain.identity import InstrumentId
from undertow.domain.report import PositionReported
from undertow.execution.desk_step import DeskStep
from undertow.execution.execution_state import NetDoubt
from undertow.ledger.fill import Fill


def read_position(step: DeskStep, report: PositionReported) -> None:
    """Compare; a report older than our newest fill says nothing."""
    state, name = step.state, report.instrument_id
    if report.event_time_ns < state.fill_times.get(name, 0):
        return
    if state.net_lots(name) == report.signed_lots:
        state.doubts.pop(name, None)
        return
    known = state.doubts.get(name)
    since = known.since_ns if known else step.now_ns
    told = known is not None and known.is_told and known.signed_lots == report.signed_lots
    state.doubts[name] = NetDoubt(report.signed_lots, report.event_time_ns, since, is_told=told)
    state.tracker.recheck(name, step.now_ns)


def count_fill(step: DeskStep, fill: Fill) -> None:
    """Move the venue's count by a fill it made after its report; drop the doubt when both agree."""
    state, name = step.state, fill.instrument_id
    state.fill_times[name] = max(fill.event_time_ns, state.fill_times.get(name, 0))
    doubt = state.doubts.get(name)
    if doubt is None or not doubt.is_known:
        return
    if fill.event_time_ns > doubt.event_time_ns:
        moved = doubt.signed_lots + fill.side * fill.qty_lots
        doubt = msgspec.structs.replace(doubt, signed_lots=moved)
        state.doubts[name] = doubt
    if state.net_lots(name) == doubt.signed_lots:
        del state.doubts[name]


def doubt_position(step: DeskStep, instrument_id: InstrumentId) -> None:
    """Something impossible was filled: no new risk until the venue says what it holds."""
    since = step.now_ns
    step.state.doubts[instrument_id] = NetDoubt(0, 0, since, is_known=False, is_told=True)


def tell_differences(step: DeskStep) -> None:
    """Tell differences that lasted longer than a fill may be late."""
    state = step.state
    for name, doubt in list(state.doubts.items()):
        if doubt.is_told or step.now_ns < doubt.since_ns + state.config.missing_fill_grace_ns:
            continue
        state.doubts[name] = msgspec.structs.replace(doubt, is_told=True)
        step.differs(
            state.table.get(name).venue,
            f"{name}: the venue holds {doubt.signed_lots} lots, we count {state.net_lots(name)}",
        )


def differences_due_ns(doubts: dict[InstrumentId, NetDoubt], grace_ns: int) -> int:
    """When the next difference is to be told; 0 = none."""
    due = (d.since_ns + grace_ns for d in doubts.values() if not d.is_told)
    return min(due, default=0)
