"""The protective stop at the venue: asked for, placed, kept at the planned price and quantity.

Quantity is amended at once, price at most once an interval (C-87); a stop that the venue does not
amend is replaced by a new one.
"""

from undertow.domain.instrument import MarketKind
from undertow.domain.intent import Approved
from undertow.domain.order import Purpose, Trigger
from undertow.execution.desk_step import DeskStep
from undertow.execution.exit_placement import available_lots, stops_of
from undertow.execution.holding import Holding
from undertow.execution.order_terms import stop_terms
from undertow.execution.order_validation import price_fault, size_fault
from undertow.execution.tracked_order import TrackedOrder

PROTECTIVE_REASON = "protective_stop"
_REFUSALS_MAX = 2


def keep_stop(step: DeskStep, held: Holding) -> bool:
    """Bring the stop that stands to the plan and take back any other; False when none stands."""
    assert held.plan is not None
    stops = [stop for stop in stops_of(step, held) if stop.order.side is not held.side]
    for other in stops_of(step, held):
        if other not in stops[-1:]:
            step.cancel(other)  # an older one, or of the position before a fill crossed zero
    if stops:
        _adjust(step, held, stops[-1], held.plan.stop_ticks)
    return bool(stops)


def ask_for_stop(step: DeskStep, held: Holding) -> bool:
    """Give out the intent for a stop; False when the last one was not answered in time."""
    assert held.plan is not None
    lots = _stop_lots(step, held)
    if not lots:
        return True
    wait_ns = step.state.config.approval_timeout_ns
    if not held.asked_ns:
        held.asked_ns = max(1, step.now_ns)
        terms = stop_terms(held.side, held.plan.stop_ticks)
        step.ask(held, Purpose.PROTECT, terms, lots, PROTECTIVE_REASON)
    elif step.now_ns >= held.asked_ns + wait_ns:
        held.asked_ns = 0
        return False
    held.call_again(held.asked_ns + wait_ns)
    return True


def place_stop(step: DeskStep, held: Holding, approved: Approved) -> tuple[str, str] | None:
    """Act on an approved protective intent: the quantity is what is held now, the price the plan's,
    tightened by what the intent asks. Returns why the venue could not take it.
    """
    intent, instrument = approved.intent, step.state.instrument(held)
    held.asked_ns = 0
    if not held.is_open or held.plan is None:
        step.rejected(intent, "no_position", f"{held.strategy} holds no {held.instrument_id}")
        return None
    held.plan = held.plan.tightened(intent.trail_ppm)
    if isinstance(intent.terms, Trigger):
        held.plan = held.plan.with_stop(intent.terms.trigger_ticks)
    if keep_stop(step, held) or instrument.venue in step.state.config.venues_without_stops:
        return None
    lots = min(_stop_lots(step, held), instrument.max_lots or abs(held.signed_lots))
    terms = stop_terms(held.side, held.plan.stop_ticks)
    fault = price_fault(terms)
    if fault is None and instrument.kind is MarketKind.SPOT:
        fault = size_fault(instrument, lots, held.plan.stop_ticks)
        held.is_dust = held.is_dust or fault is not None
    if fault is None:
        step.submit(intent, held.side.opposite, lots, terms)
    else:
        step.invalid(intent, *fault)
    return fault


def _stop_lots(step: DeskStep, held: Holding) -> int:
    # On spot, coins that are being sold cannot be stopped as well.
    instrument = step.state.instrument(held)
    is_spot = instrument.kind is MarketKind.SPOT
    return available_lots(step, held) if is_spot else held.closable_lots(instrument)


def _adjust(step: DeskStep, held: Holding, stop: TrackedOrder, price_ticks: int) -> None:
    if not stop.is_resting or stop.is_triggered or stop.is_cancel_wanted:
        return
    lots = _stop_lots(step, held)
    qty = stop.filled_lots + lots
    if lots and (price_ticks, qty) == (stop.price_ticks, stop.qty_lots):
        return
    if not lots or stop.amend_refusals >= _REFUSALS_MAX:
        step.cancel(stop)
        return
    may_wait = qty == stop.qty_lots or stop.amend_refusals > 0
    if may_wait and step.now_ns < stop.next_amend_ns:
        held.call_again(stop.next_amend_ns)
    else:
        step.amend(stop, price_ticks, qty)
