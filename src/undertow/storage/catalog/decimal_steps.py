"""The step that decimal numbers are counted in, found in the numbers themselves.

A float is read as the shortest decimal that is nearest to it. A column has d decimals when
`round(x * 10**d) / 10**d` gives back each of its floats exactly: division by a power of ten rounds
once, so that is so if and only if every number is the float nearest to a decimal of d digits.
Numbers with noise of arithmetic in them (129587.00000000001) are within `NOISE` of one instead.
"""

from math import gcd

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import DataError
from undertow.domain.fixed import Step, power_of_ten

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

MOST_DIGITS = 10
NOISE = 4e-15
"""Greatest relative distance from a decimal that still counts as noise of arithmetic."""

_MOST_COUNT = float(1 << 53)


class FoundStep(msgspec.Struct, frozen=True):
    """A step, and how many numbers lay off it by noise or were rounded to it."""

    step: Step
    noisy: int = 0
    rounded: int = 0


def find_digits(columns: list[Floats], most: int = MOST_DIGITS) -> FoundStep:
    """The fewest decimals that write every finite number of the columns, as a step of one unit.

    Beyond `most` decimals, or where counts would leave the exact integers of a float, numbers are
    rounded to the finest step that fits, and `rounded` says how many were.
    """
    values = np.concatenate([np.asarray(column, np.float64).ravel() for column in columns])
    values = np.unique(np.abs(values[np.isfinite(values)]))
    largest = float(values[-1]) if len(values) else 0.0
    fits = 0
    for digits in range(most + 1):
        if largest * power_of_ten(digits) >= _MOST_COUNT:
            break
        fits = digits
        off = _off(values, digits)
        if not len(off):
            return FoundStep(Step(1, digits))
        if not len(_beyond_noise(off, digits)):
            return FoundStep(Step(1, digits), noisy=len(off))
    return FoundStep(Step(1, fits), rounded=len(_beyond_noise(_off(values, fits), fits)))


def counts_of(values: Floats, step: Step) -> Counts:
    """Whole counts of the step nearest to each number; raises `DataError` for NaN and overflow."""
    scaled = np.asarray(values, np.float64) * (power_of_ten(step.digits) / step.coefficient)
    if not np.isfinite(scaled).all() or (len(scaled) and np.abs(scaled).max() > 2**62):
        raise DataError(f"expected numbers that are counts of {step.text(1)}, found others")
    return np.rint(scaled).astype(np.int64)


def floats_of(counts: Counts, step: Step) -> Floats:
    """The nearest floats of counts: what the shortest decimal text would be read as."""
    floats: Floats = counts * step.coefficient / power_of_ten(step.digits)
    return floats


def finest_step(steps: list[Step]) -> Step:
    """The largest step of which every given one is a whole multiple."""
    digits = max(step.digits for step in steps)
    shared = 0
    for step in steps:
        shared = gcd(shared, step.coefficient * power_of_ten(digits - step.digits))
    while digits and shared % 10 == 0:
        shared, digits = shared // 10, digits - 1
    return Step(shared, digits)


def rescaled(counts: Counts, step: Step, finer: Step) -> Counts:
    """The same amounts counted in a finer step, exactly."""
    amount = step.coefficient * power_of_ten(finer.digits)
    factor, rest = divmod(amount, finer.coefficient * power_of_ten(step.digits))
    if rest:
        raise DataError(f"expected a step that divides {step.text(1)}, found {finer.text(1)}")
    if factor == 1:
        return counts
    if len(counts) and int(np.abs(counts).max()) * factor >= 1 << 63:
        raise DataError(f"expected counts of {finer.text(1)} that fit 63 bits, found larger ones")
    scaled: Counts = counts * factor
    return scaled


def _off(values: Floats, digits: int) -> Floats:
    scale = float(power_of_ten(digits))
    off: Floats = values[np.rint(values * scale) / scale != values]
    return off


def _beyond_noise(off: Floats, digits: int) -> Floats:
    scale = float(power_of_ten(digits))
    beyond: Floats = off[np.abs(np.rint(off * scale) / scale - off) > NOISE * off]
    return beyond
