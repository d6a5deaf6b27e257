"""Candles that could have been: noise on the recorded ones, and blocks of them put together anew.

candles: shape (n, 4), columns open, high, low, close, prices above 0 with low <= open, close <=
high. A strategy that only works on the recorded candles, and not a hair beside them, fits their
noise.
"""

from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError
from undertow.stats.block_length import optimal_block_length
from undertow.stats.block_resampling import stationary_indices

_OPEN, _HIGH, _LOW, _CLOSE = range(4)


class ResampledCandles(NamedTuple):
    """candles: shape (n, 4). places: shape (n,), the recorded candle each one is shaped after, so
    that volumes can be taken along.
    """

    candles: NDArray[np.float64]
    places: NDArray[np.intp]


def noisy_candles(
    candles: ArrayLike, rng: Generator, *, strength: float = 0.1
) -> NDArray[np.float64]:
    """The same candles with noise: prices moved by about `strength` of a candle's mean range.

    Closes get normal noise of deviation strength * mean ln(high / low), independent from candle to
    candle; the next open moves with the close before it, so gaps keep their size; wicks are
    multiplied by log-normal factors of deviation `strength` and mean 1. High and low still hold
    open and close, and prices stay above 0. The noise does not add up: the path stays where it was.

    Source: requirement BT-17.
    """
    if not strength >= 0.0:
        raise CallerError(f"expected a strength not below 0, found {strength}")
    logs = np.log(_checked(candles))
    count = len(logs)
    size = strength * float(np.mean(logs[:, _HIGH] - logs[:, _LOW])) if count else 0.0
    moves = size * rng.standard_normal(count + 1)
    stretch = np.exp(strength * rng.standard_normal((count, 2)) - strength * strength / 2.0)
    top, bottom = logs[:, [_OPEN, _CLOSE]].max(axis=1), logs[:, [_OPEN, _CLOSE]].min(axis=1)
    opens, closes = logs[:, _OPEN] + moves[:-1], logs[:, _CLOSE] + moves[1:]
    highs = np.maximum(opens, closes) + (logs[:, _HIGH] - top) * stretch[:, 0]
    lows = np.minimum(opens, closes) - (bottom - logs[:, _LOW]) * stretch[:, 1]
    return _rebuilt(opens, highs, lows, closes)


def resampled_candles(
    candles: ArrayLike, rng: Generator, *, mean_block: float | None = None
) -> ResampledCandles:
    """A new path of as many candles, made of blocks of the recorded ones in random order.

    Each candle keeps its shape (high, low and close against its open, and its gap from the close
    before it, as log returns); the price level is chained from the first recorded open. Stationary
    blocks. mean_block: default twice the optimal length for the size of the log returns, because
    what must survive is the clustering of volatility. What is longer than a block (trend, regime,
    time of day) is lost: a rule that lives on it should fail here, and a rule that does not fail is
    not thereby proven.

    Source: Politis and Romano (1994), JASA 89(428), on log returns; requirement BT-17.
    """
    logs = np.log(_checked(candles))
    count = len(logs)
    if not count:
        return ResampledCandles(np.zeros((0, 4)), np.zeros(0, dtype=np.intp))
    block = _block(logs) if mean_block is None else mean_block
    places = stationary_indices(count, 1, rng, mean_block=block)[:, 0]
    gaps = np.concatenate(([0.0], logs[1:, _OPEN] - logs[:-1, _CLOSE]))
    shapes = (logs - logs[:, [_OPEN]])[places]
    jumps = gaps[places]
    jumps[0] = 0.0
    steps = np.concatenate(([0.0], shapes[:-1, _CLOSE])) + jumps
    opens = logs[0, _OPEN] + np.cumsum(steps)
    parts = (opens + shapes[:, column] for column in range(4))
    return ResampledCandles(_rebuilt(*parts), places)


def _block(logs: NDArray[np.float64]) -> float:
    sizes = np.abs(np.diff(logs[:, _CLOSE]))
    return float(ceil(2.0 * optimal_block_length(sizes).stationary))


def _rebuilt(*columns: NDArray[np.float64]) -> NDArray[np.float64]:
    # High and low once more around open and close, against the last bit of exp and log.
    prices = np.exp(np.column_stack(columns))
    prices[:, _HIGH] = prices.max(axis=1) if len(prices) else prices[:, _HIGH]
    prices[:, _LOW] = prices.min(axis=1) if len(prices) else prices[:, _LOW]
    return prices


def _checked(candles: ArrayLike) -> NDArray[np.float64]:
    array = np.asarray(candles, dtype=np.float64)
    if array.ndim != 2 or array.shape[1] != 4:
        raise CallerError(f"expected candles of shape (n, 4), found {array.shape}")
    inner = array[:, [_OPEN, _CLOSE]]
    is_right = (
        np.isfinite(array).all(axis=1)
        & (array[:, _LOW] > 0.0)
        & (array[:, _LOW] <= inner.min(axis=1))
        & (array[:, _HIGH] >= inner.max(axis=1))
    )
    if not is_right.all():
        place = int(np.argmin(is_right))
        raise CallerError(
            f"expected 0 < low <= open, close <= high, found {array[place].tolist()} at index "
            f"{place}"
        )
    return array
