"""Reports of orders that are not ours: somebody trades on the same account, or the venue itself.

Nothing of it is lost. A fill moves the venue's position and wallet, so it is booked: what reduces
is taken from whoever holds the other side, the rest belongs to `EXTERNAL` (POS-19, D-69). Only a
fill under our own name of an order that we do not remember is not booked, because it may have been
before; the comparison of positions decides about it.
"""

from collections.abc import Iterator

from undertow.domain.identity import DecisionId, StrategyId
from undertow.domain.money import Money, divide_half_even
from undertow.domain.order import Purpose
from undertow.domain.report import OrderFilled
from undertow.execution.desk_step import DeskStep
from undertow.execution.fill_intake import give_fill
from undertow.execution.holding import Holding
from undertow.execution.order_tracker import OrderReport
from undertow.execution.position_care import care_for
from undertow.ledger.fill import EXTERNAL, Fill

LIQUIDATION_REASON = "liquidation"
SOLD_REASON = "sold_on_exchange"


def read_stray(step: DeskStep, report: OrderReport) -> None:
    """Tell a report of an order that we do not know; book its fill when it is not ours."""
    name, state = report.client_order_id, step.state
    what = type(report).__name__
    if not isinstance(report, OrderFilled):
        step.differs(report.venue, f"{what} of order {name!r}, which we do not know")
        return
    words = (
        f"{what} {report.fill_id} of order {name!r}, which we do not know: {report.side.name} "
        f"{report.qty_lots} lots of {report.instrument_id} at {report.price_ticks} ticks"
    )
    key = f"{report.instrument_id} {report.fill_id}"
    if key in state.adopted:
        state.tracker.counts.duplicates += 1
        return
    step.differs(report.venue, words)
    if name.startswith(state.config.client_id_prefix):
        return
    state.adopted[key] = True
    book_external(step, report)


def book_external(step: DeskStep, report: OrderFilled) -> None:
    """Share a foreign fill out and book every part."""
    name = report.instrument_id
    liquidating = step.state.liquidating.pop(name, 0)
    if liquidating > report.qty_lots:
        step.state.liquidating[name] = liquidating - report.qty_lots
    fee = report.fee.amount
    left = report.qty_lots
    for strategy, lots in list(_shares(step, report, is_forced=liquidating > 0)):
        part = divide_half_even(fee * lots, left)
        fee, left = fee - part, left - lots
        held = step.state.holding(strategy, name)
        reason = EXTERNAL if strategy == EXTERNAL else SOLD_REASON
        reason = LIQUIDATION_REASON if liquidating else reason
        money = Money(part, report.fee.currency)
        fill = _part(report, held, lots=lots, fee=money, reason=reason, at_ns=step.now_ns)
        give_fill(step, held, fill)
        care_for(step, held)


def _shares(
    step: DeskStep, report: OrderFilled, *, is_forced: bool
) -> Iterator[tuple[StrategyId, int]]:
    # Who holds the other side gives it up: strangers first, unless the venue liquidates.
    left = report.qty_lots
    against = [
        held
        for held in step.state.holdings.values()
        if held.instrument_id == report.instrument_id and held.signed_lots * report.side < 0
    ]
    for held in sorted(against, key=lambda h: (h.strategy != EXTERNAL or is_forced, h.strategy)):
        lots = min(left, abs(held.signed_lots))
        if lots:
            yield held.strategy, lots
            left -= lots
    if left:
        yield EXTERNAL, left


def _part(
    report: OrderFilled, held: Holding, *, lots: int, fee: Money, reason: str, at_ns: int
) -> Fill:
    return Fill(
        fill_id=report.fill_id,
        client_order_id=report.client_order_id,
        venue=report.venue,
        strategy=held.strategy,
        instrument_id=report.instrument_id,
        side=report.side,
        price_ticks=report.price_ticks,
        qty_lots=lots,
        liquidity=report.liquidity,
        fee=fee,
        purpose=Purpose.EXIT,
        decision_id=DecisionId(""),
        reason=reason,
        event_time_ns=report.event_time_ns,
        at_ns=at_ns,
    )
