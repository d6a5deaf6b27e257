"""TA-Lib's definitions computed without rounding, where TA-Lib's own rounding is what differs.

Each takes the closes and the settings of a row and gives its outputs in TA-Lib's order.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from tests.indicators.exact_cycles import (
    exact_mama,
    exact_phases,
    exact_sines,
    exact_trend_modes,
)
from tests.indicators.exact_lines import exact_angles, exact_slopes

Column = NDArray[np.float64]

EXACT: Mapping[str, Callable[[Column, Mapping[str, float]], tuple[Column, ...]]] = {
    "HT_DCPHASE": lambda x, _: (exact_phases(x),),
    "HT_SINE": lambda x, _: exact_sines(x),
    "HT_TRENDMODE": lambda x, _: (exact_trend_modes(x),),
    "LINEARREG_ANGLE": lambda x, given: (exact_angles(x, int(given["period"])),),
    "LINEARREG_SLOPE": lambda x, given: (exact_slopes(x, int(given["period"])),),
    "MAMA": lambda x, given: exact_mama(x, given["fast"], given["slow"]),
}
