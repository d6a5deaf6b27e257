"""The net result of a leveraged trade with fees on both sides."""

import numpy as np
from numpy.typing import ArrayLike

from undertow.domain.errors import CallerError
from undertow.stats.columns import Measure, checked_columns


def leveraged_return(
    price_returns: ArrayLike, leverage: float, fee: float, *, is_short: bool = False
) -> Measure:
    """Net return on the margin: r * lev - fee * lev * (1 + (1 + r)).

    price_returns: the trade's gross return on its notional (0.01 = 1 % in its favour). fee: of one
    side, on notional. The second fee is on the value at exit, 1 + r of the entry; for a short that
    value is 1 - r. Funding and liquidation are not in it.

    Source: requirement BT-37.
    """
    if not leverage > 0.0:
        raise CallerError(f"expected leverage above 0, found {leverage}")
    columns = checked_columns(price_returns, "price_returns")
    gain = columns.array
    value_at_exit = 1.0 - gain if is_short else 1.0 + gain
    net = gain * leverage - fee * leverage * (1.0 + value_at_exit)
    shaped = columns.shaped(net)
    return float(shaped) if np.ndim(shaped) == 0 else shaped
