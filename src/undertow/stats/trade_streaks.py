"""Runs of wins and of losses."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.stats.columns import checked_series


class Streaks(NamedTuple):
    """wins, losses: the longest runs. current: the run at the end, negative for losses."""

    wins: int
    losses: int
    current: int


def longest_streaks(results: ArrayLike) -> Streaks:
    """The longest runs of wins and of losses, in the order given (by close time).

    A trade that broke even ends both runs. results: net, shape (n,).

    Source: definition.
    """
    signs = np.sign(checked_series(results, "results"))
    lengths, kinds = _runs(signs)
    current = int(lengths[-1] * kinds[-1]) if len(lengths) else 0
    return Streaks(_longest(lengths, kinds, 1.0), _longest(lengths, kinds, -1.0), current)


def _runs(signs: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    borders = np.flatnonzero(np.diff(signs)) + 1
    starts = np.concatenate(([0], borders)) if len(signs) else np.zeros(0, dtype=np.int64)
    lengths = np.diff(np.append(starts, len(signs)))
    return lengths.astype(np.int64), signs[starts]


def _longest(lengths: NDArray[np.int64], kinds: NDArray[np.float64], kind: float) -> int:
    chosen = lengths[kinds == kind]
    return int(chosen.max()) if len(chosen) else 0
