"""Average prices as exact fractions of the cost that was booked, and as decimal texts."""

from fractions import Fraction

from undertow.domain.fixed import format_scaled, power_of_ten
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.money import MONEY_DIGITS, MONEY_UNIT, divide_half_even

_EXTRA_DIGITS = 6


def coin_amount(instrument: Instrument, lots: int) -> int:
    """Base coins of a spot quantity, exact, in units of 10**-18 coin."""
    step, size = instrument.qty_step, instrument.contract_size
    scaled = lots * step.coefficient * size.coefficient * power_of_ten(MONEY_DIGITS)
    return divide_half_even(scaled, power_of_ten(step.digits + size.digits))


def average_ticks(instrument: Instrument, cost: int, lots: int) -> Fraction:
    """The price in ticks at which `lots` cost `cost` (10**-18 of the settlement currency).

    Spot and linear: cost / lots, the quantity-weighted mean. Inverse: lots / cost, the harmonic
    mean, because contracts are worth a fixed amount of quote money.
    """
    return Fraction(*_ticks_ratio(instrument, cost, lots))


def average_ticks_float(instrument: Instrument, cost: int, lots: int) -> float:
    """The float nearest to `average_ticks`."""
    numerator, denominator = _ticks_ratio(instrument, cost, lots)
    return numerator / denominator  # of integers: rounded once, however large they are


def average_price_text(instrument: Instrument, cost: int, lots: int) -> str:
    """The same as a decimal price, rounded half to even six digits beyond a tick."""
    digits = instrument.price_step.digits + _EXTRA_DIGITS
    numerator, denominator = _ticks_ratio(instrument, cost, lots)
    numerator *= instrument.price_step.coefficient * power_of_ten(_EXTRA_DIGITS)
    return format_scaled(divide_half_even(numerator, denominator), digits)


def _ticks_ratio(instrument: Instrument, cost: int, lots: int) -> tuple[int, int]:
    # Numerator and denominator, not reduced: reducing costs more than it saves.
    qty, size, price = instrument.qty_step, instrument.contract_size, instrument.price_step
    lot = lots * qty.coefficient * size.coefficient
    lot_unit = power_of_ten(qty.digits + size.digits)
    tick_unit = power_of_ten(price.digits)
    if instrument.kind is MarketKind.INVERSE:
        return lot * tick_unit * MONEY_UNIT, lot_unit * cost * price.coefficient
    return cost * lot_unit * tick_unit, MONEY_UNIT * lot * price.coefficient
