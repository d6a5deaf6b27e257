"""The position that an order belongs to: how it began, how its stop moved, what it came to."""

from collections.abc import Iterable

from undertow.cli.why.order_index import PositionSpan
from undertow.cli.why.order_story import StopChange, ToldPosition
from undertow.domain.event import StopHit, StopMoved
from undertow.domain.side import Side
from undertow.domain.time import NS_PER_S
from undertow.timeline.journal_record import JournalRecord


def told_position(span: PositionSpan, records: Iterable[JournalRecord]) -> ToldPosition:
    """The position as the journal's events tell it; profit is known only of a closed one."""
    opened, closed = span.opened, span.closed
    changes = _stop_changes(opened.position_id, records)
    side = "long" if opened.side is Side.BUY else "short"
    if closed is None:
        return ToldPosition(
            position_id=opened.position_id,
            side=side,
            entry_price=opened.entry_price,
            qty=opened.qty,
            opened_ns=opened.at_ns,
            entry_decision_id=opened.decision_id,
            is_open=True,
            stop_changes=changes,
        )
    return ToldPosition(
        position_id=closed.position_id,
        side=side,
        entry_price=closed.entry_price,
        qty=closed.qty,
        opened_ns=closed.opened_ns,
        entry_decision_id=closed.entry_decision_id,
        is_open=False,
        closed_ns=closed.at_ns,
        held_s=(closed.at_ns - closed.opened_ns) / NS_PER_S,
        exit_price=closed.exit_price,
        exit_reason=closed.reason,
        exit_decision_id=closed.exit_decision_id,
        pnl=closed.pnl.text,
        pnl_percent=closed.pnl_percent,
        fees=closed.fees.text,
        funding=closed.funding.text,
        currency=closed.pnl.currency,
        stop_changes=changes,
    )


def _stop_changes(position_id: str, records: Iterable[JournalRecord]) -> tuple[StopChange, ...]:
    changes: list[StopChange] = []
    for record in records:
        value = record.value
        if isinstance(value, StopMoved) and value.position_id == position_id:
            changes.append(
                StopChange(at_ns=value.at_ns, price=value.stop_price, reason=value.reason)
            )
        elif isinstance(value, StopHit) and value.position_id == position_id:
            changes.append(StopChange(at_ns=value.at_ns, price=value.stop_price, reason="hit"))
    return tuple(changes)
