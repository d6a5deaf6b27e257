"""Exact value of a position at a mark price, in units of 1e-18 of the settlement currency."""

from undertow.domain.fixed import power_of_ten
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.market_event import MARK_PRICE_DIGITS
from undertow.domain.money import MONEY_DIGITS, MONEY_UNIT, divide_half_even

_PPM = 1_000_000


def lot_scale(instrument: Instrument) -> tuple[int, int]:
    """One lot as coefficient and decimal digits, in base coins (inverse: in quote money)."""
    coefficient = instrument.qty_step.coefficient * instrument.contract_size.coefficient
    return coefficient, instrument.qty_step.digits + instrument.contract_size.digits


def tick_e8(instrument: Instrument) -> tuple[int, int]:
    """One tick in units of 1e-8 as a fraction."""
    step = instrument.price_step
    shift = MARK_PRICE_DIGITS - step.digits
    if shift >= 0:
        return step.coefficient * power_of_ten(shift), 1
    return step.coefficient, power_of_ten(-shift)


def value_at(instrument: Instrument, mark_e8: int, lots: int) -> int:
    """Value of `lots` >= 0 at a mark > 0, half to even at the last digit."""
    coefficient, digits = lot_scale(instrument)
    if instrument.kind is MarketKind.INVERSE:
        numerator = lots * coefficient * MONEY_UNIT * power_of_ten(MARK_PRICE_DIGITS)
        return divide_half_even(numerator, power_of_ten(digits) * mark_e8)
    amount = lots * coefficient * mark_e8
    shift = MONEY_DIGITS - digits - MARK_PRICE_DIGITS
    if shift >= 0:
        return amount * power_of_ten(shift)
    return divide_half_even(amount, power_of_ten(-shift))


def profit_at(instrument: Instrument, mark_e8: int, signed_lots: int, entry_cost: int) -> int:
    """Unrealised profit at a mark of a position that cost `entry_cost` (> 0) to enter.

    Linear: side * (value - cost). Inverse, counted in the coin: side * (cost - value).
    """
    gain = value_at(instrument, mark_e8, abs(signed_lots)) - entry_cost
    if instrument.kind is MarketKind.INVERSE:
        gain = -gain
    return gain if signed_lots > 0 else -gain


def mark_at_loss(instrument: Instrument, mark_e8: int, signed_lots: int, loss: int) -> int | None:
    """The mark nearest to `mark_e8` at which a position has lost `loss` >= 0 more, rounded to it.

    None when no mark does that (a short of an inverse contract loses at most its value).
    """
    lots = abs(signed_lots)
    coefficient, digits = lot_scale(instrument)
    if instrument.kind is MarketKind.INVERSE:
        value = value_at(instrument, mark_e8, lots) + (loss if signed_lots > 0 else -loss)
        if value <= 0:
            return None
        numerator = lots * coefficient * MONEY_UNIT * power_of_ten(MARK_PRICE_DIGITS)
        denominator = power_of_ten(digits) * value
        return -(-numerator // denominator) if signed_lots > 0 else numerator // denominator
    move = loss * power_of_ten(digits + MARK_PRICE_DIGITS) // (lots * coefficient * MONEY_UNIT)
    return mark_e8 - move if signed_lots > 0 else mark_e8 + move


def share_ppm(amount: int, rate_ppm: int) -> int:
    """amount * rate / 1e6, half to even."""
    return divide_half_even(amount * rate_ppm, _PPM)
