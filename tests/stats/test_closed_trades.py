"""Expected: worked by hand on fourteen trades with a break-even one, and a slow loop."""

from math import isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.stats import (
    average_loss,
    average_win,
    expectancy,
    expectancy_ratio,
    payoff_ratio,
    profit_factor,
    profit_factor_band,
    trade_results,
    win_rate,
)

RESULTS = [30.0, -10.0, 0.0, 20.0, -20.0, 10.0, -10.0, 40.0]
lists = st.lists(st.integers(-50, 50), max_size=40)


def test_by_hand() -> None:
    # Wins 30 20 10 40 (100), losses 10 20 10 (40), one break-even.
    found = trade_results(RESULTS)
    assert (found.trades, found.wins, found.losses, found.breakeven) == (8, 4, 3, 1)
    assert (found.win_rate, found.loss_rate) == (0.5, 0.375)
    assert found.average_win == 25.0
    assert found.average_loss == pytest.approx(40 / 3)
    assert (found.gross_profit, found.gross_loss) == (100.0, 40.0)
    assert found.profit_factor == 2.5
    assert found.payoff_ratio == pytest.approx(1.875)
    assert found.expectancy == 7.5
    assert found.expectancy_ratio == pytest.approx(2.875 * 0.5 - 1.0)
    assert (found.best, found.worst) == (40.0, -20.0)


def test_with_break_even_trades_the_two_expectancies_differ() -> None:
    found = trade_results(RESULTS)
    assert found.expectancy_ratio == pytest.approx(0.4375)
    assert found.expectancy / found.average_loss == pytest.approx(0.5625)
    without = trade_results([x for x in RESULTS if x])
    assert without.expectancy_ratio == pytest.approx(without.expectancy / without.average_loss)


def test_no_losses_no_wins_no_trades() -> None:
    assert isnan(profit_factor([1.0, 2.0]))
    assert profit_factor([-1.0, 0.0]) == 0.0
    assert isnan(payoff_ratio([-1.0]))
    assert isnan(average_win([-1.0]))
    assert isnan(average_loss([1.0]))
    assert isnan(expectancy_ratio([1.0]))
    empty = trade_results([])
    assert empty.trades == 0
    assert np.isnan([empty.win_rate, empty.expectancy, empty.profit_factor, empty.best]).all()


def test_bands() -> None:
    values = [0.0, 0.99, 1.0, 1.49, 1.5, 2.0, 2.01, float("nan")]
    expected = ["losing"] * 2 + ["marginal"] * 2 + ["good"] * 2 + ["excellent", "undefined"]
    assert [profit_factor_band(value) for value in values] == expected


def test_columns() -> None:
    table = np.random.default_rng(1).integers(-5, 6, (30, 4)).astype(float)
    for one in (win_rate, average_win, average_loss, payoff_ratio, profit_factor, expectancy):
        assert one(table).tolist() == pytest.approx([one(table[:, k]) for k in range(4)])
    expected = [expectancy_ratio(table[:, k]) for k in range(4)]
    assert expectancy_ratio(table).tolist() == pytest.approx(expected)


@given(lists)
def test_the_parts_make_the_whole(results: list[int]) -> None:
    found = trade_results(results)
    gains = sum(x for x in results if x > 0)
    losses = -sum(x for x in results if x < 0)
    assert (found.gross_profit, found.gross_loss) == (gains, losses)
    assert found.wins + found.losses + found.breakeven == len(results)
    if losses:
        assert found.profit_factor == pytest.approx(gains / losses)
    if found.wins and found.losses:
        parts = found.win_rate * found.average_win - found.loss_rate * found.average_loss
        assert found.expectancy == pytest.approx(parts, abs=1e-9)
