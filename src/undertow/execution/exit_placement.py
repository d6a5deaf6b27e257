"""Orders that close a position: reduce-only, never more than is held and not yet closing."""

from undertow.domain.instrument import MarketKind
from undertow.domain.intent import Approved
from undertow.domain.order import OrderState, Purpose
from undertow.execution.desk_step import DeskStep
from undertow.execution.holding import Holding
from undertow.execution.order_validation import limiting_ticks, price_fault, size_fault
from undertow.execution.tracked_order import TrackedOrder

Fault = tuple[str, str]
"""Why nothing was sent: a stable code, and words."""

_TOO_SMALL = ("min_qty", "min_notional")


def stops_of(step: DeskStep, held: Holding) -> list[TrackedOrder]:
    """Protective orders that have not ended, the one to rely on last; more than one only while one
    is being replaced, or when one that was thought over turned out to live.
    """
    stops = [t for t in step.state.orders(held) if t.purpose is Purpose.PROTECT]
    return sorted(stops, key=lambda t: (t.state is not OrderState.UNKNOWN, t.order.created_ns))


def is_coin_locked(step: DeskStep, held: Holding) -> bool:
    """True when a resting stop holds the coins that an exit would sell (spot)."""
    instrument = step.state.instrument(held)
    return instrument.kind is MarketKind.SPOT and bool(stops_of(step, held))


def available_lots(step: DeskStep, held: Holding) -> int:
    """Lots that may still be closed beside the exits under way."""
    closable = held.closable_lots(step.state.instrument(held))
    return max(0, closable - step.state.closing_lots(held))


def place_exit(step: DeskStep, held: Holding, approved: Approved) -> Fault | None:
    """Send the exit, or on spot first cancel the stop that holds the coins. None when under way.

    A quantity of 0 means all. What is too little for the venue is marked as dust.
    """
    if not held.is_open:
        return "no_position", f"{held.strategy} holds no {held.instrument_id}"
    available = available_lots(step, held)
    if not available:
        return "exit_under_way", f"all {abs(held.signed_lots)} lots are being closed already"
    instrument, intent = step.state.instrument(held), approved.intent
    lots = min(approved.qty_lots or available, available, instrument.max_lots or available)
    fault = price_fault(intent.terms)
    if fault is None and instrument.kind is MarketKind.SPOT:
        # Derivatives take any reduce-only quantity; coins have the venue's least size and value.
        price = limiting_ticks(intent.terms, intent.reference_ticks)
        fault = size_fault(instrument, lots, price)
        if fault is not None and fault[0] in _TOO_SMALL and lots == available:
            held.is_dust = True
    if fault is not None:
        return fault
    if is_coin_locked(step, held):
        for stop in stops_of(step, held):
            step.cancel(stop)
        if intent.purpose is Purpose.EXIT:
            held.deferred = approved
        return None
    step.submit(intent, held.side.opposite, lots, intent.terms)
    return None
