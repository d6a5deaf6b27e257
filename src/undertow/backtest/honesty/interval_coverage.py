"""How often the intervals beside the headline numbers hold the truth, on returns that are known."""

from functools import cache
from math import sqrt

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from undertow.backtest.honesty.measured import Measured, added, of
from undertow.backtest.honesty.noise_law import LAWS
from undertow.stats.drawdown import max_drawdown
from undertow.stats.equity_returns import compounded_equity
from undertow.stats.headline_intervals import (
    cagr_interval,
    max_drawdown_range,
    mean_interval,
    profit_factor_interval,
    sharpe_interval,
    sortino_interval,
    volatility_interval,
)
from undertow.stats.resampled_interval import Interval, bootstrap_interval
from undertow.stats.sharpe_ratio import sharpe

MEAN, DEVIATION, RESAMPLES = 0.002, 0.02, 999
LEVEL = 0.95
Series = NDArray[np.float64]

_LONG = 1_000_000


@cache
def truths(law: str) -> dict[str, float]:
    """What each number is for ever so many returns of a law."""
    long = MEAN + DEVIATION * LAWS[law](_LONG, np.random.Generator(np.random.PCG64(99)))
    gains, losses = np.maximum(long, 0.0).mean(), np.maximum(-long, 0.0).mean()
    return {
        "Sharpe": MEAN / DEVIATION,
        "Sharpe, percentile": MEAN / DEVIATION,
        "Sharpe, BCa": MEAN / DEVIATION,
        "Sortino": MEAN / sqrt(float(np.mean(np.minimum(long, 0.0) ** 2))),
        "mean": MEAN,
        "CAGR": float(np.expm1(np.mean(np.log1p(np.maximum(long, -0.99))))),
        "volatility": DEVIATION,
        "profit factor": float(gains / losses),
    }


def intervals(sample: Series, rng: Generator) -> dict[str, Interval]:
    """Every interval of one sample, per period, at 95 %."""

    def plain(method: str) -> Interval:
        return bootstrap_interval(
            sample,
            lambda table: np.asarray(sharpe(table, 1.0)),
            rng,
            method=method,  # type: ignore[arg-type]
            resamples=RESAMPLES,
        )

    return {
        "Sharpe": sharpe_interval(sample, 1.0, rng, resamples=RESAMPLES),
        "Sharpe, percentile": plain("percentile"),
        "Sharpe, BCa": plain("bca"),
        "Sortino": sortino_interval(sample, 1.0, rng, resamples=RESAMPLES),
        "mean": mean_interval(sample, rng, resamples=RESAMPLES),
        "CAGR": cagr_interval(sample, 1.0, rng, resamples=RESAMPLES),
        "volatility": volatility_interval(sample, 1.0, rng, resamples=RESAMPLES),
        "profit factor": profit_factor_interval(sample, rng, resamples=RESAMPLES),
        "max drawdown": max_drawdown_range(sample, rng, resamples=RESAMPLES),
    }


def coverage(law: str, days: int, samples: int, rng: Generator) -> dict[str, Measured]:
    """Share of samples whose interval holds the truth; for the drawdown, that of a fresh sample."""
    return added(_held(law, days, rng) for _ in range(samples))


def _held(law: str, days: int, rng: Generator) -> dict[str, Measured]:
    sample, fresh = (MEAN + DEVIATION * LAWS[law](days, rng) for _ in range(2))
    known = {**truths(law), "max drawdown": float(max_drawdown(compounded_equity(fresh)))}
    found = intervals(sample, rng)
    return {name: of([one.low <= known[name] <= one.high]) for name, one in found.items()}
