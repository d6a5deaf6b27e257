"""Laws of returns without any edge: mean 0, deviation 1, nothing in them that foretells the next.

`trending` is the exception: it has memory, and is there for the intervals, which must stand it.
"""

from collections.abc import Callable
from math import sqrt

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Series = NDArray[np.float64]
Law = Callable[[int, Generator], Series]

_WARM_UP = 200


def normal(count: int, rng: Generator) -> Series:
    """Independent normal returns."""
    return rng.standard_normal(count)


def fat_tails(count: int, rng: Generator) -> Series:
    """Independent Student returns, 4 degrees of freedom."""
    return rng.standard_t(4, count) / sqrt(2.0)


def trending(count: int, rng: Generator) -> Series:
    """AR(1) with slope 0.3 and Student innovations."""
    drawn = fat_tails(count + _WARM_UP, rng)
    path = np.zeros(count + _WARM_UP)
    for place in range(1, count + _WARM_UP):
        path[place] = 0.3 * path[place - 1] + drawn[place]
    return path[_WARM_UP:] * sqrt(1.0 - 0.09)


def clustered(count: int, rng: Generator) -> Series:
    """GARCH(1, 1) of 0.10 and 0.85 with Student innovations, 6 degrees of freedom."""
    drawn = (rng.standard_t(6, count + _WARM_UP) / sqrt(1.5)).tolist()
    path, variance = [], 1.0
    for shock in drawn:
        move = sqrt(variance) * shock
        path.append(move)
        variance = 0.05 + 0.10 * move * move + 0.85 * variance
    return np.array(path[_WARM_UP:])


def crashing(count: int, rng: Generator) -> Series:
    """Independent, many small gains and few large losses (skewness -2)."""
    return 1.0 - rng.exponential(1.0, count)


NOISE: dict[str, Law] = {"normal": normal, "fat tails": fat_tails, "clustered": clustered}
"""Of the false-positive rates and of the noise markets."""

LAWS: dict[str, Law] = {**NOISE, "trending": trending, "crashing": crashing}
"""Of the coverage of intervals."""

SHUFFLED = "real candles, shuffled"
"""The law whose returns are recorded ones in random order, their mean taken off."""


def drawn(law: str, count: int, rng: Generator, recorded: Series) -> Series:
    """`count` returns of a law by its name. recorded: of `SHUFFLED`, at least `count` of them."""
    if law != SHUFFLED:
        return LAWS[law](count, rng)
    mixed = rng.permutation(recorded)[:count]
    return np.asarray((mixed - recorded.mean()) / recorded.std())
