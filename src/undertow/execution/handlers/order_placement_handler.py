"""Fifth: the order itself. It decides the outcome: nothing after it can turn it round (D-62)."""

from undertow.domain.intent import Verdict
from undertow.domain.order import Purpose
from undertow.execution.exit_placement import Fault, place_exit
from undertow.execution.handlers.handler_case import HandlerCase, fails, passes
from undertow.execution.order_terms import entry_terms
from undertow.execution.order_validation import entry_fault

NAME = "order_placement"


def judge_order_placement(case: HandlerCase) -> Verdict:
    """Turn the intent into an order and send it, or say why the venue could not take it."""
    is_entry = case.intent.purpose is Purpose.ENTRY
    fault = _enter(case) if is_entry else _leave(case)
    if fault is not None:
        return fails(NAME, *fault)
    case.outcome = "placed" if is_entry else "closing"
    return passes(NAME, "sent" if is_entry else "closes")


def _enter(case: HandlerCase) -> Fault | None:
    intent, instrument, lots = case.intent, case.instrument, case.approved.qty_lots
    terms = entry_terms(intent, case.policy)
    if terms is None:
        return "reference", "expected a reference price to put the limit at, found none"
    fault = entry_fault(instrument, intent.side, lots, terms, intent.reference_ticks)
    if fault is None:
        case.step.submit(intent, intent.side, lots, terms)
    return fault


def _leave(case: HandlerCase) -> Fault | None:
    # Who wants out does not want the rest of an entry.
    for tracked in case.step.state.orders(case.held):
        if tracked.purpose is Purpose.ENTRY:
            case.step.cancel(tracked)
    return place_exit(case.step, case.held, case.approved)
