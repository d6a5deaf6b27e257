import numpy as np
import pytest
from tests.backtest.reports.made_results import result, trade

from undertow.backtest.reports.headline import headline_intervals, intervals_part
from undertow.backtest.result import BacktestResult


def _made(seed: int = 7) -> BacktestResult:
    rng = np.random.default_rng(1)
    equity = 1_000.0 * np.cumprod(np.r_[1.0, 1.0 + rng.normal(0.002, 0.01, 120)])
    trades = [trade(float(pnl), i) for i, pnl in enumerate(rng.normal(0.5, 2.0, 40))]
    return result(equity, trades, seed=seed)


def test_every_headline_number_has_its_interval() -> None:
    found = headline_intervals(_made(), resamples=400)
    assert set(found) == {
        "sharpe",
        "sortino",
        "volatility",
        "cagr",
        "max_drawdown",
        "expectancy",
        "profit_factor",
    }
    for name, interval in found.items():
        assert interval.low < interval.high, name
        if name != "max_drawdown":
            assert interval.low < interval.estimate < interval.high, name


def test_the_same_seed_gives_the_same_intervals() -> None:
    first = headline_intervals(_made(), resamples=200)
    assert first == headline_intervals(_made(), resamples=200)
    other = headline_intervals(_made(8), resamples=200)
    assert other["sharpe"].estimate == first["sharpe"].estimate
    assert other["sharpe"].low != first["sharpe"].low


def test_a_short_run_has_no_yearly_growth_and_no_interval_of_it() -> None:
    rng = np.random.default_rng(2)
    equity = 1_000.0 * np.cumprod(np.r_[1.0, 1.0 + rng.normal(0.002, 0.01, 20)])
    found = headline_intervals(result(equity), resamples=200)
    assert "sharpe" in found
    assert "cagr" not in found


def test_plain_values_for_reports() -> None:
    plain = intervals_part(_made())
    assert set(plain["sharpe"]) == {"estimate", "low", "high"}


@pytest.mark.parametrize("days", [1, 5])
def test_too_little_gets_no_interval(days: int) -> None:
    assert headline_intervals(result(np.arange(1.0, days + 2))) == {}
