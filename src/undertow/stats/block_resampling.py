"""Which observations a resample takes: independent, in moving or circular blocks, stationary.

All give indices of shape (n, B): column j names the n observations of resample j, so that
`values[indices]` is a table of B resamples for measures of columns. Blocks keep the dependence
between neighbours; drawing one by one destroys it and makes intervals too short.
"""

from typing import Literal, get_args

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from undertow.domain.errors import CallerError

Scheme = Literal["independent", "moving", "circular", "stationary"]
"""How resamples are drawn; see the functions of these names."""


def resample_indices(
    count: int, resamples: int, rng: Generator, *, scheme: Scheme, block: float = 1.0
) -> NDArray[np.intp]:
    """Indices by the name of the scheme; `block` is a length, for "stationary" the mean one.

    A block is rounded up to whole observations (except the stationary mean) and cut at `count`.

    Source: the functions it calls.
    """
    if scheme not in get_args(Scheme):
        raise CallerError(f"expected one of {', '.join(get_args(Scheme))}, found {scheme!r}")
    if scheme == "independent":
        return independent_indices(count, resamples, rng)
    if scheme == "stationary":
        return stationary_indices(count, resamples, rng, mean_block=block)
    whole = min(max(int(np.ceil(block)), 1), max(count, 1))
    draw = moving_block_indices if scheme == "moving" else circular_block_indices
    return draw(count, resamples, rng, block=whole)


def independent_indices(count: int, resamples: int, rng: Generator) -> NDArray[np.intp]:
    """Every observation drawn on its own, with replacement: for data without serial dependence.

    Source: Efron (1979), Annals of Statistics 7(1).
    """
    _check(count, resamples, 1)
    return rng.integers(count, size=(count, resamples), dtype=np.intp)


def moving_block_indices(
    count: int, resamples: int, rng: Generator, *, block: int
) -> NDArray[np.intp]:
    """Blocks of `block` neighbours that start anywhere and end inside; the last one is cut.

    Observations near the ends are drawn less often than those in the middle.

    Source: Kuensch (1989), Annals of Statistics 17(3).
    """
    _check(count, resamples, block)
    return _blocks(
        rng.integers(count - block + 1, size=(-(-count // block), resamples)), count, block
    )


def circular_block_indices(
    count: int, resamples: int, rng: Generator, *, block: int
) -> NDArray[np.intp]:
    """Blocks of `block` neighbours on a circle: the end is followed by the start; the last is cut.

    Every observation is drawn equally often.

    Source: Politis and Romano (1992), in Exploring the Limits of Bootstrap.
    """
    _check(count, resamples, block)
    return _blocks(rng.integers(count, size=(-(-count // block), resamples)), count, block)


def stationary_indices(
    count: int, resamples: int, rng: Generator, *, mean_block: float
) -> NDArray[np.intp]:
    """Blocks on a circle whose lengths are geometric with mean `mean_block`, at least 1.

    The resampled series is stationary, and a wrong block length matters less than with fixed ones.

    Source: Politis and Romano (1994), JASA 89(428).
    """
    _check(count, resamples, mean_block)
    is_new = rng.random((count, resamples)) < 1.0 / mean_block
    is_new[0] = True
    starts = rng.integers(count, size=(count, resamples), dtype=np.intp)
    rows = np.arange(count, dtype=np.intp)[:, None]
    born = np.maximum.accumulate(np.where(is_new, rows, 0), axis=0)
    return (np.take_along_axis(starts, born, axis=0) + rows - born) % count


def _blocks(starts: NDArray[np.int64], count: int, block: int) -> NDArray[np.intp]:
    steps = np.arange(block)[None, :, None]
    joined = (starts[:, None, :] + steps).reshape(-1, starts.shape[1])[:count]
    return np.where(joined >= count, joined - count, joined)


def _check(count: int, resamples: int, block: float) -> None:
    if count < 1 or resamples < 1:
        raise CallerError(f"expected observations and resamples, found {count} and {resamples}")
    if not block >= 1 or (block > count and isinstance(block, int)):
        raise CallerError(f"expected a block of 1 to {count} observations, found {block}")
