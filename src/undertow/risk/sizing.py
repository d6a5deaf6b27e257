"""How much: the quantity whose loss at the stop is the risk money, then the tightest cap.

qty = equity * risk / (|entry - stop| + fee * (entry + stop)) per lot, floored to whole lots
(Tharp's fixed-fractional sizing with costs). Leverage does not enter: it changes the margin, not
the loss. Everything is exact; a rate enters by its shortest decimal.
"""

from decimal import ROUND_FLOOR, Context, Decimal

import msgspec

from undertow.domain.instrument import Instrument
from undertow.domain.money import Money
from undertow.domain.side import Side
from undertow.risk.refusal import RefusalCode
from undertow.risk.stop_loss import PPM

_EXACT = Context(prec=60)


class SizeCap(msgspec.Struct, frozen=True, gc=False):
    """One upper bound of a quantity, and the refusal when it leaves too little."""

    code: RefusalCode
    lots: int


def exact(rate: float) -> Decimal:
    """A float rate as the decimal it prints as, so that 1.1 means 1.1."""
    return Decimal(repr(float(rate)))


def loss_per_lot(
    instrument: Instrument, side: Side, entry_ticks: int, stop_ticks: int, settle_rate: float
) -> Decimal:
    """What one lot loses from entry to stop, taker fees at both ends included (reporting money)."""
    move = -instrument.pnl(side, entry_ticks, stop_ticks, 1).decimal
    taker = instrument.fees.taker_ppm
    fees = instrument.fee(entry_ticks, 1, taker) + instrument.fee(stop_ticks, 1, taker)
    return _EXACT.multiply(move + fees.decimal, exact(settle_rate))


def lots_for_money(money: Money, per_lot: Decimal) -> int:
    """Whole lots that fit into `money` at `per_lot` each; 0 when either is not positive."""
    if money.amount <= 0 or per_lot <= 0:
        return 0
    return int(_EXACT.divide(money.decimal, per_lot).to_integral_value(ROUND_FLOOR))


def share(money: Money, ppm: int) -> Money:
    """That share of the money."""
    return money.times(ppm, PPM)


def notional_per_lot(instrument: Instrument, ticks: int, quote_rate: float) -> Decimal:
    """Value of one lot at a price, in the reporting currency."""
    return _EXACT.multiply(instrument.notional(ticks, 1).decimal, exact(quote_rate))


def tightest(caps: list[SizeCap]) -> SizeCap:
    """The smallest cap; the first of equals, so the order of the list is the order of blame."""
    return min(caps, key=lambda cap: cap.lots)
