"""Detection power: precision, recall, delay and false alarms, with intervals by day."""

from collections.abc import Sequence
from math import nan

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.backtest.detection.episode import Tally

RESAMPLES = 2_000
LEAST_DAYS = 3
"""Fewer days than this have no interval."""

SEED = 20_260_105


class Estimate(msgspec.Struct, frozen=True, gc=False):
    """A figure with its 95 % interval; NaN where nothing can be said, bounds too of
    fewer than `LEAST_DAYS` days.
    """

    value: float
    low: float
    high: float


class Power(msgspec.Struct, frozen=True):
    """What a detector does at one threshold over a number of days.

    delay_median_s, delay_90_s: from the start of the episode to the end of the look that found it,
    over the episodes found. f1: harmonic mean of precision and recall.
    """

    days: int
    episodes: int
    found: int
    false: int
    duplicates: int
    precision: Estimate
    recall: Estimate
    f1: float
    delay_median_s: float
    delay_90_s: float


def power_of(tallies: Sequence[Tally]) -> Power:
    """Sums over days; intervals by the bootstrap over whole days (percentile method)."""
    rows = [(t.found, t.false, t.episodes) for t in tallies]
    counts = np.array(rows, dtype=np.float64).reshape(-1, 3)
    found, false, episodes = (int(total) for total in counts.sum(axis=0))
    delays = np.concatenate([np.array(t.delays_s) for t in tallies]) if tallies else np.zeros(0)
    precision = _share(counts[:, 0], counts[:, 0] + counts[:, 1])
    recall = _share(counts[:, 0], counts[:, 2])
    return Power(
        days=len(tallies),
        episodes=episodes,
        found=found,
        false=false,
        duplicates=sum(t.duplicates for t in tallies),
        precision=precision,
        recall=recall,
        f1=f1_of(found, false, episodes),
        delay_median_s=float(np.quantile(delays, 0.5)) if len(delays) else nan,
        delay_90_s=float(np.quantile(delays, 0.9)) if len(delays) else nan,
    )


def f1_of(found: int, false: int, episodes: int) -> float:
    """2 found / (found + false + episodes); 0 when nothing was found, NaN without anything."""
    whole = found + false + episodes
    return 2.0 * found / whole if whole else nan


def alarms_a_day(tallies: Sequence[Tally]) -> Estimate:
    """Detections per 24 hours over days without the pattern, right sided or not."""
    alarms = np.array([t.found + t.false + t.duplicates for t in tallies], dtype=np.float64)
    length = np.array([t.seconds / 86_400.0 for t in tallies], dtype=np.float64)
    return _share(alarms, length)


def _share(part: NDArray[np.float64], whole: NDArray[np.float64]) -> Estimate:
    # A ratio of sums over days, and its bootstrap: whole days are drawn with replacement.
    if not whole.sum() > 0.0:
        return Estimate(nan, nan, nan)
    value = float(part.sum() / whole.sum())
    if len(whole) < LEAST_DAYS:
        return Estimate(value, nan, nan)
    rng = np.random.Generator(np.random.PCG64(SEED))
    days = len(whole)
    draws = rng.multinomial(days, np.full(days, 1.0 / days), size=RESAMPLES)
    below = draws @ whole
    drawn = (draws @ part)[below > 0.0] / below[below > 0.0]
    low, high = np.quantile(drawn, (0.025, 0.975))
    return Estimate(value, float(low), float(high))
