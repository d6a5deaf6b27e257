"""Candles in which every pattern occurs: coarse grids, and examples with a tick of noise."""

import numpy as np
from numpy.typing import NDArray
from tests.kernels.steps.candle_examples import (
    CALM,
    MANY,
    MIRRORED,
    ONE,
    THREE,
    TWO,
    Candle,
    upside_down,
)

Column = NDArray[np.float64]


def grid(seed: int, count: int, tick: float, move: int, body: int) -> tuple[Column, ...]:
    """Open, high, low, close on a grid: gaps up to `move` ticks, bodies up to `body` ticks."""
    rng = np.random.default_rng(seed)
    bodies = rng.integers(-body, body + 1, count)
    steps = np.concatenate([[0], bodies[:-1]]) + rng.integers(-move, move + 1, count)
    opened = np.cumsum(steps)
    opened += 1_000 - opened.min()
    close = opened + bodies
    shadow = max(body // 2, 1) + 1
    high = np.maximum(opened, close) + rng.integers(0, shadow, count)
    low = np.minimum(opened, close) - rng.integers(0, shadow, count)
    return tuple(column.astype(np.float64) * tick for column in (opened, high, low, close))


def noisy_examples(seed: int, rounds: int) -> tuple[Column, ...]:
    """Every example among calm candles, some prices of it moved by half a point."""
    rng = np.random.default_rng(seed)
    candles: list[Candle] = []
    for name, (example, _) in {**ONE, **TWO, **THREE, **MANY}.items():
        for turned in {False, name in MIRRORED}:
            shown = upside_down(CALM + example) if turned else CALM + example
            for _ in range(rounds):
                candles += [_moved(rng, candle) for candle in shown]
    return tuple(np.array(column) for column in zip(*candles, strict=True))


def _moved(rng: np.random.Generator, candle: Candle) -> Candle:
    opened, high, low, close = (
        price + 0.5 * float(rng.choice([-1, 0, 1], p=[0.03, 0.94, 0.03])) for price in candle
    )
    return opened, max(high, opened, close), min(low, opened, close), close


def candle_sets() -> list[tuple[Column, ...]]:
    """Sets on binary and on decimal ticks."""
    return [
        noisy_examples(1, 12),
        grid(2, 30_000, 0.25, 2, 4),
        grid(3, 30_000, 0.01, 6, 6),
        grid(4, 30_000, 0.1, 1, 2),
    ]
