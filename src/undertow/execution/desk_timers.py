"""What time alone makes necessary: queries, doubts, cancels, alarms, and positions to look at."""

from typing import Final

from undertow.execution.desk_step import DeskStep
from undertow.execution.execution_state import ExecutionState
from undertow.execution.order_timers import (
    audit_due_ns,
    claim_due_ns,
    next_due_ns,
    unfilled_due_ns,
)
from undertow.execution.position_care import care_for
from undertow.execution.tracked_order import TrackedOrder
from undertow.execution.venue_position import differences_due_ns, tell_differences

NEVER_NS: Final = 2**63 - 1
"""Later than every time."""


def next_timer_ns(state: ExecutionState) -> int:
    """When the desk must be called although nothing was heard; `NEVER_NS` when it need not be."""
    # Asked after every wake, mostly with nothing there.
    due = [next_due_ns(tracked, state.config) for tracked in state.tracker]
    if state.holdings:
        due += [held.next_ns for held in state.holdings.values()]
    if state.doubts:
        due.append(differences_due_ns(state.doubts, state.config.missing_fill_grace_ns))
    return min((at for at in due if at), default=NEVER_NS) if due else NEVER_NS


def fire_timers(step: DeskStep) -> None:
    """Do everything that is due."""
    for tracked in step.state.tracker:
        _fire_order(step, tracked)
    tell_differences(step)
    for held in list(step.state.holdings.values()):
        if held.next_ns and held.next_ns <= step.now_ns:
            care_for(step, held)


def _fire_order(step: DeskStep, tracked: TrackedOrder) -> None:
    config, now_ns = step.state.config, step.now_ns
    change = step.state.tracker.wake(tracked, now_ns)
    if change is not None:
        step.announce(change)
    if _is_due(unfilled_due_ns(tracked, config), now_ns):
        step.failed(tracked, "unfilled for too long")
        step.cancel(tracked)
    if _is_due(audit_due_ns(tracked, config), now_ns):
        tracked.next_query_ns = max(1, now_ns)
    step.send_wanted_cancel(tracked)
    if _is_due(claim_due_ns(tracked, config), now_ns):
        _tell_missing_fills(step, tracked)
    if _is_due(tracked.next_query_ns, now_ns):
        step.query(tracked)


def _tell_missing_fills(step: DeskStep, tracked: TrackedOrder) -> None:
    assert tracked.claim is not None
    tracked.claim = tracked.claim.reported()
    step.differs(tracked.venue, missing_fills(tracked))


def missing_fills(tracked: TrackedOrder) -> str:
    """The words for fills that a status knows of and we have not received."""
    claimed = tracked.claim.filled_lots if tracked.claim else tracked.filled_lots
    return (
        f"{tracked.client_order_id}: the venue says {claimed} lots are filled, "
        f"received were {tracked.filled_lots + tracked.excess_lots}"
    )


def _is_due(due_ns: int, now_ns: int) -> bool:
    return 0 < due_ns <= now_ns
