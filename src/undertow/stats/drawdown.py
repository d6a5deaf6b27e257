"""Drawdowns of an equity curve: how deep, how much money, how long.

All functions take EQUITY, the start first, never returns (`compounded_equity` makes one from the
other): the start is the first peak, so a loss in the first period is a drawdown. Depths are
negative fractions, amounts are positive money.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError
from undertow.stats.columns import Measure, checked_columns, checked_series


class Drawdown(NamedTuple):
    """One episode: from the last point at a peak, down, to the first point at or above that peak.

    peak, trough, recovery: indices into the curve; recovery is -1 while `is_open`. depth: trough
    over peak - 1. amount: peak less trough, in money. fall: points from peak to trough. length:
    points from peak to recovery, or to the end while it is open.
    """

    peak: int
    trough: int
    recovery: int
    peak_equity: float
    trough_equity: float
    depth: float
    amount: float
    fall: int
    length: int
    is_open: bool


class DrawdownTimes(NamedTuple):
    """Nanoseconds since 1970 UTC; recovery_ns is -1 while open. length_ns: recovery less peak, or
    the last observation less peak. fall_ns: trough less peak.
    """

    peak_ns: int
    trough_ns: int
    recovery_ns: int
    fall_ns: int
    length_ns: int


def underwater(equity: ArrayLike) -> NDArray[np.float64]:
    """E_t over its running peak - 1 at every point: 0 at a peak, else negative. Shape of `equity`.

    Source: definition; Magdon-Ismail and Atiya (2004).
    """
    columns = checked_columns(equity, "equity", least=1)
    return columns.shaped(columns.array / _peaks(columns.array) - 1.0)


def max_drawdown(equity: ArrayLike) -> Measure:
    """The deepest drawdown as a fraction of its peak, 0 or negative: min of `underwater`.

    It is not the episode that cost most money (`max_drawdown_amount`).

    Source: definition; Magdon-Ismail and Atiya (2004). Variant: peak includes the starting equity.
    """
    columns = checked_columns(equity, "equity", least=1)
    return columns.measure(np.min(columns.array / _peaks(columns.array) - 1.0, axis=0))


def max_drawdown_amount(equity: ArrayLike) -> Measure:
    """The largest fall from a running peak in money, 0 or positive.

    It need not be the episode of `max_drawdown`.

    Source: definition. Variant: peak includes the starting equity.
    """
    columns = checked_columns(equity, "equity", least=1)
    return columns.measure(np.max(_peaks(columns.array) - columns.array, axis=0))


def drawdown_episodes(equity: ArrayLike) -> tuple[Drawdown, ...]:
    """Every episode in order of time; none for a curve that never falls. equity: shape (n + 1,).

    Source: definition. Variant: the clock starts at the last point of a flat peak; recovery is the
    first equity at or above it.
    """
    array = checked_series(equity, "equity", least=1)
    below = array < _peaks(array[:, None])[:, 0]
    edges = np.diff(below.astype(np.int8))
    peaks = np.flatnonzero(edges == 1)
    ends = np.flatnonzero(edges == -1) + 1
    stops = np.append(ends, [len(array)] * (len(peaks) - len(ends)))
    return tuple(
        _episode(array, int(peak), int(stop)) for peak, stop in zip(peaks, stops, strict=True)
    )


def deepest_drawdown(equity: ArrayLike) -> Drawdown | None:
    """The episode with the lowest depth, the first of equals; None for a curve that never falls.

    Source: definition.
    """
    return min(drawdown_episodes(equity), key=lambda episode: episode.depth, default=None)


def costliest_drawdown(equity: ArrayLike) -> Drawdown | None:
    """The episode with the largest amount, the first of equals; None for one that never falls.

    Source: definition.
    """
    return max(drawdown_episodes(equity), key=lambda episode: episode.amount, default=None)


def longest_drawdown(equity: ArrayLike) -> Drawdown | None:
    """The episode with the most points, open or not; None for a curve that never falls.

    Source: definition.
    """
    return max(drawdown_episodes(equity), key=lambda episode: episode.length, default=None)


def drawdown_times(episode: Drawdown, time_ns: ArrayLike) -> DrawdownTimes:
    """When an episode began, was deepest and was made good. time_ns: of the curve's points.

    Source: definition. Variant: recovery date less peak date; quantstats counts from the first to
    the last point below the peak.
    """
    times = np.asarray(time_ns, dtype=np.int64)
    last = episode.peak + episode.length
    if times.ndim != 1 or last >= len(times):
        raise CallerError(f"expected more than {last} times, found shape {times.shape}")
    peak, trough, stop = (int(times[at]) for at in (episode.peak, episode.trough, last))
    recovery = -1 if episode.is_open else stop
    return DrawdownTimes(peak, trough, recovery, trough - peak, stop - peak)


def time_under_water(equity: ArrayLike) -> Measure:
    """Share of the n points after the start that lie below a former peak, 0 to 1.

    NaN for a curve that is its start alone.

    Source: definition.
    """
    columns = checked_columns(equity, "equity", least=1)
    below = (columns.array < _peaks(columns.array))[1:]
    if not len(below):
        return columns.measure(np.full(below.shape[1], np.nan))
    return columns.measure(np.mean(below, axis=0))


def _peaks(array: NDArray[np.float64]) -> NDArray[np.float64]:
    if not (array[0] > 0.0).all():
        raise CallerError(f"expected a starting equity above 0, found {array[0].min()}")
    return np.maximum.accumulate(array, axis=0)


def _episode(array: NDArray[np.float64], peak: int, stop: int) -> Drawdown:
    trough = peak + int(np.argmin(array[peak:stop]))
    is_open = stop == len(array)
    top, bottom = float(array[peak]), float(array[trough])
    return Drawdown(
        peak=peak,
        trough=trough,
        recovery=-1 if is_open else stop,
        peak_equity=top,
        trough_equity=bottom,
        depth=bottom / top - 1.0,
        amount=top - bottom,
        fall=trough - peak,
        length=(stop - 1 if is_open else stop) - peak,
        is_open=is_open,
    )
