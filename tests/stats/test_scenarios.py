"""Expected: what each kind leaves unchanged, exactly; small cases counted by hand."""

from itertools import permutations
from math import isnan, sqrt

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.stats import (
    Scenarios,
    calmar,
    compounded_equity,
    max_drawdown,
    noisy_costs,
    permuted_trades,
    resampled_returns,
    resampled_trades,
    ruin_probability,
    share_below_zero,
    sharpe,
    skipped_trades,
    summarised,
)

TRADES = np.random.default_rng(1).normal(0.004, 0.02, 120)


def generator(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_the_run_itself_is_measured_as_everywhere() -> None:
    curve = compounded_equity(TRADES)
    found = permuted_trades(TRADES, generator(), trades_per_year=60, scenarios=5)
    expected = (curve[-1] - 1.0, max_drawdown(curve), sharpe(TRADES, 60), calmar(curve, 60))
    assert found.actual == pytest.approx(expected, rel=1e-12)


def test_order_changes_the_path_and_nothing_else() -> None:
    for is_compounded in (True, False):
        found = permuted_trades(
            TRADES, generator(), trades_per_year=60, is_compounded=is_compounded
        )
        assert found.total_return == pytest.approx(found.actual[0], rel=1e-9)
        assert found.sharpe == pytest.approx(found.actual[2], rel=1e-9)
        assert found.max_drawdown.std() > 0.01
        assert len(found.calmar) == 1000


def test_every_order_is_equally_likely() -> None:
    trades = [0.5, -0.5, 0.1]
    depths = [max_drawdown(compounded_equity(order)) for order in permutations(trades)]
    found = permuted_trades(trades, generator(), trades_per_year=3, scenarios=20_000)
    values, counts = np.unique(np.round(found.max_drawdown, 9), return_counts=True)
    expected, weights = np.unique(np.round(depths, 9), return_counts=True)
    assert values == pytest.approx(expected)
    assert counts / 20_000 == pytest.approx(weights / 6, abs=0.015)


def test_sums_instead_of_products() -> None:
    found = permuted_trades(
        [0.5, -0.5, 0.25], generator(), trades_per_year=3, scenarios=9, is_compounded=False
    )
    assert found.total_return == pytest.approx([0.25] * 9)
    assert found.actual[1] == pytest.approx(1.0 / 1.5 - 1.0)


def test_drawing_again_moves_everything_around_the_run() -> None:
    found = resampled_returns(TRADES, generator(), periods_per_year=60, block=1.0, scenarios=4000)
    growth = np.log1p(found.total_return)
    assert growth.mean() == pytest.approx(np.log1p(found.actual[0]), abs=0.02)
    assert growth.std() == pytest.approx(np.log1p(TRADES).std() * sqrt(120), rel=0.05)
    assert found.sharpe.std() > 0.3
    again = resampled_trades(TRADES, generator(), trades_per_year=60)
    assert again.total_return.std() == pytest.approx(found.total_return.std(), rel=0.15)


def test_blocks_keep_runs_of_losses_together() -> None:
    waves = np.repeat([0.02, -0.018], 10)
    series = np.tile(waves, 12)
    blocks = resampled_returns(series, generator(), periods_per_year=365, block=10.0)
    single = resampled_returns(series, generator(), periods_per_year=365, scheme="independent")
    assert np.median(blocks.max_drawdown) < 1.15 * np.median(single.max_drawdown)


def test_a_share_of_the_trades_is_missed() -> None:
    found = skipped_trades(TRADES, generator(), trades_per_year=60, share=0.25, scenarios=4000)
    expected = 0.75 * np.log1p(TRADES).sum()
    assert np.log1p(found.total_return).mean() == pytest.approx(expected, abs=0.01)
    # Three quarters of the trades a year: the ratio falls by their root.
    assert found.sharpe.mean() == pytest.approx(found.actual[2] * sqrt(0.75), rel=0.03)
    none = skipped_trades(TRADES, generator(), trades_per_year=60, share=0.0, scenarios=3)
    assert none.sharpe == pytest.approx([none.actual[2]] * 3, rel=1e-12)
    assert none.total_return == pytest.approx([none.actual[0]] * 3, rel=1e-12)


def test_dearer_fills_lower_the_result_by_what_they_cost() -> None:
    costs = np.full(120, 0.001)
    found = noisy_costs(
        TRADES, costs, generator(), trades_per_year=60, mean_factor=2.0, is_compounded=False
    )
    assert found.total_return.mean() == pytest.approx(found.actual[0] - 0.12, abs=0.002)
    same = noisy_costs(TRADES, costs, generator(), trades_per_year=60, deviation=0.0, scenarios=2)
    assert same.total_return == pytest.approx([same.actual[0]] * 2, rel=1e-12)


def test_the_summary_by_hand() -> None:
    values = np.arange(1.0, 22.0)
    holed = np.where(values > 20.0, np.nan, values)
    found = Scenarios("x", "y", values, -values / 100, holed, holed, (1.0, 2.0, 3.0, 4.0))
    spread = summarised(found)["total_return"]
    assert spread.percentiles == pytest.approx((2.0, 6.0, 11.0, 16.0, 20.0))
    assert (spread.actual, spread.mean, spread.undefined) == (1.0, 11.0, 0)
    assert spread.deviation == pytest.approx(np.std(values, ddof=1))
    assert summarised(found)["sharpe"].undefined == 1
    assert summarised(found)["sharpe"].mean == pytest.approx(10.5)
    assert share_below_zero(found) == 0.0
    assert ruin_probability(found, depth=0.2) == pytest.approx(2 / 21)


def test_undefined_is_nan_and_counted() -> None:
    found = permuted_trades([0.01, 0.01], generator(), trades_per_year=10, scenarios=4)
    summary = summarised(found)
    assert isnan(summary["sharpe"].mean)
    assert summary["sharpe"].undefined == summary["calmar"].undefined == 4
    rare = skipped_trades([0.1, -0.1], generator(), trades_per_year=1, share=0.9, scenarios=50)
    assert np.isnan(rare.sharpe).sum() > 40


def test_the_same_seed_gives_the_same_scenarios_and_batches_do_not_show() -> None:
    one, two = (
        resampled_returns(np.tile(TRADES, 50), generator(4), periods_per_year=365, scenarios=700)
        for _ in range(2)
    )
    assert (one.total_return == two.total_return).all()
    assert len(one.sharpe) == 700


def test_bad_input_is_refused() -> None:
    with pytest.raises(CallerError, match="at least 2 returns"):
        permuted_trades([0.1], generator(), trades_per_year=1)
    with pytest.raises(CallerError, match="scenarios above 0"):
        permuted_trades(TRADES, generator(), trades_per_year=0)
    with pytest.raises(CallerError, match="share of 0 to below 1"):
        skipped_trades(TRADES, generator(), trades_per_year=1, share=1.0)
    with pytest.raises(CallerError, match="expected 120 trade_costs"):
        noisy_costs(TRADES, [0.1], generator(), trades_per_year=1)
    with pytest.raises(CallerError, match="a factor and a deviation"):
        noisy_costs(TRADES, TRADES, generator(), trades_per_year=1, deviation=-1.0)
    with pytest.raises(CallerError, match="depth above 0"):
        ruin_probability(permuted_trades(TRADES, generator(), trades_per_year=1), depth=0.0)
