"""Decimal texts to whole counts of a step, remembered: prices and sizes repeat a lot on a feed.

The memory only saves time; it never changes an answer.
"""

import re
from fractions import Fraction
from math import ceil

from undertow.domain.errors import PrecisionError
from undertow.domain.fixed import Step, parse_scaled, power_of_ten
from undertow.venues.refusal import Reason, Refusal

MEMORY_TEXTS = 16_384
COUNT_DIGITS = 18

_PLAIN = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)", re.ASCII)


class DecimalGrid(dict[str, int]):
    """`grid[text]` is the count of `step` that the text is, exactly.

    Raises `Refusal`: OFF_GRID when it is no whole count, NUMBER when it is no decimal number, RANGE
    when the count has more than 18 digits. The sign is kept.
    """

    __slots__ = ("step",)

    def __init__(self, step: Step) -> None:
        super().__init__()
        self.step = step

    def __missing__(self, text: str) -> int:
        count = self._count(text)
        if abs(count) >= 10**COUNT_DIGITS:
            raise Refusal(Reason.RANGE, f"expected at most {COUNT_DIGITS} digits, found {text!r}")
        if len(self) >= MEMORY_TEXTS:
            self.clear()
        self[text] = count
        return count

    def _count(self, text: str) -> int:
        step = self.step
        try:
            count = parse_scaled(text, step.digits)
        except PrecisionError as error:
            raise self._refusal(text, str(error)) from None
        if step.coefficient == 1:
            return count
        count, rest = divmod(count, step.coefficient)
        if rest:
            raise self._refusal(text, f"expected a multiple of {step.text(1)}, found {text!r}")
        return count

    def _refusal(self, text: str, detail: str) -> Refusal:
        return Refusal(Reason.OFF_GRID if _PLAIN.fullmatch(text) else Reason.NUMBER, detail)


class SizeGrid(DecimalGrid):
    """A grid of quantities. One finer than a lot counts as the next whole lot, so that what exists
    never becomes nothing; it is overstated by less than a lot, and counted in `inexact`.

    Venues keep resting orders from before a change of the lot: Binance spot BTCUSDT shows sizes of
    six decimals where orders may have five (recorded 2024-08-08).
    """

    __slots__ = ("inexact",)

    def __init__(self, step: Step) -> None:
        super().__init__(step)
        self.inexact = 0

    def __missing__(self, text: str) -> int:
        try:
            return super().__missing__(text)
        except Refusal as refusal:
            if refusal.reason is not Reason.OFF_GRID:
                raise
        # Not remembered, so that every one of them is counted.
        lots = ceil(Fraction(text) * power_of_ten(self.step.digits) / self.step.coefficient)
        if text.startswith("-") or lots >= 10**COUNT_DIGITS:
            reason = Reason.NEGATIVE if text.startswith("-") else Reason.RANGE
            raise Refusal(reason, f"expected a quantity of at most {COUNT_DIGITS} digits: {text!r}")
        self.inexact += 1
        return lots
