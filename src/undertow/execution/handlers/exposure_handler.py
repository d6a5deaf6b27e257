"""Fourth: what all positions and entries under way are worth together."""

from undertow.domain.intent import Verdict
from undertow.domain.money import Money
from undertow.domain.order import Purpose
from undertow.execution.handlers.handler_case import HandlerCase, fails, passes
from undertow.execution.tracked_order import TrackedOrder
from undertow.ledger.booking import multiply

NAME = "exposure"


def judge_exposure(case: HandlerCase) -> Verdict:
    """Refuse what would exceed the limit, and what one protective order could not cover.

    Entries that the account's picture does not show yet are valued at this instrument's rate.
    """
    instrument, config = case.instrument, case.step.state.config
    lots = abs(case.held.signed_lots) + case.approved.qty_lots
    if instrument.max_lots and lots > instrument.max_lots:
        words = f"one stop covers {instrument.max_lots} lots, the position would have {lots}"
        return fails(NAME, "max_position_lots", words, lots, instrument.max_lots)
    reporting = case.account.equity.currency
    limit = Money.of(config.max_exposure, reporting)
    if not limit:
        return passes(NAME, "no limit here")
    total = _exposure(case)
    if limit.amount < total:
        words = f"exposure would be {Money(total, reporting)}, at most {limit} may be"
        return fails(NAME, "max_exposure", words, total / 10**18, float(limit))
    return passes(NAME, f"{Money(total, reporting)} of {limit}")


def _exposure(case: HandlerCase) -> int:
    shown = {order.client_order_id for order in case.account.working}
    total = sum(position.notional.amount for position in case.account.positions)
    total += sum(
        order.remaining_notional.amount
        for order in case.account.working
        if order.purpose is Purpose.ENTRY
    )
    total += sum(
        _worth(case, tracked)
        for tracked in case.step.state.entries()
        if tracked.client_order_id not in shown
    )
    price = case.intent.reference_ticks
    notional = case.instrument.notional(price, case.approved.qty_lots)
    return total + multiply(notional.amount, case.quote_rate)


def _worth(case: HandlerCase, tracked: TrackedOrder) -> int:
    instrument = case.step.state.table.get(tracked.instrument_id)
    price = tracked.price_ticks or tracked.intent.reference_ticks
    return multiply(instrument.notional(price, tracked.remaining_lots).amount, case.quote_rate)
