"""Expected: the definition with plain loops, extreme tables, and seeded noise over many seeds."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import linregress, rankdata

from undertow.domain.errors import CallerError
from undertow.stats.backtest_overfitting import (
    _dominance,
    probability_of_backtest_overfitting,
)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    rows=st.integers(16, 50),
    columns=st.integers(2, 9),
    blocks=st.sampled_from([2, 4, 6]),
)
def test_it_is_its_definition(seed: int, rows: int, columns: int, blocks: int) -> None:
    table = np.random.default_rng(seed).standard_normal((rows, columns))
    found = probability_of_backtest_overfitting(table, blocks=blocks)
    chosen, logits, inside, outside = _slow(table, blocks)
    assert found.chosen.tolist() == chosen
    assert found.logits == pytest.approx(logits)
    assert found.in_sample == pytest.approx(inside)
    assert found.out_of_sample == pytest.approx(outside)
    assert found.probability == np.mean(np.array(logits) <= 1e-12)
    assert found.probability_of_loss == np.mean(np.array(outside) < 0.0)
    line = linregress(inside, outside)
    assert found.slope == pytest.approx(line.slope)
    assert found.intercept == pytest.approx(line.intercept)
    assert found.r_squared == pytest.approx(line.rvalue**2)


def test_a_truly_better_column_is_always_chosen() -> None:
    table = _noise(41, 400, 10)
    table[:, 3] += 1.0
    found = probability_of_backtest_overfitting(table, blocks=8)
    assert found.probability == 0.0
    assert set(found.chosen.tolist()) == {3}
    assert found.probability_of_loss == 0.0
    assert found.first_order
    assert found.second_order


def test_columns_that_win_in_one_block_each_are_fully_overfit() -> None:
    rows = 10
    table = np.tile(np.where(np.arange(rows) % 2, -0.012, 0.01)[:, None], (8, 8))
    for block in range(8):
        table[block * rows : (block + 1) * rows, block] += 0.05
    found = probability_of_backtest_overfitting(table, blocks=8)
    assert found.probability == 1.0
    assert found.probability_of_loss == 1.0
    assert not found.first_order


def test_noise_is_half_on_average_with_a_wide_spread() -> None:
    found = [
        probability_of_backtest_overfitting(_noise(seed, 240, 20), blocks=8).probability
        for seed in range(200)
    ]
    assert np.mean(found) == pytest.approx(0.5, abs=0.05)
    assert np.std(found) == pytest.approx(0.20, abs=0.03)


def test_a_median_rank_counts_as_overfit() -> None:
    table = _noise(42, 40, 3)
    found = probability_of_backtest_overfitting(table, blocks=4)
    medians = found.logits == 0.0
    assert medians.any()
    assert found.probability == np.mean((found.logits < 0.0) | medians)


def test_copies_are_ties_and_levered_copies_too() -> None:
    column = _noise(43, 120, 1)
    for scales in ([1.0] * 5, [1.0, 3.0, 0.1, 7.0, 0.3]):
        found = probability_of_backtest_overfitting(column * np.array(scales), blocks=6)
        assert found.logits == pytest.approx(np.zeros(20))
        assert found.probability == 1.0
        assert (found.chosen == 0).all()


def test_the_first_rows_are_dropped() -> None:
    table = _noise(44, 67, 4)
    whole = probability_of_backtest_overfitting(table, blocks=8)
    tail = probability_of_backtest_overfitting(table[3:], blocks=8)
    assert whole.logits.tolist() == tail.logits.tolist()


def test_a_column_that_does_not_trade_scores_zero() -> None:
    table = _noise(45, 80, 3) - 5.0
    found = probability_of_backtest_overfitting(np.hstack([table, np.zeros((80, 1))]), blocks=4)
    assert (found.chosen == 3).all()
    assert (found.out_of_sample == 0.0).all()
    assert np.isnan(found.slope)


def test_another_metric() -> None:
    table = _noise(46, 48, 5)

    def ratio(rows: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(rows.mean(axis=0) / rows.std(axis=0, ddof=1))

    own = probability_of_backtest_overfitting(table, blocks=4, metric=ratio)
    built_in = probability_of_backtest_overfitting(table, blocks=4)
    assert own.logits == pytest.approx(built_in.logits)
    with pytest.raises(CallerError, match="metric with 5 finite values"):
        probability_of_backtest_overfitting(table, blocks=4, metric=lambda rows: rows[0] * np.nan)


def test_dominance_by_hand() -> None:
    low, high = np.array([1.0, 2.0, 4.0]), np.array([1.0, 3.0, 4.0])
    assert _dominance(high, low) == (True, True)
    assert _dominance(low, high) == (False, False)
    assert _dominance(low, low) == (False, False)
    narrow, wide = np.array([2.0, 2.0, 2.0]), np.array([1.0, 2.0, 3.0])
    assert _dominance(narrow, wide) == (False, True)  # less risk at the same mean
    assert _dominance(wide, narrow) == (False, False)


def test_wrong_input_is_refused() -> None:
    table = _noise(48, 40, 3)
    for blocks in (0, 3, 22):
        with pytest.raises(CallerError, match="even number of 2 to 20 blocks"):
            probability_of_backtest_overfitting(table, blocks=blocks)
    with pytest.raises(CallerError, match="at least 2 rows a block, 32, found 20"):
        probability_of_backtest_overfitting(table[:20], blocks=16)
    with pytest.raises(CallerError, match="2 columns"):
        probability_of_backtest_overfitting(table[:, :1])


def _noise(seed: int, rows: int, columns: int) -> NDArray[np.float64]:
    return np.random.default_rng(seed).standard_normal((rows, columns))


def _slow(
    table: NDArray[np.float64], blocks: int
) -> tuple[list[int], list[float], list[float], list[float]]:
    rows = len(table) // blocks
    parts = np.split(table[len(table) - rows * blocks :], blocks)
    chosen, logits, inside, outside = [], [], [], []
    for half in combinations(range(blocks), blocks // 2):
        one = np.concatenate([parts[block] for block in half])
        two = np.concatenate([parts[block] for block in range(blocks) if block not in half])
        metric, other = (side.mean(axis=0) / side.std(axis=0, ddof=1) for side in (one, two))
        best = int(np.argmax(metric))
        omega = rankdata(other)[best] / (table.shape[1] + 1)
        chosen.append(best)
        logits.append(float(np.log(omega / (1.0 - omega))))
        inside.append(float(metric[best]))
        outside.append(float(other[best]))
    return chosen, logits, inside, outside
