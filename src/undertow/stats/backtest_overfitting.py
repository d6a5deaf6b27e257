"""Probability of backtest overfitting by combinatorially symmetric cross-validation (CSCV)."""

from collections.abc import Callable, Iterator
from itertools import combinations
from math import comb, nan
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError
from undertow.stats.array_input import checked_table

Metric = Callable[[NDArray[np.float64]], NDArray[np.float64]]
_Scores = Callable[[NDArray[np.bool_]], NDArray[np.float64]]

_MOST_SPLITS = 200_000  # S = 20 has 184,756
_CELLS = 1 << 22  # splits x strategies held at once
_DIGITS = 12  # ratios are compared to this many decimals: copies of one strategy are ties


class OverfitProbability(NamedTuple):
    """probability: the share of splits whose in-sample winner was in the worse half out of sample.

    logits, chosen, in_sample, out_of_sample: one value a split, in lexicographic order of the
    in-sample blocks; `chosen` is the winning column, the two metrics are that column's. slope,
    intercept, r_squared: least squares of out-of-sample on in-sample metric (a negative slope:
    the better it looked, the worse it did). probability_of_loss: share of splits with the chosen
    column's out-of-sample metric below 0. first_order, second_order: choosing the winner dominates
    stochastically (strictly somewhere) taking the average of all columns.
    """

    probability: float
    logits: NDArray[np.float64]
    chosen: NDArray[np.int64]
    in_sample: NDArray[np.float64]
    out_of_sample: NDArray[np.float64]
    slope: float
    intercept: float
    r_squared: float
    probability_of_loss: float
    first_order: bool
    second_order: bool


def probability_of_backtest_overfitting(
    trial_returns: ArrayLike, *, blocks: int = 16, metric: Metric | None = None
) -> OverfitProbability:
    """CSCV over all C(S, S/2) halves of S equal row blocks of a T x N table of trial returns.

    For each half: n* = the best column by the metric (the first of equal ones), omega = rank of n*
    in the other half / (N + 1), rank 1 the worst, ties averaged; logit = ln(omega / (1 - omega));
    the probability is the share of logits <= 0, so the median rank counts as overfit. The metric is
    mean / std(ddof=1); a column without variation in a half counts as 0 there. T mod S rows are
    dropped at the START: the newest data stay. Every trial made belongs into the table; N >= 2, S
    even.

    metric: another one, rows (n, N) to values (N,); called twice a split, so slow.

    Source: Bailey, Borwein, Lopez de Prado and Zhu (2017), J. Computational Finance 20(4).
    """
    table = checked_table(trial_returns, "trial returns", rows=4, columns=2)
    _check_blocks(blocks, len(table))
    rows = len(table) // blocks
    kept = table[len(table) - rows * blocks :]
    halves = _halves(blocks, max(_CELLS // table.shape[1], 1))
    score = _sharpe_scores(kept, blocks) if metric is None else _metric_scores(kept, blocks, metric)
    parts = [_judged(score(half), score(~half)) for half in halves]
    ranks, chosen, inside, outside, average = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    # omega / (1 - omega) without the rounding that would keep the median rank's logit off 0
    logits = np.log(ranks / (table.shape[1] + 1.0 - ranks))
    first, second = _dominance(outside, average)
    return OverfitProbability(
        float(np.mean(logits <= 0.0)),
        logits,
        chosen,
        inside,
        outside,
        *_line(inside, outside),
        float(np.mean(outside < 0.0)),
        first,
        second,
    )


def _check_blocks(blocks: int, rows: int) -> None:
    if blocks < 2 or blocks % 2 or comb(blocks, blocks // 2) > _MOST_SPLITS:
        raise CallerError(f"expected an even number of 2 to 20 blocks, found {blocks}")
    if rows < 2 * blocks:
        raise CallerError(f"expected at least 2 rows a block, {2 * blocks}, found {rows} rows")


def _halves(blocks: int, at_once: int) -> Iterator[NDArray[np.bool_]]:
    # Masks (splits, blocks) of the in-sample blocks, in lexicographic order, in portions.
    places = np.array(list(combinations(range(blocks), blocks // 2)))
    masks = np.zeros((len(places), blocks), dtype=bool)
    np.put_along_axis(masks, places, values=True, axis=1)
    return (masks[start : start + at_once] for start in range(0, len(masks), at_once))


def _sharpe_scores(kept: NDArray[np.float64], blocks: int) -> _Scores:
    # Ratios of any set of blocks from sums per block. Centring each column first keeps the squares
    # small; the mean is put back. Added block by block, not by a matrix product, so that equal
    # columns give equal ratios to the last bit.
    centre = kept.mean(axis=0)
    parts = (kept - centre).reshape(blocks, -1, kept.shape[1])
    sums, squares = parts.sum(axis=1), (parts * parts).sum(axis=1)
    held = kept.reshape(blocks, -1, kept.shape[1])
    highs, lows = held.max(axis=1), held.min(axis=1)
    count = len(kept) / 2.0

    def scores(half: NDArray[np.bool_]) -> NDArray[np.float64]:
        shape = (len(half), kept.shape[1])
        total, square = np.zeros(shape), np.zeros(shape)
        high, low = np.full(shape, -np.inf), np.full(shape, np.inf)
        for block in range(blocks):
            inside = half[:, block]
            total[inside] += sums[block]
            square[inside] += squares[block]
            high[inside] = np.maximum(high[inside], highs[block])
            low[inside] = np.minimum(low[inside], lows[block])
        variance = (square - total * total / count) / (count - 1.0)
        moves = (high > low) & (variance > 0.0)
        ratio = (total / count + centre) / np.sqrt(np.where(moves, variance, 1.0))
        return np.asarray(np.round(np.where(moves, ratio, 0.0), _DIGITS), dtype=np.float64)

    return scores


def _metric_scores(kept: NDArray[np.float64], blocks: int, metric: Metric) -> _Scores:
    rows = len(kept) // blocks

    def scores(half: NDArray[np.bool_]) -> NDArray[np.float64]:
        found = [np.asarray(metric(kept[np.repeat(mask, rows)]), dtype=float) for mask in half]
        for values in found:
            if values.shape != (kept.shape[1],) or not np.isfinite(values).all():
                raise CallerError(
                    f"expected a metric with {kept.shape[1]} finite values, found {values}"
                )
        return np.array(found)

    return scores


def _judged(
    inside: NDArray[np.float64], outside: NDArray[np.float64]
) -> tuple[NDArray[np.float64], ...]:
    chosen = inside.argmax(axis=1)
    rows = np.arange(len(chosen))
    own = outside[rows, chosen]
    below = np.sum(outside < own[:, None], axis=1)
    equal = np.sum(outside == own[:, None], axis=1)
    ranks = below + (equal + 1) / 2.0
    return ranks, chosen, inside[rows, chosen], own, outside.mean(axis=1)


def _line(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float, float]:
    dx, dy = x - x.mean(), y - y.mean()
    across, along = float(np.sum(dx * dx)), float(np.sum(dx * dy))
    if across <= 0.0:
        return nan, nan, nan
    slope = along / across
    total = float(np.sum(dy * dy))
    fit = along * slope / total if total > 0.0 else nan
    return slope, float(y.mean() - slope * x.mean()), fit


def _dominance(one: NDArray[np.float64], two: NDArray[np.float64]) -> tuple[bool, bool]:
    grid = np.unique(np.concatenate([one, two]))
    lead = (
        np.searchsorted(np.sort(two), grid, side="right")
        - np.searchsorted(np.sort(one), grid, side="right")
    ) / len(one)
    area = np.concatenate([[0.0], np.cumsum(lead[:-1] * np.diff(grid))])
    slack = -1e-12 * max(float(np.abs(area).max()), 1e-300)
    first = bool((lead >= 0.0).all() and (lead > 0.0).any())
    second = bool((area >= slack).all() and (area > -slack).any())
    return first, second
