"""Symmetric CUSUM filter: an event whenever the price has run a threshold from the last one."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError
from undertow.stats.columns import checked_series


def cusum_events(increments: ArrayLike, threshold: float | ArrayLike) -> NDArray[np.int64]:
    """Places i with S- < -h (then S- = 0), else with S+ > h (then S+ = 0).

    S+ = max(0, S+ + r_i), S- = min(0, S- + r_i); only the side that triggered is reset. increments:
    log returns (or price differences, the book's own choice; say which), shape (n,). threshold:
    above 0, one for all or one an increment.

    Source: Lopez de Prado (2018), Advances in Financial Machine Learning, snippet 2.4.
    """
    steps = checked_series(increments, "increments")
    limits = np.broadcast_to(np.asarray(threshold, dtype=np.float64), steps.shape)
    if len(steps) and not (limits > 0.0).all():
        raise CallerError(f"expected thresholds above 0, found {limits.min()}")
    found = []
    up = down = 0.0
    for place, (step, limit) in enumerate(zip(steps.tolist(), limits.tolist(), strict=True)):
        up, down = max(0.0, up + step), min(0.0, down + step)
        if down < -limit:
            down = 0.0
            found.append(place)
        elif up > limit:
            up = 0.0
            found.append(place)
    return np.array(found, dtype=np.int64)


def cusum_events_of_prices(prices: ArrayLike, threshold: float | ArrayLike) -> NDArray[np.int64]:
    """Places in `prices` where the filter over their log returns triggers; the first is never one.

    threshold: in log return; one for all, or one a price (that of the first is not used).

    Source: Lopez de Prado (2018), snippet 2.4. Variant: log returns, not price differences.
    """
    array = checked_series(prices, "prices", least=1)
    if not (array > 0.0).all():
        raise CallerError(f"expected prices above 0, found {array.min()}")
    limits = np.asarray(threshold, dtype=np.float64)
    if limits.ndim and len(limits) != len(array):
        raise CallerError(f"expected a threshold for each of {len(array)}, found {len(limits)}")
    return cusum_events(np.diff(np.log(array)), limits[1:] if limits.ndim else float(limits)) + 1
