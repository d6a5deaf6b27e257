"""Stable levels: the density against a direct sum, and planted bands."""

from typing import Any

import numpy as np
import pytest

from undertow.domain.errors import ConfigurationError
from undertow.domain.side import Side
from undertow.flow.heatmap import Heatmap
from undertow.flow.stable_levels import StableRules, row_groups, smoothed, stable_levels


def plain_map(bids: Any, asks: Any = None) -> Heatmap:
    """A heatmap of rows of height 1 from 100 up, a column every 10 s."""
    bids = np.asarray(bids, float)
    asks = np.zeros_like(bids) if asks is None else np.asarray(asks, float)
    count, rows = bids.shape
    low = 100 + np.arange(rows)
    return Heatmap(
        times_ns=np.arange(count) * 10**10,
        seconds=np.full(count, 10.0),
        low_ticks=low,
        prices=low.astype(float),
        row_ticks=1,
        row_height=1.0,
        every_s=10,
        bid_lots=bids,
        ask_lots=asks,
    )


@pytest.mark.parametrize("bandwidth", [0.5, 1.0, 3.0])
def test_the_density_is_a_sum_of_normals_of_that_width(bandwidth: float) -> None:
    rng = np.random.default_rng(1)
    rows, weights = np.arange(30.0), rng.exponential(1.0, 30) * (rng.random(30) < 0.6)
    gaps = (rows[:, None] - rows[None, :]) / bandwidth
    wanted = np.exp(-0.5 * gaps**2) @ weights
    np.testing.assert_allclose(smoothed(weights, bandwidth), wanted / wanted.mean())


@pytest.mark.parametrize("bandwidth", [0.7, 2.0])
def test_the_density_is_that_of_scikit_learn(bandwidth: float) -> None:
    from sklearn.neighbors import KernelDensity

    rng = np.random.default_rng(2)
    rows, weights = np.arange(64.0)[:, None], rng.exponential(1.0, 64) + 0.01
    kernel = KernelDensity(bandwidth=bandwidth).fit(rows, sample_weight=weights)
    wanted = np.exp(kernel.score_samples(rows))
    np.testing.assert_allclose(smoothed(weights, bandwidth), wanted / wanted.mean())


@pytest.mark.parametrize("gap", [1.0, 1.5, 3.0])
@pytest.mark.parametrize("least", [1, 2, 3, 5])
def test_the_groups_are_those_of_dbscan(gap: float, least: int) -> None:
    from sklearn.cluster import DBSCAN

    rng = np.random.default_rng(3)
    for share in rng.uniform(0.05, 0.9, 40):
        rows = np.flatnonzero(rng.random(80) < share)
        rows = rows if len(rows) else np.array([7])
        labels = DBSCAN(eps=gap, min_samples=least).fit_predict(rows[:, None])
        wanted = [rows[labels == label].tolist() for label in range(labels.max() + 1)]
        found = [group.tolist() for group in row_groups(rows, gap, least)]
        assert sorted(found) == wanted


def test_no_rows_are_no_groups() -> None:
    assert row_groups(np.empty(0, np.int64), 1.0, 1) == []


def test_a_band_that_stands_is_one_level() -> None:
    bids = np.full((12, 40), 10.0)
    bids[:, 7:9] = (300.0, 100.0)
    (level,) = stable_levels(plain_map(bids))
    assert level.side is Side.BUY
    assert level.low <= 107.0
    assert level.high >= 109.0
    assert level.price == pytest.approx((107.5 * 300 + 108.5 * 100) / 400, abs=0.6)
    assert level.present == 1.0
    assert 0.4 < level.share < 0.7
    assert level.density > 5.0


def test_sides_are_apart_and_prices_ascend() -> None:
    bids, asks = np.zeros((8, 30)), np.zeros((8, 30))
    bids[:, :14], asks[:, 16:] = 5.0, 5.0
    bids[:, 3], asks[:, 25] = 90.0, 90.0
    low, high = stable_levels(plain_map(bids, asks))
    assert (low.side, high.side) == (Side.BUY, Side.SELL)
    assert low.price < high.price


def test_what_only_flashed_is_left_out() -> None:
    bids = np.full((12, 40), 10.0)
    bids[3:6, 20] = 5000.0
    assert stable_levels(plain_map(bids)) == ()
    (level,) = stable_levels(plain_map(bids), StableRules(least_present=0.2))
    assert level.present == 0.25


def test_too_little_gives_nothing() -> None:
    bids = np.full((5, 40), 10.0)
    bids[:, 20] = 900.0
    assert stable_levels(plain_map(bids)) == ()
    assert stable_levels(plain_map(np.zeros((9, 9)))) == ()


def test_a_single_row_is_a_level() -> None:
    bids = np.zeros((6, 9))
    bids[:, 4] = 7.0
    (level,) = stable_levels(plain_map(bids))
    assert (level.low, level.high, level.share) == (104.0, 105.0, 1.0)


def test_equal_maps_give_equal_levels() -> None:
    bids = np.random.default_rng(5).exponential(10.0, (30, 64))
    assert stable_levels(plain_map(bids)) == stable_levels(plain_map(bids.copy()))


@pytest.mark.parametrize("changed", [{"bandwidth_rows": 0.0}, {"least_rows": 0}])
def test_senseless_rules_are_refused(changed: dict[str, float]) -> None:
    with pytest.raises(ConfigurationError, match="expected"):
        StableRules(**changed)  # type: ignore[arg-type]
