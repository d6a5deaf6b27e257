"""Whales: thresholds, the sample of sizes, scores, and what is kept."""

from collections.abc import Callable
from math import isnan, log
from typing import Any

import numpy as np
import pytest

from undertow.flow.flow_arrays import FlowArrays
from undertow.kernels.flow.layout import LEAST_SIZES, NEVER_HIGH, TRADE_SIZES, WHALES
from undertow.kernels.flow.whale_ring import (
    DAY_MINUTES,
    add_day_minute,
    keep_size,
    keep_whale,
    median_of,
    set_whale,
    size_rank,
    size_score,
)
from undertow.stats.robust import modified_z_score

Make = Callable[..., Any]


@pytest.fixture
def arrays(make_arrays: Callable[..., FlowArrays]) -> FlowArrays:
    made = make_arrays(whale_usd=1000, whale_day_ppm=10_000, whale_least_minutes=2)
    made.instruments["has_begun"] = 1
    made.instruments["close_ticks"] = 50
    return made


def test_money_at_the_last_price(arrays: FlowArrays) -> None:
    # A tick and a lot of 0.1: 1000 dollars are 100 000 ticks * lots, or 10 000 inverse lots.
    for index, above in ((0, 2000), (1, 10_000)):
        one = arrays.instruments[index]
        set_whale(one, arrays.run[0])
        assert one["whale_above_lots"] == above


def test_a_share_of_the_day_when_that_is_less(arrays: FlowArrays) -> None:
    one = arrays.instruments[0]
    for lots in (4.0, 10.0):
        add_day_minute(one, lots)
    one["bars_1m"] = 1
    set_whale(one, arrays.run[0])
    assert one["whale_above_lots"] == 2000  # too few minutes yet
    one["bars_1m"] = 2
    set_whale(one, arrays.run[0])
    keep = 1.0 - 1.0 / DAY_MINUTES
    mean = (4.0 * keep + 10.0) / (keep + 1.0)
    assert one["whale_above_lots"] == int(mean * 1440 * 0.01)


def test_nothing_is_known_before_a_price_or_without_dollars(arrays: FlowArrays) -> None:
    one = arrays.instruments[0]
    one["has_begun"] = 0
    one["whale_above_lots"] = NEVER_HIGH
    set_whale(one, arrays.run[0])
    assert one["whale_above_lots"] == NEVER_HIGH
    one["has_begun"], one["whale_worth"] = 1, np.inf
    set_whale(one, arrays.run[0])
    assert one["whale_above_lots"] == NEVER_HIGH


def test_one_size_a_second_is_sampled(arrays: FlowArrays) -> None:
    one = arrays.instruments[0]
    for lots in range(1, TRADE_SIZES + 4):
        one["sample_lots"] = lots
        keep_size(arrays.run[0], 0, one)
        keep_size(arrays.run[0], 0, one)  # nothing new
    assert one["sizes_seen"] == TRADE_SIZES + 3
    assert arrays.trade_sizes[0, :4].tolist() == [129, 130, 131, 4]


@pytest.mark.parametrize("count", [1, 2, 5, 8, 127])
def test_medians(count: int) -> None:
    values = np.random.default_rng(count).random(count)
    assert median_of(values.copy(), count) == np.median(values)


@pytest.mark.parametrize("seen", [LEAST_SIZES, 50, 500])
def test_scores_are_modified_z_scores_of_logarithms(seen: int) -> None:
    sizes = np.random.default_rng(seen).integers(1, 900, TRADE_SIZES)
    held = np.log(sizes[: min(seen, TRADE_SIZES)])
    expected = modified_z_score(log(5000), held)
    assert size_score(sizes, seen, 5000) == pytest.approx(expected, rel=1e-12)


def test_scores_without_spread_or_enough_sizes() -> None:
    sizes = np.full(TRADE_SIZES, 7)
    assert isnan(size_score(sizes, TRADE_SIZES, 700))
    assert isnan(size_score(sizes, LEAST_SIZES - 1, 700))
    sizes[3] = 70  # the MAD is 0, the mean deviation is not
    expected = modified_z_score(log(700), np.log(sizes))
    assert size_score(sizes, TRADE_SIZES, 700) == pytest.approx(expected, rel=1e-12)


def test_ranks_are_shares_of_smaller_sizes() -> None:
    sizes = np.arange(1, TRADE_SIZES + 1)
    assert [size_rank(sizes, 50, lots) for lots in (1, 26, 51, 900)] == [0.0, 0.5, 1.0, 1.0]
    assert size_rank(sizes, 9999, 128) == 127 / 128
    assert isnan(size_rank(sizes, LEAST_SIZES - 1, 900))


def test_the_ring_keeps_the_last_hundred(arrays: FlowArrays, make_rows: Make) -> None:
    one = arrays.instruments[0]
    one["whale_above_lots"] = 10
    for lots in range(5, 130):
        row = make_rows({"price_ticks": 50, "qty_lots": lots, "side": -1})[0]
        keep_whale(arrays.run[0], 0, row, 1000 + lots)
    assert one["whales"] == 119
    newest = arrays.whales[0, 118 % WHALES]
    assert newest[["event_ns", "side", "ticks", "lots"]].item() == (1129, -1, 50, 129)
    assert isnan(newest["score"])
    assert isnan(newest["rank"])
    assert sorted(arrays.whales[0]["lots"].tolist()) == list(range(30, 130))
