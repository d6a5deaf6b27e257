"""Whether a venue can take an order at all: grids, bounds, least value (EXEC-29)."""

from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.money import Money
from undertow.domain.order import Limit, Terms, Trigger
from undertow.domain.side import Side

_ANY = "0"


def entry_fault(
    instrument: Instrument, side: Side, lots: int, terms: Terms, reference_ticks: int
) -> tuple[str, str] | None:
    """Check name and words when an entry cannot be sent, else None."""
    if instrument.kind is MarketKind.SPOT and side is Side.SELL:
        return "spot_short", f"{instrument.instrument_id} is spot: coins not held cannot be sold"
    price = limiting_ticks(terms, reference_ticks)
    return size_fault(instrument, lots, price) or price_fault(terms)


def size_fault(instrument: Instrument, lots: int, price_ticks: int) -> tuple[str, str] | None:
    """Too little or too much; `price_ticks` 0 = unknown, then the value is not judged."""
    if lots < max(1, instrument.min_lots):
        return "min_qty", f"expected at least {instrument.min_lots} lots, found {lots}"
    if instrument.max_lots and lots > instrument.max_lots:
        return "max_qty", f"expected at most {instrument.max_lots} lots, found {lots}"
    if instrument.min_notional != _ANY and price_ticks > 0:
        least = Money.of(instrument.min_notional, instrument.quote)
        value = instrument.notional(price_ticks, lots)
        if value < least:
            return "min_notional", f"expected a value of at least {least}, found {value}"
    return None


def price_fault(terms: Terms) -> tuple[str, str] | None:
    """A price that is no price."""
    ticks = limiting_ticks(terms, 1)
    return None if ticks > 0 else ("price", f"expected a price above 0 ticks, found {ticks}")


def limiting_ticks(terms: Terms, reference_ticks: int) -> int:
    """The price that decides an order's value: its limit or trigger, else the reference."""
    match terms:
        case Limit(price_ticks=ticks) | Trigger(trigger_ticks=ticks):
            return ticks
        case _:
            return reference_ticks
