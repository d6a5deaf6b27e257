"""Runs side by side, and whether the first is better than the second by more than luck."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np

from undertow.backtest.reports.measures import measures
from undertow.backtest.result import BacktestResult
from undertow.backtest.shared_days import LEAST_COMMON_DAYS, shared_days
from undertow.stats.sharpe_bootstrap import sharpe_difference_bootstrap

COMPARED = (
    "total_return",
    "cagr",
    "sharpe",
    "sortino",
    "calmar",
    "volatility",
    "max_drawdown",
    "time_under_water",
    "total_trades",
    "win_rate",
    "profit_factor",
    "expectancy",
    "sqn",
    "exposure",
    "total_fees",
    "total_funding",
)


class Difference(msgspec.Struct, frozen=True):
    """Of the daily Sharpe ratios of two runs over the days they share; NaN with fewer than 30."""

    days: int
    difference: float
    low: float
    high: float
    p_value: float

    @property
    def words(self) -> str:
        """What it means."""
        if self.days < LEAST_COMMON_DAYS:
            return f"{self.days} days in common, {LEAST_COMMON_DAYS} are needed to compare"
        better = "the first is better" if self.low > 0 else "the second is better"
        verdict = better if self.low > 0 or self.high < 0 else "no difference beyond luck"
        return (
            f"daily Sharpe ratios differ by {self.difference:+.4f}, between {self.low:+.4f} and "
            f"{self.high:+.4f} at 95 % (p = {self.p_value:.3f}, {self.days} days): {verdict}"
        )


class Comparison(msgspec.Struct, frozen=True):
    """rows: a measure and its value in each run, in their order. difference: of the first two."""

    names: tuple[str, ...]
    rows: Mapping[str, tuple[Any, ...]]
    difference: Difference | None


def compare(results: Sequence[BacktestResult]) -> Comparison:
    """Compare runs; the first two are tested against each other (Ledoit and Wolf)."""
    found = [measures(result) for result in results]
    rows = {name: tuple(one[name] for one in found) for name in COMPARED}
    difference = sharpe_difference(results[0], results[1]) if len(results) > 1 else None
    names = tuple(f"{one.run_name} ({one.fills})" for one in results)
    return Comparison(names, rows, difference)


def sharpe_difference(
    first: BacktestResult,
    second: BacktestResult,
    *,
    block: int = 5,
    resamples: int = 4_999,
    level: float = 0.95,
) -> Difference:
    """First less second, with its percentile-t interval; seeded with the first run's seed."""
    ours, theirs = shared_days(first, second)
    if len(ours) < LEAST_COMMON_DAYS:
        nan = float("nan")
        return Difference(len(ours), nan, nan, nan, nan)
    rng = np.random.Generator(np.random.PCG64(first.seed))
    found = sharpe_difference_bootstrap(
        ours, theirs, rng, block=block, resamples=resamples, level=level
    )
    return Difference(len(ours), found.difference, found.lower, found.upper, found.p_value)
