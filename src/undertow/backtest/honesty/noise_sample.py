"""Samples for the significance tests: a family of noise, or one whose first column has an edge."""

from math import sqrt

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from undertow.backtest.honesty.noise_law import drawn
from undertow.backtest.honesty.significance_battery import FAMILY, Sample

DAYS_A_YEAR = 365
VOLATILITY = 0.02
"""Of a day."""

_SHARED = 0.3
"""Correlation of the family's members: they trade the same market."""

_HOLD = 10
"""Mean days of a trade, and of the time between two."""


def noise_sample(
    law: str, days: int, rng: Generator, recorded: NDArray[np.float64], *, sharpe: float = 0.0
) -> Sample:
    """`days` returns of each of the family, correlated by 0.3, and a strategy's trades.

    sharpe: yearly, of column 0 and of the trades, all others have none.
    """
    market = drawn(law, days, rng, recorded)
    own = [drawn(law, days, rng, recorded) for _ in range(FAMILY)]
    table = np.column_stack([sqrt(_SHARED) * market + sqrt(1.0 - _SHARED) * one for one in own])
    table[:, 0] += sharpe / sqrt(DAYS_A_YEAR)
    entries, exits = _holds(days, rng)
    moves = drawn(law, days, rng, recorded)
    edge = sharpe / sqrt(DAYS_A_YEAR * float(np.sum(exits - entries)) / days)
    for begin, end in zip(entries, exits, strict=True):
        moves[begin:end] += edge
    closes = np.concatenate([[1.0], np.exp(np.cumsum(VOLATILITY * moves))])
    return Sample(VOLATILITY * table, closes, (entries, exits, np.ones(len(entries), np.int64)))


def _holds(days: int, rng: Generator) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    # Flat and long in turn, each for 1 .. 2 * _HOLD - 1 days; the last trade ends within the data.
    borders = np.cumsum(rng.integers(1, 2 * _HOLD, days))
    inside = borders[borders <= days]
    inside = inside[: len(inside) // 2 * 2].astype(np.int64)
    return inside[0::2], inside[1::2]
