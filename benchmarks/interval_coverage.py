"""Print how often the intervals of undertow.stats cover what they promise, on known returns.

Run `python benchmarks/interval_coverage.py [samples]` (1,000: about half an hour on one core). The
table in docs/stats/intervals.md is its output.
"""

import sys
from collections.abc import Callable
from math import sqrt

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from undertow.stats import (
    Interval,
    bootstrap_interval,
    cagr_interval,
    compounded_equity,
    max_drawdown,
    max_drawdown_range,
    mean_interval,
    profit_factor_interval,
    sharpe,
    sharpe_interval,
    sortino_interval,
    volatility_interval,
)

MEAN, DEVIATION, RESAMPLES = 0.002, 0.02, 999
Series = NDArray[np.float64]
Law = Callable[[int, Generator], Series]


def normal(count: int, rng: Generator) -> Series:
    """Independent normal returns."""
    return rng.standard_normal(count)


def fat_tails(count: int, rng: Generator) -> Series:
    """Independent Student returns, 4 degrees of freedom."""
    return rng.standard_t(4, count) / sqrt(2.0)


def trending(count: int, rng: Generator) -> Series:
    """AR(1) with slope 0.3 and Student innovations."""
    drawn = fat_tails(count + 100, rng)
    path = np.zeros(count + 100)
    for place in range(1, count + 100):
        path[place] = 0.3 * path[place - 1] + drawn[place]
    return path[100:] * sqrt(1.0 - 0.09)


def clustered(count: int, rng: Generator) -> Series:
    """GARCH(1, 1) of 0.10 and 0.85 with Student innovations, 6 degrees of freedom."""
    drawn = rng.standard_t(6, count + 200) / sqrt(1.5)
    path, variance = np.zeros(count + 200), 1.0
    for place in range(count + 200):
        path[place] = sqrt(variance) * drawn[place]
        variance = 0.05 + 0.10 * path[place] ** 2 + 0.85 * variance
    return path[200:]


def crashing(count: int, rng: Generator) -> Series:
    """Independent, many small gains and few large losses (skewness -2)."""
    return 1.0 - rng.exponential(1.0, count)


LAWS: tuple[Law, ...] = (normal, fat_tails, trending, clustered, crashing)


def truths(law: Law) -> dict[str, float]:
    """What each number is for ever so many returns."""
    long = MEAN + DEVIATION * law(1_000_000, np.random.default_rng(99))
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


def coverage(law: Law, count: int, samples: int) -> dict[str, float]:
    """Share of samples whose interval holds the truth; for the drawdown, that of a fresh sample."""
    rng = np.random.default_rng(7)
    known = truths(law)
    held: dict[str, int] = {}
    for _ in range(samples):
        sample, fresh = (MEAN + DEVIATION * law(count, rng) for _ in range(2))
        known["max drawdown"] = float(max_drawdown(compounded_equity(fresh)))
        for name, found in intervals(sample, rng).items():
            held[name] = held.get(name, 0) + (found.low <= known[name] <= found.high)
    return {name: hits / samples for name, hits in held.items()}


def main(samples: int) -> None:
    """The table, a row for each law and length."""
    is_first = True
    for count in (100, 365):
        for law in LAWS:
            found = coverage(law, count, samples)
            if is_first:
                sys.stdout.write(f"| returns | n | {' | '.join(found)} |\n")
                sys.stdout.write("| --- " * (len(found) + 2) + "|\n")
                is_first = False
            shares = " | ".join(f"{100 * share:.1f}" for share in found.values())
            sys.stdout.write(f"| {law.__name__.replace('_', ' ')} | {count} | {shares} |\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
