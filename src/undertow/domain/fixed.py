"""Exact fixed-point numbers: counts of a decimal step, parsed and printed without a float.

A price is an integer count of ticks and a quantity an integer count of lots. `Step` is the size of
one: `coefficient / 10**digits`, so 0.5 is `Step(5, 1)` and 0.01 is `Step(1, 2)`.
"""

import re
from decimal import Decimal

import msgspec

from undertow.domain.errors import PrecisionError

_MAX_DIGITS = 18
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)


def power_of_ten(digits: int) -> int:
    """10**digits for digits >= 0."""
    return int(10**digits)


def parse_scaled(text: str, digits: int) -> int:
    """Parse a decimal text to an integer of 10**-digits units, exactly.

    Accepts an optional sign, exponent notation, and trailing zeros beyond `digits`. Raises
    `PrecisionError` when the text is no finite number or is finer than `digits`.
    """
    whole, dot, fraction = text.partition(".")
    if dot:
        extra = fraction[digits:]
        if fraction.isdigit() and fraction.isascii() and not extra.strip("0"):
            fraction = fraction[:digits].ljust(digits, "0")
        else:
            return _parse_slow(text, digits)
    else:
        fraction = "0" * digits
    body = whole[1:] if whole[:1] in ("-", "+") else whole
    if not (body.isdigit() and body.isascii()):
        return _parse_slow(text, digits)
    magnitude = int(body + fraction)
    return -magnitude if whole[0] == "-" else magnitude


def _parse_slow(text: str, digits: int) -> int:
    # Exponents and ".5" are rare, so Decimal reads them; it alone would also take "1_0" and "nan".
    if not _NUMBER.fullmatch(text):
        raise PrecisionError(f"expected a decimal number, found {text[:40]!r}")
    sign, figures, exponent = Decimal(text).as_tuple()
    if not isinstance(exponent, int) or exponent + digits > 40:
        raise PrecisionError(f"expected a number below 1e22, found {text!r}")
    magnitude = int("".join(map(str, figures)))
    shift = exponent + digits
    if shift >= 0:
        scaled = magnitude * power_of_ten(shift)
    else:
        scaled, rest = divmod(magnitude, power_of_ten(-shift))
        if rest:
            raise PrecisionError(f"expected at most {digits} decimals, found {text!r}")
    return -scaled if sign else scaled


def format_scaled(value: int, digits: int) -> str:
    """Print an integer of 10**-digits units as a plain decimal without trailing zeros."""
    sign = "-" if value < 0 else ""
    whole, fraction = divmod(abs(value), power_of_ten(digits))
    tail = str(fraction).rjust(digits, "0").rstrip("0") if digits else ""
    return f"{sign}{whole}.{tail}" if tail else f"{sign}{whole}"


class Step(msgspec.Struct, frozen=True, gc=False):
    """A decimal step of `coefficient / 10**digits`; counts of it are plain integers.

    Both fields are exact: coefficient >= 1, 0 <= digits <= 18.
    """

    coefficient: int
    digits: int

    def __post_init__(self) -> None:
        if self.coefficient < 1 or not 0 <= self.digits <= _MAX_DIGITS:
            raise PrecisionError(
                f"expected a positive step with at most {_MAX_DIGITS} decimals, "
                f"found {self.coefficient}e-{self.digits}"
            )

    @classmethod
    def of(cls, text: str) -> "Step":
        """The step written as a decimal, e.g. `Step.of("0.01")`; trailing zeros do not count."""
        scaled = parse_scaled(text, _MAX_DIGITS)
        digits = _MAX_DIGITS
        while digits and scaled and scaled % 10 == 0:
            scaled //= 10
            digits -= 1
        return cls(scaled, digits)

    def count(self, text: str) -> int:
        """How many steps a decimal text is; raises `PrecisionError` when not a whole count."""
        scaled = parse_scaled(text, self.digits)
        count, rest = divmod(scaled, self.coefficient)
        if rest:
            raise PrecisionError(f"expected a multiple of {self.text(1)}, found {text!r}")
        return count

    def floor_count(self, value: Decimal | float) -> int:
        """The largest count whose value is not above `value` (a Decimal is exact, a float is read
        by its shortest decimal text so that 0.3 with step 0.1 gives 3).
        """
        exact = value if isinstance(value, Decimal) else Decimal(repr(value))
        return int((exact.scaleb(self.digits) / self.coefficient).to_integral_value("ROUND_FLOOR"))

    def nearest_count(self, value: Decimal | float) -> int:
        """The count nearest to `value`, ties to even."""
        exact = value if isinstance(value, Decimal) else Decimal(repr(value))
        scaled = exact.scaleb(self.digits) / self.coefficient
        return int(scaled.to_integral_value("ROUND_HALF_EVEN"))

    def text(self, count: int) -> str:
        """The exact decimal text of `count` steps."""
        return format_scaled(count * self.coefficient, self.digits)

    def decimal(self, count: int) -> Decimal:
        """The exact value of `count` steps."""
        return Decimal(count * self.coefficient).scaleb(-self.digits)

    def float(self, count: int) -> float:
        """The nearest float of `count` steps, for analytics only."""
        return count * self.coefficient / power_of_ten(self.digits)
