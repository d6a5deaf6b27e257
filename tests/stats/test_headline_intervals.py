"""Expected: known parameters of simulated returns, covered as often as promised (fixed seeds).

200 samples: a right interval of 90 % covers 84 to 96 % of them in all but one of a thousand tests.
"""

from collections.abc import Callable

import numpy as np
import pytest

from undertow.stats import (
    Interval,
    cagr,
    cagr_interval,
    compounded_equity,
    max_drawdown,
    max_drawdown_range,
    mean_interval,
    profit_factor,
    profit_factor_interval,
    sharpe,
    sharpe_interval,
    sortino,
    sortino_interval,
    volatility,
    volatility_interval,
)

TRUE_MEAN, TRUE_DEVIATION = 0.002, 0.02
LONG = np.random.default_rng(9).normal(TRUE_MEAN, TRUE_DEVIATION, 1_000_000)
Case = tuple[Callable[..., Interval], float]
CASES: dict[str, Case] = {
    "sharpe": (lambda x, g, **o: sharpe_interval(x, 365, g, **o), 0.1 * 365**0.5),
    "sortino": (lambda x, g, **o: sortino_interval(x, 365, g, **o), sortino(LONG, 365)),
    "mean": (mean_interval, TRUE_MEAN),
    "cagr": (
        lambda x, g, **o: cagr_interval(x, 365, g, **o),
        float(np.expm1(365 * np.mean(np.log1p(LONG)))),
    ),
    "volatility": (
        lambda x, g, **o: volatility_interval(x, 365, g, **o),
        TRUE_DEVIATION * 365**0.5,
    ),
    "profit factor": (profit_factor_interval, profit_factor(LONG)),
}


@pytest.mark.parametrize("name", CASES)
def test_intervals_cover_what_they_promise(name: str) -> None:
    interval, truth = CASES[name]
    rng, held = np.random.default_rng(2), 0
    for _ in range(200):
        sample = rng.normal(TRUE_MEAN, TRUE_DEVIATION, 120)
        found = interval(sample, rng, confidence=0.9, resamples=300)
        held += found.low <= truth <= found.high
    assert 168 <= held <= 192


def test_estimates_are_the_plain_measures() -> None:
    returns, rng = LONG[:200], np.random.default_rng(1)
    curve = compounded_equity(returns)
    plain = {
        "sharpe": sharpe(returns, 365),
        "sortino": sortino(returns, 365),
        "mean": returns.mean(),
        "cagr": cagr(curve, 365),
        "volatility": volatility(returns, 365),
        "profit factor": profit_factor(returns),
    }
    for name, (interval, _) in CASES.items():
        found = interval(returns, rng, resamples=200)
        assert found.estimate == pytest.approx(plain[name], rel=1e-9)
        assert found.low < found.estimate < found.high
    assert max_drawdown_range(returns, rng, resamples=50).estimate == max_drawdown(curve)


def test_fresh_drawdowns_lie_in_the_range() -> None:
    rng, held = np.random.default_rng(3), 0
    for _ in range(200):
        sample, fresh = rng.normal(0.001, 0.02, (2, 120))
        found = max_drawdown_range(sample, rng, confidence=0.9, resamples=300)
        held += found.low <= max_drawdown(compounded_equity(fresh)) <= found.high
        assert found.low < found.high <= 0.0
    assert held >= 160


def test_too_few_returns_have_no_range() -> None:
    found = max_drawdown_range([0.1, -0.1], np.random.default_rng(1))
    assert found.estimate == pytest.approx(-0.1)
    assert np.isnan([found.low, found.high]).all()
