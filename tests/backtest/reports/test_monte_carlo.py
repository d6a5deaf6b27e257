"""Scenarios of a result. Expected numbers: the trades' own arithmetic, done again here."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from tests.backtest.conftest import Cross

from undertow.backtest.library import backtest
from undertow.backtest.reports.monte_carlo import COLUMNS, KINDS, monte_carlo, trade_returns
from undertow.backtest.result import BacktestResult
from undertow.domain.errors import CallerError


@pytest.fixture
def result(make_candles: Callable[..., dict[str, Any]], research: dict[str, Any]) -> BacktestResult:
    """A day and a half of minutes."""
    found = backtest(Cross(), make_candles(2_000), timeframe="1m", **research)
    assert isinstance(found, BacktestResult)
    return found


def test_every_kind_has_its_meaning_and_its_percentiles(result: BacktestResult) -> None:
    tables = monte_carlo(result, scenarios=50)
    assert [table.name for table in tables] == list(KINDS)
    assert len({table.meaning for table in tables}) == len(tables)
    for table in tables:
        assert table.scenarios == 50
        assert [row[0] for row in table.rows()] == [
            "total_return", "max_drawdown", "sharpe", "calmar",
        ]  # fmt: skip
        assert all(len(row) == len(COLUMNS) for row in table.rows())
        levels = table.spreads["total_return"].percentiles
        assert list(levels) == sorted(levels)


def test_trades_put_together_give_the_run(result: BacktestResult) -> None:
    gains, costs = trade_returns(result)
    assert len(gains) == len(result.trades) > 20
    assert (costs > 0.0).all()
    # One position at a time, everything in: the product of the trades is the run itself.
    own = result.final_balance / result.starting_balance - 1.0
    assert np.prod(1.0 + gains) - 1.0 == pytest.approx(own, abs=5e-3)
    found = {
        table.name: table.spreads["total_return"] for table in monte_carlo(result, scenarios=9)
    }
    permuted = found["permuted trades"]
    assert permuted.actual == pytest.approx(np.prod(1.0 + gains) - 1.0)
    assert permuted.percentiles == pytest.approx((permuted.actual,) * 5)


def test_seeds_and_kinds_of_their_own(result: BacktestResult) -> None:
    whole = {table.name: table for table in monte_carlo(result, scenarios=20, seed=3)}
    alone = monte_carlo(result, scenarios=20, seed=3, kinds=("noisy costs",))
    assert alone == [whole["noisy costs"]]
    assert monte_carlo(result, scenarios=20, seed=4, kinds=("noisy costs",)) != alone
    with pytest.raises(CallerError, match="did you mean"):
        monte_carlo(result, kinds=("noisy cost",))


def test_too_few_trades_leave_a_kind_out(
    make_candles: Callable[..., dict[str, Any]], research: dict[str, Any]
) -> None:
    short = backtest(Cross(), make_candles(40), timeframe="1m", **research)
    assert isinstance(short, BacktestResult)
    assert [table.name for table in monte_carlo(short, scenarios=5)] == ["resampled returns"]
