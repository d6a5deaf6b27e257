"""Times at equal steps as an array, counted in whole numbers.

numpy's own `arange` counts its steps in floats, which lose the last nanoseconds of a present-day
time: a grid up to and with midnight would end the step before it.
"""

import numpy as np
from numpy.typing import NDArray


def time_grid(first_ns: int, last_ns: int, step_ns: int) -> NDArray[np.int64]:
    """first, first + step, ... up to and with `last_ns`; empty when that lies before `first_ns`."""
    count = max(0, (int(last_ns) - int(first_ns)) // int(step_ns) + 1)
    return int(first_ns) + int(step_ns) * np.arange(count, dtype=np.int64)
