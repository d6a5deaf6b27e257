"""When an order needs attention although nothing was heard."""

from undertow.domain.order import Limit, OrderState, Purpose
from undertow.execution.execution_config import ExecutionConfig
from undertow.execution.tracked_order import TrackedOrder

_UNDER_WAY = {
    OrderState.PENDING_CREATE: "submit",
    OrderState.PENDING_CANCEL: "cancel",
    OrderState.PENDING_AMEND: "amend",
}
_CANCELLABLE = (
    OrderState.OPEN,
    OrderState.PARTIALLY_FILLED,
    OrderState.PENDING_AMEND,
    OrderState.PENDING_CREATE,
)


def request_under_way(tracked: TrackedOrder) -> str:
    """The request that waits for an answer: "submit", "cancel", "amend" or ""."""
    return _UNDER_WAY.get(tracked.state, "")


def doubt_due_ns(tracked: TrackedOrder, config: ExecutionConfig) -> int:
    """When silence makes the order's state doubtful; 0 = never."""
    if tracked.state in _UNDER_WAY:
        return tracked.sent_ns + config.request_timeout_ns
    if tracked.is_resting and tracked.ends_at_once:
        return tracked.heard_ns + config.request_timeout_ns
    return 0


def audit_due_ns(tracked: TrackedOrder, config: ExecutionConfig) -> int:
    """When a resting order is asked after although nothing is wrong; 0 = never."""
    if tracked.is_resting and not tracked.ends_at_once and config.audit_ns:
        return tracked.heard_ns + config.audit_ns
    return 0


def unfilled_due_ns(tracked: TrackedOrder, config: ExecutionConfig) -> int:
    """When a limit order has waited long enough (EXEC-16); 0 = never."""
    if tracked.is_cancel_wanted or not isinstance(tracked.order.terms, Limit):
        return 0
    if tracked.ends_at_once or tracked.is_ended:
        return 0
    waits = {Purpose.ENTRY: config.entry_timeout_ns, Purpose.EXIT: config.exit_timeout_ns}
    wait = waits.get(tracked.purpose, 0)
    return tracked.order.created_ns + wait if wait else 0


def cancel_due_ns(tracked: TrackedOrder) -> int:
    """When a wanted cancel may be sent; 0 = not now. An order of unknown state is queried first."""
    if tracked.is_cancel_wanted and tracked.state in _CANCELLABLE:
        return max(1, tracked.next_cancel_ns)
    return 0


def claim_due_ns(tracked: TrackedOrder, config: ExecutionConfig) -> int:
    """When fills that a status knows of are missing for too long; 0 = none are."""
    if tracked.claim is None or tracked.claim.is_reported:
        return 0
    return tracked.claim.since_ns + config.missing_fill_grace_ns


def next_due_ns(tracked: TrackedOrder, config: ExecutionConfig) -> int:
    """The earliest of all these and of the next query; 0 = none."""
    due = (
        tracked.next_query_ns,
        doubt_due_ns(tracked, config),
        audit_due_ns(tracked, config),
        unfilled_due_ns(tracked, config),
        cancel_due_ns(tracked),
        claim_due_ns(tracked, config),
    )
    return min((at for at in due if at), default=0)


def backoff_ns(first_ns: int, most_ns: int, attempts: int) -> int:
    """Wait after `attempts` attempts: the first wait, doubled by each of them, up to the most."""
    return min(most_ns, first_ns << min(attempts, 32))
