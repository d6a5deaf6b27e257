"""Monte Carlo: what else could have happened to the same trades or returns.

Each kind answers ONE question and says in `meaning` what it leaves unchanged. None of them makes a
bad strategy good: all of them start from what the run itself found, so they inherit its look-ahead
and its luck in being chosen.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError
from undertow.stats.block_length import optimal_block_length
from undertow.stats.block_resampling import Scheme, resample_indices
from undertow.stats.columns import checked_series, deviations_of, quotient
from undertow.stats.compound_growth import cagr
from undertow.stats.drawdown import max_drawdown
from undertow.stats.equity_returns import compounded_equity

PERCENTILES = (5.0, 25.0, 50.0, 75.0, 95.0)
"""What a summary shows of each measure."""

_TABLE_CELLS = 500_000
_Table = NDArray[np.float64]


class Scenarios(NamedTuple):
    """One entry a scenario, shape (B,); `actual` holds the run's own four numbers in that order.

    total_return, max_drawdown: fractions. sharpe, calmar: of a year; NaN where undefined.
    """

    name: str
    meaning: str
    total_return: _Table
    max_drawdown: _Table
    sharpe: _Table
    calmar: _Table
    actual: tuple[float, float, float, float]


class ScenarioSpread(NamedTuple):
    """One measure over all scenarios that have it. percentiles: 5, 25, 50, 75, 95."""

    actual: float
    mean: float
    deviation: float
    percentiles: tuple[float, float, float, float, float]
    undefined: int


def permuted_trades(
    trade_returns: ArrayLike,
    rng: Generator,
    *,
    trades_per_year: float,
    scenarios: int = 1000,
    is_compounded: bool = True,
) -> Scenarios:
    """The same trades in another order: was the path lucky?

    trade_returns: net results of each trade in order of time, shape (n,): over the equity at entry
    when `is_compounded`, else over the starting balance (then equity is 1 + their sum). Only what
    depends on the path moves: drawdown and Calmar. Total return and Sharpe ratio stay as they are.

    Source: requirement BT-17, correction D-95.
    """

    def drawn(array: _Table, size: int) -> tuple[_Table, None]:
        return rng.permuted(np.tile(array[:, None], (1, size)), axis=0), None

    meaning = "the same trades in random order; total return and Sharpe ratio cannot change"
    run = _Run(trade_returns, trades_per_year, scenarios, is_compounded=is_compounded)
    return run.told("permuted trades", meaning, drawn)


def resampled_trades(
    trade_returns: ArrayLike,
    rng: Generator,
    *,
    trades_per_year: float,
    scenarios: int = 1000,
    block: float | None = None,
    is_compounded: bool = True,
) -> Scenarios:
    """As many trades drawn with replacement, in stationary blocks: what if other trades of the same
    kind had come? Everything moves. trade_returns: as in `permuted_trades`.

    block: mean length in trades; default `optimal_block_length`, about 1 where trades do not depend
    on each other.

    Source: Politis and Romano (1994), JASA 89(428); requirement BT-17, correction D-95.
    """
    run = _Run(trade_returns, trades_per_year, scenarios, is_compounded=is_compounded)
    meaning = "as many trades drawn again with replacement, runs of trades kept together"
    return run.told("resampled trades", meaning, _resampler(run.array, rng, "stationary", block))


def resampled_returns(
    returns: ArrayLike,
    rng: Generator,
    *,
    periods_per_year: float,
    scenarios: int = 1000,
    scheme: Scheme = "stationary",
    block: float | None = None,
) -> Scenarios:
    """Returns of periods drawn with replacement, in blocks: what other years of the same market and
    strategy could have looked like. Everything moves; dependence within blocks stays.

    returns: simple returns of periods, shape (n,). block: default `optimal_block_length`.

    Source: Politis and Romano (1994), JASA 89(428); requirement BT-17, correction D-95.
    """
    run = _Run(returns, periods_per_year, scenarios, is_compounded=True)
    meaning = "period returns drawn again with replacement, neighbours kept together"
    return run.told("resampled returns", meaning, _resampler(run.array, rng, scheme, block))


def skipped_trades(
    trade_returns: ArrayLike,
    rng: Generator,
    *,
    trades_per_year: float,
    share: float = 0.1,
    scenarios: int = 1000,
    is_compounded: bool = True,
) -> Scenarios:
    """Each trade left out with probability `share`: does the result hang on a few of them?

    As an outage, a refused order or a missed signal would leave it out; the time stays the same.
    trade_returns: as in `permuted_trades`.

    Source: requirement BT-17, correction D-95.
    """
    if not 0.0 <= share < 1.0:
        raise CallerError(f"expected a share of 0 to below 1, found {share}")

    def drawn(array: _Table, size: int) -> tuple[_Table, NDArray[np.bool_]]:
        kept = rng.random((len(array), size)) >= share
        return np.where(kept, array[:, None], 0.0), kept

    meaning = f"each trade missed with a chance of {share:.0%}; the rest as it was, in its order"
    run = _Run(trade_returns, trades_per_year, scenarios, is_compounded=is_compounded)
    return run.told("skipped trades", meaning, drawn)


def noisy_costs(
    trade_returns: ArrayLike,
    trade_costs: ArrayLike,
    rng: Generator,
    *,
    trades_per_year: float,
    mean_factor: float = 1.0,
    deviation: float = 0.5,
    scenarios: int = 1000,
    is_compounded: bool = True,
) -> Scenarios:
    """Each trade's costs times a log-normal factor: does the edge survive worse fills?

    trade_costs: fees, spread, slippage and impact of each trade as a fraction of the same money as
    trade_returns, positive where it hurts, already inside trade_returns; shape (n,). mean_factor:
    1.5 for costs half as high again on average. deviation: of the factor's logarithm.

    Source: requirement BT-17, correction D-95.
    """
    if not mean_factor >= 0.0 or not deviation >= 0.0:
        raise CallerError(
            f"expected a factor and a deviation not below 0, found {mean_factor}, {deviation}"
        )
    run = _Run(trade_returns, trades_per_year, scenarios, is_compounded=is_compounded)
    costs = checked_series(trade_costs, "trade_costs")
    if costs.shape != run.array.shape:
        raise CallerError(f"expected {len(run.array)} trade_costs, found {len(costs)}")

    def drawn(array: _Table, size: int) -> tuple[_Table, None]:
        scores = rng.standard_normal((len(array), size))
        factors = mean_factor * np.exp(deviation * scores - deviation * deviation / 2.0)
        return array[:, None] - costs[:, None] * (factors - 1.0), None

    meaning = (
        f"the costs of each trade times a random factor of mean {mean_factor:g}; prices, order and "
        "number of trades as they were"
    )
    return run.told("noisy costs", meaning, drawn)


def summarised(found: Scenarios) -> dict[str, ScenarioSpread]:
    """total_return, max_drawdown, sharpe and calmar: mean, deviation (ddof=1) and percentiles.

    Scenarios in which a measure is undefined are left out of it and counted.

    Source: requirement BT-17. Variant: percentiles by linear interpolation (type 7).
    """
    names = ("total_return", "max_drawdown", "sharpe", "calmar")
    return {
        name: _spread(np.asarray(getattr(found, name)), actual)
        for name, actual in zip(names, found.actual, strict=True)
    }


def share_below_zero(found: Scenarios) -> float:
    """Share of scenarios that end with a loss, 0 to 1.

    Source: definition.
    """
    return float(np.mean(found.total_return < 0.0))


def ruin_probability(found: Scenarios, *, depth: float = 0.5) -> float:
    """Share of scenarios whose deepest drawdown reaches `depth` (0.5 = half of the peak is lost).

    Source: definition. Variant: by drawdown from the running peak, within the length of the run.
    """
    if not 0.0 < depth <= 1.0:
        raise CallerError(f"expected a depth above 0 and to 1, found {depth}")
    return float(np.mean(found.max_drawdown <= -depth))


_Drawn = Callable[[_Table, int], tuple[_Table, NDArray[np.bool_] | None]]


class _Run:
    # What the kinds have in common: the checked series, its length in years, measuring in batches.

    def __init__(
        self, values: ArrayLike, per_year: float, scenarios: int, *, is_compounded: bool
    ) -> None:
        self.array = checked_series(values, "returns", least=2)
        if not per_year > 0.0 or scenarios < 1:
            raise CallerError(
                f"expected periods a year and scenarios above 0, found {per_year}, {scenarios}"
            )
        self._per_year = per_year
        self._scenarios = scenarios
        self._is_compounded = is_compounded

    def told(self, name: str, meaning: str, drawn: _Drawn) -> Scenarios:
        batches = [self._measured(*drawn(self.array, size)) for size in self._batches()]
        total, depth, ratio, calmar = (
            np.concatenate(parts) for parts in zip(*batches, strict=True)
        )
        own = [float(value[0]) for value in self._measured(self.array[:, None], None)]
        actual = (own[0], own[1], own[2], own[3])
        return Scenarios(name, meaning, total, depth, ratio, calmar, actual)

    def _batches(self) -> Iterator[int]:
        size = max(_TABLE_CELLS // len(self.array), 1)
        for done in range(0, self._scenarios, size):
            yield min(size, self._scenarios - done)

    def _measured(
        self, table: _Table, kept: NDArray[np.bool_] | None
    ) -> tuple[_Table, _Table, _Table, _Table]:
        if self._is_compounded:
            equity = compounded_equity(table)
        else:
            equity = 1.0 + np.vstack((np.zeros((1, table.shape[1])), np.cumsum(table, axis=0)))
        depth = np.asarray(max_drawdown(equity))
        growth = np.asarray(cagr(equity, self._per_year))
        total = np.asarray(equity[-1] - 1.0)
        return total, depth, self._sharpe(table, kept), quotient(growth, np.abs(depth))

    def _sharpe(self, table: _Table, kept: NDArray[np.bool_] | None) -> _Table:
        if kept is None:
            ratio = quotient(table.mean(axis=0), deviations_of(table))
            return np.asarray(ratio * self._per_year**0.5)
        # Left-out trades are not trades of 0: mean and deviation of what is left, and fewer a year.
        count = kept.sum(axis=0).astype(np.float64)
        mean = quotient(table.sum(axis=0), count)
        squares = np.sum(np.where(kept, (table - mean) ** 2, 0.0), axis=0)
        deviation = np.sqrt(quotient(squares, np.maximum(count - 1.0, 0.0)))
        per_year = self._per_year * count / len(table)
        smallest = 1e-12 * np.abs(mean)  # rounding of equal trades
        ratio = np.where(deviation > smallest, quotient(mean, deviation), np.nan)
        return np.asarray(ratio * np.sqrt(per_year))


def _resampler(array: _Table, rng: Generator, scheme: Scheme, block: float | None) -> _Drawn:
    best = optimal_block_length(array)
    length = (
        (best.stationary if scheme == "stationary" else best.circular) if block is None else block
    )

    def drawn(values: _Table, size: int) -> tuple[_Table, None]:
        return values[resample_indices(len(values), size, rng, scheme=scheme, block=length)], None

    return drawn


def _spread(values: _Table, actual: float) -> ScenarioSpread:
    known = values[np.isfinite(values)]
    undefined = len(values) - len(known)
    if not len(known):
        nan = float("nan")
        return ScenarioSpread(actual, nan, nan, (nan, nan, nan, nan, nan), undefined)
    low, lower, middle, upper, high = (float(x) for x in np.percentile(known, PERCENTILES))
    deviation = float(deviations_of(known[:, None])[0])
    at = (low, lower, middle, upper, high)
    return ScenarioSpread(actual, float(known.mean()), deviation, at, undefined)
