"""How long trades last, how often they come and how much of the time something is held."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError
from undertow.stats.annualisation import DAY_NS
from undertow.stats.columns import checked_series


def average_duration_ns(open_time_ns: ArrayLike, close_time_ns: ArrayLike) -> float:
    """Mean of close - open, in nanoseconds; NaN without trades.

    Source: definition.
    """
    opened, closed = _times(open_time_ns, close_time_ns)
    return float(np.mean(closed - opened)) if len(opened) else float("nan")


def trades_per_day(trades: int, start_ns: int, stop_ns: int) -> float:
    """Trades over the days of the RUN, not over the days from the first trade to the last.

    NaN for a run without length.

    Source: definition.
    """
    return trades / ((stop_ns - start_ns) / DAY_NS) if stop_ns > start_ns else float("nan")


def average_daily_profit(results: ArrayLike, start_ns: int, stop_ns: int) -> float:
    """Sum of the trades' net results over the days of the run, in the unit of the results.

    NaN for a run without length.

    Source: requirement BT-13.
    """
    total = float(np.sum(checked_series(results, "results")))
    return total / ((stop_ns - start_ns) / DAY_NS) if stop_ns > start_ns else float("nan")


def exposure_time(
    open_time_ns: ArrayLike, close_time_ns: ArrayLike, start_ns: int, stop_ns: int
) -> float:
    """Share of the run in which at least one position was held, 0 to 1.

    Overlapping positions count once; what lies outside the run is cut. NaN for a run without
    length.

    Source: definition.
    """
    opened, closed = _times(open_time_ns, close_time_ns)
    if stop_ns <= start_ns:
        return float("nan")
    order = np.argsort(opened, kind="stable")
    begins = np.clip(opened[order], start_ns, stop_ns)
    ends = np.maximum.accumulate(np.clip(closed[order], start_ns, stop_ns))
    covered = np.concatenate(([start_ns], ends))[:-1]
    held = np.maximum(ends - np.maximum(begins, covered), 0)
    return float(np.sum(held)) / (stop_ns - start_ns)


def _times(opened: ArrayLike, closed: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    first = np.asarray(opened, dtype=np.int64).ravel()
    last = np.asarray(closed, dtype=np.int64).ravel()
    if first.shape != last.shape:
        raise CallerError(f"expected {len(first)} close times, found {len(last)}")
    early = np.flatnonzero(last < first)
    if len(early):
        raise CallerError(f"expected closes after opens, found one before at index {early[0]}")
    return first, last
