"""The wishes of a vectorised strategy as one byte a bar."""

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled

LONG_ENTRY = 1
LONG_EXIT = 2
SHORT_ENTRY = 4
SHORT_EXIT = 8


@compiled
def add_bits(wishes: NDArray[np.bool_], bit: int, out: NDArray[np.uint8]) -> None:
    """Set `bit` in `out` where a wish is true."""
    mark = np.uint8(bit)
    for i in range(len(out)):
        out[i] |= mark * np.uint8(wishes[i])


@compiled
def drop_entries(values: NDArray[np.float64], out: NDArray[np.uint8]) -> None:
    """Take entries away where a declared indicator is undefined: a strategy is not asked then."""
    exits = np.uint8(LONG_EXIT | SHORT_EXIT)
    for i in range(len(out)):
        if values[i] != values[i]:
            out[i] &= exits
