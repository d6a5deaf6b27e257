"""Buckets, clusters, and the largest beyond the price."""

from itertools import pairwise

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.domain.side import Side
from undertow.flow.liquidation_map import LiquidationMap, liquidation_map

M = 1e6
NONE = np.zeros(0)


def made(
    longs: dict[float, float], shorts: dict[float, float], width: float = 10.0
) -> LiquidationMap:
    """A map of dollars by price."""
    sides = [
        (np.array(list(side), np.float64), np.array(list(side.values()), np.float64))
        for side in (longs, shorts)
    ]
    return liquidation_map("test", 7, width, sides[0], sides[1])


def test_prices_fall_into_buckets() -> None:
    found = made({95.0: 1.0, 99.9: 2.0, 100.0: 4.0}, {121.0: 8.0})
    assert found.lows.tolist() == [90.0, 100.0, 110.0, 120.0]
    assert found.long_usd.tolist() == [3.0, 4.0, 0.0, 0.0]
    assert found.short_usd.tolist() == [0.0, 0.0, 0.0, 8.0]
    assert found.usd.sum() == 15.0


def test_what_is_no_number_is_left_out() -> None:
    found = made({95.0: np.nan, np.inf: 1.0, 96.0: 2.0, -5.0: 3.0, 97.0: -1.0}, {})
    assert found.long_usd.tolist() == [2.0]


def test_a_map_of_nothing_is_empty() -> None:
    found = made({}, {})
    assert len(found.lows) == 0
    assert found.clusters(0.0) == ()
    assert found.beyond(100.0, Side.BUY) == ()


def test_a_cluster_is_a_run_between_valleys() -> None:
    usd = (1, 6, 9, 5, 2, 3, 8, 7, 0, 4)
    found = made({100.0 + 10 * k: u * M for k, u in enumerate(usd)}, {300.0: 5 * M})
    edges = [(cluster.low, cluster.high, cluster.usd / M) for cluster in found.clusters(0.0)]
    assert edges == [
        (100.0, 140.0, 21.0),
        (140.0, 180.0, 20.0),
        (190.0, 200.0, 4.0),
        (300.0, 310.0, 5.0),
    ]
    assert [cluster.usd / M for cluster in found.clusters()] == [21.0, 20.0, 5.0]
    last = found.clusters()[-1]
    assert (last.long_usd, last.short_usd, last.price) == (0.0, 5 * M, 305.0)


def test_a_price_is_the_mean_by_dollars() -> None:
    (cluster,) = made({100.0: 6 * M, 110.0: 9 * M}, {}).clusters()
    assert cluster.price == pytest.approx((105 * 6 + 115 * 9) / 15)


def test_no_dollar_is_lost_by_cutting() -> None:
    usd = np.random.default_rng(2).exponential(1.0, 500) * M
    found = made({10.0 * k: float(u) for k, u in enumerate(usd, 1)}, {})
    clusters = found.clusters(0.0)
    assert sum(cluster.usd for cluster in clusters) == pytest.approx(usd.sum())
    assert all(a.high == b.low for a, b in pairwise(clusters))
    assert len(clusters) > 50


def test_the_largest_beyond_the_price_come_first() -> None:
    usd = {100: 17.5, 300: 7, 400: 9, 500: 8, 600: 6, 700: 4}
    both = {float(price): value * M for price, value in usd.items()}
    found = made(both, both)
    assert [c.forced_usd(Side.BUY) / M for c in found.beyond(250.0, Side.BUY)] == [9.0, 8.0, 7.0]
    found = made({100.0: 17.5 * M, 400.0: 9 * M}, {k: u * M for k, u in usd.items() if k > 100})
    assert [c.usd / M for c in found.beyond(250.0, Side.BUY)] == [18.0, 8.0, 7.0]
    assert [c.usd / M for c in found.beyond(450.0, Side.BUY)] == [8.0, 6.0]
    assert [c.long_usd / M for c in found.beyond(450.0, Side.SELL, count=2)] == [17.5, 9.0]
    assert found.beyond(505.0, Side.BUY)[0].low == 600.0


def test_longs_above_and_shorts_below_draw_nobody() -> None:
    found = made({300.0: 50 * M, 400.0: 6 * M}, {100.0: 50 * M, 400.0: 7 * M})
    assert [c.short_usd / M for c in found.beyond(250.0, Side.BUY)] == [7.0]
    assert found.beyond(250.0, Side.SELL) == ()


def test_senseless_input_is_refused() -> None:
    with pytest.raises(CallerError, match="width above 0"):
        liquidation_map("x", 0, 0.0, (NONE, NONE), (NONE, NONE))
    with pytest.raises(CallerError, match="dollars for each price"):
        liquidation_map("x", 0, 1.0, (NONE, np.ones(1)), (NONE, NONE))
    with pytest.raises(CallerError, match="use wider ones"):
        made({1.0: 1.0, 1e9: 1.0}, {}, 1e-3)
