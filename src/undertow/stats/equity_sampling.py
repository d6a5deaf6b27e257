"""A marked equity curve on whole days or other steps."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError
from undertow.stats.annualisation import DAY_NS
from undertow.stats.columns import checked_series


class SampledEquity(NamedTuple):
    """time_ns, equity: shape (n + 1,), the start first. The first and the last step may be shorter
    than the others; `is_first_whole` and `is_last_whole` say so.
    """

    time_ns: NDArray[np.int64]
    equity: NDArray[np.float64]
    is_first_whole: bool
    is_last_whole: bool


def daily_equity(time_ns: ArrayLike, equity: ArrayLike) -> SampledEquity:
    """Equity at the start, at each UTC midnight, and at the end.

    A day's value is the last one known at its closing midnight, a mark at midnight itself included.
    Days without a mark repeat the one before (a return of 0: the position was marked, the price did
    not move). time_ns: nanoseconds since 1970 UTC, not decreasing.

    Source: definition.
    """
    return sampled_equity(time_ns, equity, DAY_NS)


def sampled_equity(time_ns: ArrayLike, equity: ArrayLike, step_ns: int) -> SampledEquity:
    """Equity at the start, at each whole multiple of `step_ns`, and at the end.

    Source: definition.
    """
    times = np.asarray(time_ns, dtype=np.int64)
    values = checked_series(equity, "equity", least=1)
    if times.shape != values.shape:
        raise CallerError(f"expected {len(values)} times, found shape {times.shape}")
    if step_ns < 1:
        raise CallerError(f"expected a step of at least 1 ns, found {step_ns}")
    back = np.flatnonzero(np.diff(times) < 0)
    if len(back):
        raise CallerError(f"expected times in order, found a step back at index {back[0] + 1}")
    start, stop = int(times[0]), int(times[-1])
    first_step = start // step_ns + 1
    # numpy's arange counts its steps in floats, which lose the last nanosecond of an age.
    grid = (first_step + np.arange(stop // step_ns - first_step + 1, dtype=np.int64)) * step_ns
    places = np.searchsorted(times, grid, side="right") - 1
    is_first_whole, is_last_whole = start % step_ns == 0, stop % step_ns == 0
    # Of several marks at one instant the last holds, but the start is the first mark of all: what
    # is lost at once (a fee) is a loss of the first period.
    at, found = np.append(start, grid), np.append(values[0], values[places])
    is_one_instant = start == stop and len(times) > 1
    if is_one_instant or (not is_last_whole and stop > start):
        at, found = np.append(at, stop), np.append(found, values[-1])
    return SampledEquity(at, found, is_first_whole, is_last_whole)
