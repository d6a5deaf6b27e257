"""What traded lots are worth in base coins and in quote money."""

from undertow.domain.fixed import power_of_ten
from undertow.domain.instrument import Instrument, MarketKind

Traded = tuple[int, int, float, float, float, float]
"""Bought and sold: lots, sums of ticks * lots, sums of lots / ticks."""


class TradedValue:
    """Converts sums of trades of one instrument, exact to a float's rounding.

    Spot and linear: base = lots * lot, money = sum(price * lots) * lot, with lot = qty step *
    contract size in base coins. Inverse: money = lots * lot, base = sum(lots / price) * lot, with
    lot in quote money. Each trade counts at its own price."""

    def __init__(self, instrument: Instrument) -> None:
        step, size = instrument.qty_step, instrument.contract_size
        coefficient = step.coefficient * size.coefficient
        self._lot = coefficient / power_of_ten(step.digits + size.digits)
        self._tick = instrument.price_float(1)
        self._is_inverse = instrument.kind is MarketKind.INVERSE

    def held_base(self, lots: float, price: float) -> float:
        """Open lots in base coins; inverse ones at this price."""
        return lots * self._lot / price if self._is_inverse else lots * self._lot

    def held_quote(self, lots: float, price: float) -> float:
        """Open lots in quote money at this price."""
        return lots * self._lot if self._is_inverse else lots * self._lot * price

    def base(self, traded: Traded) -> tuple[float, float]:
        """Bought and sold in base coins."""
        if self._is_inverse:
            scale = self._lot / self._tick
            return traded[4] * scale, traded[5] * scale
        return traded[0] * self._lot, traded[1] * self._lot

    def quote(self, traded: Traded) -> tuple[float, float]:
        """Bought and sold in quote money."""
        if self._is_inverse:
            return traded[0] * self._lot, traded[1] * self._lot
        scale = self._lot * self._tick
        return traded[2] * scale, traded[3] * scale
