"""What can be traded, and the exact arithmetic of its prices, quantities and money.

Inside the engine a price is a count of ticks and a quantity a count of lots. One lot is
`qty_step` units; a unit is one base coin on spot, and one contract of `contract_size` on
derivatives (base coins when linear, quote money when inverse).
"""

from decimal import Decimal
from enum import IntEnum

import msgspec

from undertow.domain.fixed import Step, power_of_ten
from undertow.domain.identity import InstrumentId
from undertow.domain.money import MONEY_DIGITS, Money, divide_half_even
from undertow.domain.side import Side


class MarketKind(IntEnum):
    """How an instrument settles; decides how quantity becomes base coins and money."""

    SPOT = 0
    LINEAR = 1
    INVERSE = 2


class FeeSchedule(msgspec.Struct, frozen=True, gc=False):
    """Fee rates in parts per million of the notional; a negative rate is a rebate."""

    maker_ppm: int
    taker_ppm: int


class Instrument(msgspec.Struct, frozen=True):
    """One tradable thing at one venue; the numbers come from the venue, never from code.

    price_step, qty_step: size of a tick in quote units, of a lot in base coins or contracts.
    contract_size: base coins (linear) or quote money (inverse) per contract; 1 on spot.
    min_lots, max_lots: bounds of an order's quantity, 0 = no upper bound.
    min_notional: least value of an order in quote money, 0 = none.
    """

    symbol: str
    venue: str
    raw_symbol: str
    kind: MarketKind
    base: str
    quote: str
    settle: str
    price_step: Step
    qty_step: Step
    contract_size: Step = Step(1, 0)
    min_lots: int = 1
    max_lots: int = 0
    min_notional: str = "0"
    fees: FeeSchedule = FeeSchedule(200, 500)
    max_leverage: int = 1

    @property
    def instrument_id(self) -> InstrumentId:
        """The public name with its venue, e.g. `BTC/USDT:USDT@binance`."""
        return InstrumentId(f"{self.symbol}@{self.venue}")

    @property
    def is_perp(self) -> bool:
        """True for derivatives, linear and inverse."""
        return self.kind is not MarketKind.SPOT

    def ticks(self, price: str) -> int:
        """A decimal price text as ticks; raises `PrecisionError` when it is off the tick grid."""
        return self.price_step.count(price)

    def lots(self, qty: str) -> int:
        """A decimal quantity text as lots; raises `PrecisionError` when it is off the lot grid."""
        return self.qty_step.count(qty)

    def price_text(self, ticks: int) -> str:
        """Ticks as an exact decimal text."""
        return self.price_step.text(ticks)

    def qty_text(self, lots: int) -> str:
        """Lots as an exact decimal text in the venue's own unit (coins or contracts)."""
        return self.qty_step.text(lots)

    def price_float(self, ticks: float) -> float:
        """Ticks as a float price, for analytics and display."""
        return ticks * self.price_step.coefficient / power_of_ten(self.price_step.digits)

    def notional(self, ticks: int, lots: int) -> Money:
        """Exact value of a quantity at a price, in quote money (non-negative for positive lots).

        Spot and linear: price * qty * contract_size. Inverse: contracts * contract_size, whatever
        the price.
        """
        return Money(self._value(ticks, lots), self.quote)

    def cost(self, ticks: int, lots: int) -> Money:
        """The same value in the settlement currency: fees, margin and P&L are counted in it.

        Inverse: contracts * contract_size / price in the base coin, rounded half to even at 1e-18.
        """
        if self.kind is not MarketKind.INVERSE:
            return Money(self._value(ticks, lots), self.settle)
        scale, digits = self._qty_scale
        numerator = lots * scale * power_of_ten(MONEY_DIGITS + self.price_step.digits - digits)
        return Money(divide_half_even(numerator, ticks * self.price_step.coefficient), self.settle)

    def fee(self, ticks: int, lots: int, rate_ppm: int) -> Money:
        """Fee of a fill in the settlement currency: cost * rate, half to even at 1e-18."""
        return self.cost(ticks, abs(lots)).times(rate_ppm, 1_000_000)

    def base_qty(self, ticks: int, lots: int) -> Decimal:
        """Quantity in base coins; an inverse contract needs the price (28 significant digits)."""
        if self.kind is MarketKind.INVERSE:
            return self.cost(ticks, lots).decimal
        scale, digits = self._qty_scale
        return Decimal(lots * scale).scaleb(-digits)

    def pnl(self, side: Side, entry_ticks: int, exit_ticks: int, lots: int) -> Money:
        """Profit of `lots` held from entry to exit, before fees, in the settlement currency.

        Linear: side * qty * (exit - entry). Inverse: side * contracts * size * (1/entry - 1/exit)
        in the base coin (Binance and Bybit contract documentation).
        """
        paid, got = self.cost(entry_ticks, lots), self.cost(exit_ticks, lots)
        difference = paid - got if self.kind is MarketKind.INVERSE else got - paid
        return difference if side is Side.BUY else -difference

    def _value(self, ticks: int, lots: int) -> int:
        # In quote money, units of 1e-18.
        qty, size, price = self.qty_step, self.contract_size, self.price_step
        amount = lots * qty.coefficient * size.coefficient
        digits = qty.digits + size.digits
        if self.kind is not MarketKind.INVERSE:
            amount *= ticks * price.coefficient
            digits += price.digits
        return _to_money(amount, digits)

    @property
    def _qty_scale(self) -> tuple[int, int]:
        # One lot = scale / 10**digits of base coins (or of quote money when inverse).
        return (
            self.qty_step.coefficient * self.contract_size.coefficient,
            self.qty_step.digits + self.contract_size.digits,
        )


def _to_money(amount: int, digits: int) -> int:
    if digits <= MONEY_DIGITS:
        return amount * power_of_ten(MONEY_DIGITS - digits)
    return divide_half_even(amount, power_of_ten(digits - MONEY_DIGITS))
