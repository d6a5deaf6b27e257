"""Do two strategies differ in Sharpe ratio: the studentised block bootstrap and its interval."""

from math import floor, nan
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError
from undertow.stats.array_input import checked_share
from undertow.stats.block_resampling import stationary_indices
from undertow.stats.sharpe_comparison import (
    ROUNDING,
    checked_returns_pair,
    difference_errors,
    sharpe_gradient,
)
from undertow.stats.sharpe_ratio import sharpe

_CELLS = 1 << 20  # of block means held at once
_RESIDUAL_BLOCK = 5.0


class SharpeDifferenceBootstrap(NamedTuple):
    """SR1 - SR2 of a period, its prewhitened standard error, p-value and percentile-t interval.

    is_accepted: the whole interval is above 0, so the first is better and luck is ruled out at that
    level (zero outside, on the right side).
    """

    difference: float
    standard_error: float
    p_value: float
    lower: float
    upper: float
    is_accepted: bool
    level: float
    block: int
    resamples: int


def sharpe_difference_bootstrap(
    first: ArrayLike,
    second: ArrayLike,
    rng: np.random.Generator,
    *,
    block: int = 5,
    resamples: int = 4999,
    level: float = 0.95,
) -> SharpeDifferenceBootstrap:
    """Studentised circular block bootstrap of SR1 - SR2 with its symmetric percentile-t interval.

    d = |Delta| / SE (prewhitened HAC) of the data; d* = |Delta* - Delta| / SE*, SE* from the means
    of the drawn blocks, times n'/(n' - 4), over the n' = floor(n / block) block rows of a resample;
    p = (#{d* >= d} + 1) / (resamples + 1). The interval Delta +- c SE has zero outside exactly when
    p <= 1 - level. Returns of the same n >= 10 periods, per period. The p-value is random with
    deviation sqrt(p (1 - p) / resamples). Equal series and levered copies: p = 1, the interval is a
    point. NaN where a series does not vary.

    Source: Ledoit and Wolf (2008), J. Empirical Finance 15(5), section 3.2.
    """
    table = checked_returns_pair(first, second)
    alpha = 1.0 - checked_share(level, "a level")
    _check_draws(len(table), block, resamples, alpha)
    pair = _ratios(table)
    difference = float(pair[0] - pair[1])
    if np.isnan(difference):
        unknown = (nan, nan, nan, nan, nan)
        return SharpeDifferenceBootstrap(*unknown, False, level, block, resamples)
    if abs(difference) <= ROUNDING:
        rounded = (difference, 0.0, 1.0, difference, difference)
        return SharpeDifferenceBootstrap(*rounded, False, level, block, resamples)
    error = difference_errors(table)[1]
    scores = np.sort(_scores(table, rng, block, resamples))
    reached = resamples - int(np.searchsorted(scores, abs(difference) / error, side="left"))
    # The k-th largest score, k = floor(alpha (M + 1)): p <= alpha exactly when zero is outside.
    tail = floor(alpha * (resamples + 1) + 1e-9)
    width = float(scores[resamples - tail]) * error
    return SharpeDifferenceBootstrap(
        difference,
        error,
        (reached + 1) / (resamples + 1),
        difference - width,
        difference + width,
        difference - width > 0.0,
        level,
        block,
        resamples,
    )


def calibrated_block(
    first: ArrayLike,
    second: ArrayLike,
    rng: np.random.Generator,
    *,
    blocks: tuple[int, ...] = (1, 3, 6, 10),
    level: float = 0.95,
    samples: int = 500,
    resamples: int = 199,
) -> dict[int, float]:
    """Rejection rate of the true difference for each block length, nearest to 1 - level first.

    `samples` pairs of series are simulated from a VAR(1) fitted to the returns, its residuals drawn
    by a stationary bootstrap (mean block 5), and each is tested against the difference of the data:
    a good block length rejects in 1 - level of them. `next(iter(...))` is the block to use. Slow:
    about samples x resamples x n x len(blocks) / 1e8 seconds.

    Source: Ledoit and Wolf (2008), J. Empirical Finance 15(5), algorithm 3.1.
    """
    table = checked_returns_pair(first, second)
    alpha = 1.0 - checked_share(level, "a level")
    for block in blocks:
        _check_draws(len(table), block, resamples, alpha)
    pair = _ratios(table)
    if np.isnan(pair).any():
        raise CallerError("expected two series that vary, found a constant one")
    centre = float(pair[0] - pair[1])
    worlds = _simulated(table, rng, samples)
    rates = {
        block: sum(_rejects(world, centre, rng, (block, resamples, alpha)) for world in worlds)
        / samples
        for block in blocks
    }
    return dict(sorted(rates.items(), key=lambda item: (abs(item[1] - alpha), item[0])))


def _ratios(table: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(sharpe(table, 1.0))


def _rejects(
    world: NDArray[np.float64],
    centre: float,
    rng: np.random.Generator,
    draws: tuple[int, int, float],
) -> bool:
    block, resamples, alpha = draws
    pair = _ratios(world)
    score = abs(float(pair[0] - pair[1]) - centre) / difference_errors(world)[1]
    reached = int(np.sum(_scores(world, rng, block, resamples) >= score))
    return (reached + 1) / (resamples + 1) <= alpha + 1e-12


def _check_draws(count: int, block: int, resamples: int, alpha: float) -> None:
    if not 1 <= block <= count // 2:
        raise CallerError(f"expected a block of 1 to {count // 2} rows, found {block}")
    if alpha * (resamples + 1) < 1.0 - 1e-9:
        raise CallerError(
            f"expected at least {round(1.0 / alpha) - 1} resamples for this level, "
            f"found {resamples}"
        )


def _scores(
    table: NDArray[np.float64], rng: np.random.Generator, block: int, resamples: int
) -> NDArray[np.float64]:
    # d* of each resample; a degenerate one (no variation) counts as beyond everything.
    pair = _ratios(table)
    difference = float(pair[0] - pair[1])
    means = _block_means(table, block)
    blocks = len(table) // block
    at_once = max(_CELLS // blocks, 1)
    parts = []
    for done in range(0, resamples, at_once):
        starts = rng.integers(0, len(table), (min(at_once, resamples - done), blocks))
        parts.append(_studentised(means[starts], block, difference))
    return np.concatenate(parts)


def _block_means(table: NDArray[np.float64], block: int) -> NDArray[np.float64]:
    # Row s: the means of (r1, r2, r1^2, r2^2) over rows s .. s + block - 1, going round.
    rows = np.hstack([table, table * table])
    around = np.concatenate([rows, rows[: block - 1]]) if block > 1 else rows
    windows = np.lib.stride_tricks.sliding_window_view(around, block, axis=0)
    return np.asarray(windows.mean(axis=-1))


def _studentised(drawn: NDArray[np.float64], block: int, difference: float) -> NDArray[np.float64]:
    # drawn: (resamples, blocks, 4) block means.
    blocks = drawn.shape[1]
    count = blocks * block
    means = drawn.mean(axis=1)
    variances = means[:, 2:] - means[:, :2] ** 2
    good = (variances > 1e-14 * means[:, 2:]).all(axis=1)
    means = np.where(good[:, None], means, np.array([0.0, 0.0, 1.0, 1.0]))
    ratios = means[:, :2] / np.sqrt((means[:, 2:] - means[:, :2] ** 2) * count / (count - 1.0))
    gradient = sharpe_gradient(means)
    # b (g . zeta_j)^2, without the 4 x 4 matrix
    spread = np.einsum("mbk,mk->mb", drawn - means[:, None, :], gradient)
    variance = block * np.mean(spread * spread, axis=1) * (count / (count - 4.0)) / count
    moved = np.abs(ratios[:, 0] - ratios[:, 1] - difference)
    is_known = good & (variance > 0.0)
    return np.where(is_known, moved / np.sqrt(np.where(is_known, variance, 1.0)), np.inf)


def _simulated(
    table: NDArray[np.float64], rng: np.random.Generator, samples: int
) -> NDArray[np.float64]:
    # (samples, n, 2) from a VAR(1) with intercept, started at the first row; twice as long as
    # wanted, of which the second half is used.
    count = len(table)
    inputs = np.column_stack([np.ones(count - 1), table[:-1]])
    fitted = np.linalg.lstsq(inputs, table[1:], rcond=None)[0]
    residuals = table[1:] - inputs @ fitted
    halves = stationary_indices(count - 1, 2 * samples, rng, mean_block=_RESIDUAL_BLOCK)
    places = np.concatenate([halves[:, :samples], halves[:, samples:]])
    paths = np.empty((len(places) + 1, samples, 2))
    paths[0] = table[0]
    for row, drawn in enumerate(places):
        paths[row + 1] = fitted[0] + paths[row] @ fitted[1:] + residuals[drawn]
    return np.asarray(paths[-count:].transpose(1, 0, 2))
