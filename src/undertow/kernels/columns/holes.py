"""How many values of a column are no numbers, several looked at at once."""

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import cell

_EXPONENT = np.int64(0x7FF0000000000000)


@cell
def is_hole(bits: np.int64) -> bool:
    """Whether the number of these bits is NaN or infinite: its exponent is all ones (IEEE 754)."""
    return bool(bits & _EXPONENT == _EXPONENT)


@cell
def holes(x: NDArray[np.float64]) -> int:
    """Values that are NaN or infinite.

    Whole numbers may be counted in any order, sums of fractions may not.
    """
    bits = x.view(np.int64)
    found = np.int64(0)
    for k in range(len(bits)):
        found += np.int64(is_hole(bits[k]))
    return int(found)
