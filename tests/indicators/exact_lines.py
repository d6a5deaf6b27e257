"""Lines of least squares in whole numbers: nothing is rounded before the last division."""

from fractions import Fraction
from math import atan, degrees

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float64]


def exact_slopes(x: Column, n: int) -> Column:
    """Slope of the line through the last n values, rounded once."""
    shares = [Fraction(value) for value in x.tolist()]
    unit = max((share.denominator for share in shares), default=1)  # powers of two, so a multiple
    whole = [share.numerator * (unit // share.denominator) for share in shares]
    scale = Fraction(6, n * (n * n - 1) * unit)
    found = np.full(len(x), np.nan)
    for last in range(n - 1, len(x)):
        window = whole[last - n + 1 : last + 1]
        found[last] = scale * sum((2 * k - n + 1) * value for k, value in enumerate(window))
    return found


def exact_angles(x: Column, n: int) -> Column:
    """Angle of that slope in degrees."""
    return np.array([degrees(atan(slope)) for slope in exact_slopes(x, n).tolist()])
