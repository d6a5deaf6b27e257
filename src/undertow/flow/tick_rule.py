"""Signs of trades by the tick rule, for tapes that do not tell the aggressor."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.flow.finite_column import finite_column


def tick_rule(prices: ArrayLike) -> NDArray[np.int8]:
    """Sign of the last change of the price up to each trade, 0 before the first change.

    The tick test of Lee and Ready (1991), J. Finance 46(2), without their comparison with the
    middle of the quotes. Where the venue tells the aggressor, that is the truth and this is not.
    """
    price = finite_column(prices)
    change = np.sign(np.diff(price, prepend=price[:1])).astype(np.int8)
    last = np.maximum.accumulate(np.where(change != 0, np.arange(len(price)), 0))
    signs: NDArray[np.int8] = change[last]
    return signs
