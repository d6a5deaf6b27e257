"""Data-snooping tests: is the best of many strategies better than the benchmark, or only best."""

from math import log, nan, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError
from undertow.domain.extra_library import extra_library
from undertow.stats.array_input import checked_share, checked_table
from undertow.stats.block_length import optimal_block_length
from undertow.stats.block_resampling import stationary_indices
from undertow.stats.columns import checked_series
from undertow.stats.long_run_variance import prewhitened_mean_errors

_CELLS = 1 << 24  # resamples x strategies held at once
_LEAST_ROWS = 10
_LEAST_RESAMPLES = 99


class RealityCheck(NamedTuple):
    """sqrt(n) times the best mean excess return, its column and its p-value over all tried."""

    statistic: float
    best: int
    p_value: float


class PredictiveAbility(NamedTuple):
    """The largest mean excess return over its error (0 where none is above 0), its column,
    p-values.

    consistent: the one to use. lower and upper bound it: `lower` leaves poor strategies out of the
    null (liberal), `upper` keeps them all in (conservative).
    """

    statistic: float
    best: int
    lower: float
    consistent: float
    upper: float


def white_reality_check(
    returns: ArrayLike,
    rng: np.random.Generator,
    *,
    benchmark: float | ArrayLike = 0.0,
    mean_block: float | None = None,
    resamples: int = 999,
) -> RealityCheck:
    """p-value of "no strategy beats the benchmark" from max over k of sqrt(n) mean(r_k - b).

    returns: shape (n, k), EVERY strategy tried; n >= 10. benchmark: a return a period, or n of
    them. mean_block: rows of a block, by default the mean of the columns' optimal ones. p = (#{T*
    >= T} + 1)/(resamples + 1). Many poor or noisy strategies in the table make it blind;
    `superior_predictive_ability` is studentised and trims them.

    Source: White (2000), Econometrica 68(5).
    """
    excess = _excess(returns, benchmark)
    weights = _weights(len(excess), _block(excess, mean_block), resamples, rng)
    means = excess.mean(axis=0)
    best = int(means.argmax())
    p_value = _p_value(_highest(excess, weights), float(means[best]))
    return RealityCheck(sqrt(len(excess)) * float(means[best]), best, p_value)


def superior_predictive_ability(
    returns: ArrayLike,
    rng: np.random.Generator,
    *,
    benchmark: float | ArrayLike = 0.0,
    block: int = 5,
    resamples: int = 999,
) -> PredictiveAbility:
    """p-value of "no strategy beats the benchmark" from max over k of mean(r_k - b) / SE_k.

    The consistent null moves a strategy to 0 unless its mean is below -SE_k sqrt(2 ln ln n). SE_k:
    prewhitened HAC in the data, from the means of circular blocks in each resample. Columns whose
    excess never varies are left out; NaN when none is left. Other arguments as
    `white_reality_check`.

    Source: Hansen (2005), J. Business and Economic Statistics 23(4). Variant: studentised in every
    resample as Romano and Wolf (2005), because Hansen's fixed deviations reject 17.5 % instead of 5
    % of correlated noise (AR 0.2, 250 periods, 50 strategies).
    """
    sample = _Studentised.of(_excess(returns, benchmark), block, resamples, rng)
    if not len(sample.kept):
        return PredictiveAbility(nan, -1, nan, nan, nan)
    means, errors = sample.means, sample.errors
    poor = means < -errors * sqrt(2.0 * log(log(len(sample.excess))))
    centres = [np.maximum(means, 0.0), np.where(poor, 0.0, means), means]
    highest = np.zeros((3, resamples))
    for some in sample.portions():
        drawn, scale = sample.drawn(some)
        for place, centre in enumerate(centres):
            moved = ((drawn - centre[some]) * scale).max(axis=1)
            np.maximum(highest[place], moved, out=highest[place])
    scores = means / errors
    statistic = max(float(scores.max()), 0.0)
    found = [_p_value(one, statistic) for one in highest]
    return PredictiveAbility(statistic, int(sample.kept[scores.argmax()]), *found)


def step_m(
    returns: ArrayLike,
    rng: np.random.Generator,
    *,
    benchmark: float | ArrayLike = 0.0,
    block: int = 5,
    resamples: int = 999,
) -> NDArray[np.float64]:
    """Adjusted p-value of each strategy: those at or below a level beat the benchmark, jointly.

    Step-down maxima of studentised means, shape (k,): the chance of ANY false one among those taken
    is at most the level, and more are found than by the best alone. NaN for columns whose excess
    never varies. Studentised and with arguments as in `superior_predictive_ability`.

    Source: Romano and Wolf (2005), Econometrica 73(4); adjusted p-values of Romano and Wolf (2016).
    """
    excess = _excess(returns, benchmark)
    sample = _Studentised.of(excess, block, resamples, rng).sorted_by_score()
    running = np.full(resamples, -np.inf)
    adjusted = np.full(excess.shape[1], nan)
    for some in sample.portions():  # the worst first
        drawn, scale = sample.drawn(some)
        moved = (drawn - sample.means[some]) * scale
        moved[:, 0] = np.maximum(moved[:, 0], running)
        reached = np.maximum.accumulate(moved, axis=1)
        running = reached[:, -1]
        hits = np.sum(reached >= sample.means[some] / sample.errors[some], axis=0)
        adjusted[sample.kept[some]] = (hits + 1.0) / (resamples + 1.0)
    best_first = sample.kept[::-1]
    adjusted[best_first] = np.maximum.accumulate(adjusted[best_first])
    return adjusted


def model_confidence_set(
    returns: ArrayLike,
    rng: np.random.Generator,
    *,
    level: float = 0.95,
    mean_block: float | None = None,
    resamples: int = 999,
) -> NDArray[np.int64]:
    """Columns that contain the best strategy with probability `level`: the others are worse.

    Shape (kept,), ascending. Noise keeps nearly all of them, which says that the data cannot tell.
    Computed by the library arch (extra `stats`; ConfigurationError when it is missing) on losses
    -returns with the range statistic; slow beyond some hundred columns.

    Source: Hansen, Lunde and Nason (2011), Econometrica 79(2).
    """
    table = checked_table(returns, "returns", rows=_LEAST_ROWS, columns=2)
    size = 1.0 - checked_share(level, "a level")
    _check_resamples(resamples)
    block = max(round(_block(table, mean_block)), 1)
    arch = extra_library("arch.bootstrap", extra="stats", purpose="the model confidence set")
    found = arch.MCS(-table, size, reps=resamples, block_size=block, seed=rng)
    found.compute()
    return np.array(sorted(int(place) for place in found.included), dtype=np.int64)


def _excess(returns: ArrayLike, benchmark: float | ArrayLike) -> NDArray[np.float64]:
    table = checked_table(returns, "returns", rows=_LEAST_ROWS)
    other = np.asarray(benchmark, dtype=np.float64)
    if other.ndim == 0:
        other = np.full(len(table), float(other))
    against = checked_series(other, "benchmark returns")
    if len(against) != len(table):
        raise CallerError(
            f"expected a benchmark return for each of {len(table)} periods, found {len(against)}"
        )
    return table - against[:, None]


def _block(excess: NDArray[np.float64], mean_block: float | None) -> float:
    # The optimal stationary block of the columns, on average.
    if mean_block is not None:
        return float(mean_block)
    return float(np.mean([optimal_block_length(column).stationary for column in excess.T]))


def _check_resamples(resamples: int) -> None:
    if resamples < _LEAST_RESAMPLES:
        raise CallerError(f"expected at least {_LEAST_RESAMPLES} resamples, found {resamples}")


def _weights(
    count: int, block: float, resamples: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    # (resamples, n): how often each row was drawn / n, so that weights @ excess are the means.
    _check_resamples(resamples)
    places = stationary_indices(count, resamples, rng, mean_block=block).T
    return _frequencies(places, count) / count


def _frequencies(places: NDArray[np.int64], count: int) -> NDArray[np.float64]:
    # (resamples, count): how often each row was drawn in each resample.
    flat = places + count * np.arange(len(places))[:, None]
    found = np.bincount(flat.ravel(), minlength=len(places) * count)
    return found.reshape(len(places), count).astype(np.float64)


def _highest(excess: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    # (resamples,): max over strategies of mean* - mean, in portions of columns.
    highest = np.full(len(weights), -np.inf)
    step = max(_CELLS // len(weights), 1)
    for start in range(0, excess.shape[1], step):
        some = excess[:, start : start + step]
        moved = (weights @ some - some.mean(axis=0)).max(axis=1)
        np.maximum(highest, moved, out=highest)
    return highest


class _Studentised(NamedTuple):
    # Circular block resamples of the columns that vary. weights: (resamples, n), how often a block
    # began at each row / blocks. kept: the columns' places in the caller's table.
    excess: NDArray[np.float64]
    kept: NDArray[np.int64]
    means: NDArray[np.float64]
    errors: NDArray[np.float64]
    weights: NDArray[np.float64]
    block: int
    blocks: int

    @classmethod
    def of(
        cls, excess: NDArray[np.float64], block: int, resamples: int, rng: np.random.Generator
    ) -> "_Studentised":
        _check_resamples(resamples)
        count = len(excess)
        if not 1 <= block <= count // 2:
            raise CallerError(f"expected a block of 1 to {count // 2} rows, found {block}")
        blocks = count // block
        starts = rng.integers(0, count, (resamples, blocks))
        weights = _frequencies(starts, count) / blocks
        errors = prewhitened_mean_errors(excess)
        kept = np.flatnonzero(errors > 0.0)
        used = excess[:, kept]
        return cls(used, kept, used.mean(axis=0), errors[kept], weights, block, blocks)

    def sorted_by_score(self) -> "_Studentised":
        order = np.argsort(self.means / self.errors, kind="stable")
        return self._replace(
            excess=self.excess[:, order],
            kept=self.kept[order],
            means=self.means[order],
            errors=self.errors[order],
        )

    def portions(self) -> list[slice]:
        step = max(_CELLS // len(self.weights), 1)
        return [slice(start, start + step) for start in range(0, len(self.kept), step)]

    def drawn(self, some: slice) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        # Means of the resamples and 1 / their standard errors, both (resamples, columns).
        rows = self.excess[:, some]
        around = np.concatenate([rows, rows[: self.block - 1]])
        sums = np.cumsum(np.concatenate([np.zeros((1, rows.shape[1])), around]), axis=0)
        block_means = (sums[self.block :] - sums[: -self.block]) / self.block
        means = self.weights @ block_means
        spread = self.weights @ (block_means * block_means) - means * means
        count = self.blocks * self.block
        # A resample of one block over and over has no spread: beyond everything.
        variance = np.maximum(spread, 1e-300) * self.block / (count - 1.0)
        return means, 1.0 / np.sqrt(variance)


def _p_value(drawn: NDArray[np.float64], statistic: float) -> float:
    return (int(np.sum(drawn >= statistic)) + 1) / (len(drawn) + 1)
