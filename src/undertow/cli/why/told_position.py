"""The position that an order belongs to: how it began, how its stop moved, what it came to."""

from collections.abc import Sequence

from undertow.cli.why.evidence import Case
from undertow.cli.why.order_story import StopChange, ToldPosition
from undertow.domain.engine_input import ReportReceived
from undertow.domain.event import StopHit, StopMoved
from undertow.domain.report import OrderFilled
from undertow.domain.side import Side
from undertow.domain.time import NS_PER_S
from undertow.ledger.exact_price import average_price_text
from undertow.timeline.journal_record import JournalRecord


def told_position(case: Case, records: Sequence[JournalRecord]) -> ToldPosition | None:
    """The position as the journal tells it; its profit is known only when it is closed.

    An open one has the quantity that its fills sum up to and the average price of its entries.
    """
    if case.span is None:
        return None
    opened, closed = case.span.opened, case.span.closed
    changes = _stop_changes(opened.position_id, records)
    side = "long" if opened.side is Side.BUY else "short"
    if closed is None:
        entry_price, qty = _held(case, records)
        return ToldPosition(
            position_id=opened.position_id,
            side=side,
            entry_price=entry_price or opened.entry_price,
            qty=qty or opened.qty,
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


def _stop_changes(position_id: str, records: Sequence[JournalRecord]) -> tuple[StopChange, ...]:
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


def _held(case: Case, records: Sequence[JournalRecord]) -> tuple[str, str]:
    # Average entry price and quantity from the fills; nothing where there is none.
    assert case.span is not None
    instrument, side = case.instrument, case.span.opened.side
    names = {sent.order.client_order_id for sent in case.orders}
    entered = cost = left = 0
    for record in records:
        value = record.value
        fill = value.report if isinstance(value, ReportReceived) else None
        if not isinstance(fill, OrderFilled) or fill.client_order_id not in names:
            continue
        left += fill.qty_lots if fill.side is side else -fill.qty_lots
        if fill.side is side:
            entered += fill.qty_lots
            cost += instrument.cost(fill.price_ticks, fill.qty_lots).amount
    if not entered:
        return "", ""
    return average_price_text(instrument, cost, entered), instrument.qty_text(left)
