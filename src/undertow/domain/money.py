"""Money: an exact amount of one currency, never a float.

The amount is an integer of 10**-18 units (`MONEY_DIGITS`), fine enough to hold the product of an
8-decimal price and an 8-decimal quantity exactly. Only division (inverse contracts, fee rates)
rounds, half to even, at that last digit.
"""

from decimal import Decimal

import msgspec

from undertow.domain.errors import InvariantBroken
from undertow.domain.fixed import format_scaled, parse_scaled, power_of_ten

MONEY_DIGITS = 18
MONEY_UNIT = power_of_ten(MONEY_DIGITS)


def divide_half_even(numerator: int, denominator: int) -> int:
    """Integer division rounded to nearest, ties to even."""
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    quotient, rest = divmod(numerator, denominator)
    twice = 2 * rest
    if twice > denominator or (twice == denominator and quotient & 1):
        return quotient + 1
    return quotient


class Money(msgspec.Struct, frozen=True, gc=False, order=False):
    """`amount` is in units of 10**-18 of `currency`. Arithmetic across currencies is our bug."""

    amount: int
    currency: str

    @classmethod
    def of(cls, text: str, currency: str) -> "Money":
        """Money from a decimal text, exactly; raises `PrecisionError` beyond 18 decimals."""
        return cls(parse_scaled(text, MONEY_DIGITS), currency)

    @classmethod
    def zero(cls, currency: str) -> "Money":
        """Nothing, in that currency."""
        return cls(0, currency)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.amount <= self._same(other)

    def __bool__(self) -> bool:
        return self.amount != 0

    def times(self, numerator: int, denominator: int = 1) -> "Money":
        """This money times an exact ratio, rounded half to even at the last digit."""
        return Money(divide_half_even(self.amount * numerator, denominator), self.currency)

    @property
    def text(self) -> str:
        """The exact decimal text without the currency."""
        return format_scaled(self.amount, MONEY_DIGITS)

    @property
    def decimal(self) -> Decimal:
        """The exact value."""
        return Decimal(self.amount).scaleb(-MONEY_DIGITS)

    def __float__(self) -> float:
        return self.amount / MONEY_UNIT

    def __str__(self) -> str:
        return f"{self.text} {self.currency}"

    def _same(self, other: "Money") -> int:
        if self.currency != other.currency:
            raise InvariantBroken(f"expected money in {self.currency}, found {other.currency}")
        return other.amount
