"""Average prices as exact fractions of the cost that was booked, and as decimal texts."""

from fractions import Fraction

from undertow.domain.fixed import format_scaled, power_of_ten
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.money import MONEY_DIGITS, divide_half_even

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
    lot = Fraction(
        instrument.qty_step.coefficient * instrument.contract_size.coefficient,
        power_of_ten(instrument.qty_step.digits + instrument.contract_size.digits),
    )
    tick = Fraction(instrument.price_step.coefficient, power_of_ten(instrument.price_step.digits))
    money = Fraction(cost, power_of_ten(MONEY_DIGITS))
    if instrument.kind is MarketKind.INVERSE:
        return lots * lot / money / tick
    return money / (lots * lot) / tick


def average_price_text(instrument: Instrument, cost: int, lots: int) -> str:
    """The same as a decimal price, rounded half to even six digits beyond a tick."""
    digits = instrument.price_step.digits + _EXTRA_DIGITS
    ticks = average_ticks(instrument, cost, lots)
    scaled = ticks * instrument.price_step.coefficient * power_of_ten(_EXTRA_DIGITS)
    return format_scaled(divide_half_even(scaled.numerator, scaled.denominator), digits)
