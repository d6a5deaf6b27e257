"""Candles kept and measured, beside plain lists."""

from math import inf

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.cells import candle as cells
from undertow.kernels.compiled import compiled
from undertow.kernels.step import Columns


@compiled
def measured(x: Columns, first: int, out: NDArray[np.float64]) -> None:
    """Thresholds of the candle two bars back, in the rows of `out`."""
    s = np.zeros(cells.CANDLES_SIZE)
    p = np.array([float(first)])
    row = np.empty(4)
    for i in range(len(x[0])):
        for j in range(4):
            row[j] = x[j][i]
        c = cells.take_candle(s, row)
        if s[0] > first:
            out[0, i] = cells.usual_body(s, p, c, 0, 2)
            out[1, i] = cells.sliver(s, p, c, 1, 2)
            out[2, i] = cells.usual_shadow(s, p, c, 2, 2)
            out[3, i] = cells.usual_range(s, p, c, 3, 2)
            out[4, i] = cells.body_of(s, c, 15)
            out[5, i] = cells.color_of(s, c, 3)


def random_candles(seed: int, count: int) -> Columns:
    rng = np.random.default_rng(seed)
    opened: NDArray[np.float64] = np.cumsum(rng.integers(-4, 5, count)).astype(np.float64)
    opened = opened * 0.25 + 50.0
    close = opened + rng.integers(-4, 5, count) * 0.25
    high = np.maximum(opened, close) + rng.integers(0, 4, count) * 0.25
    low = np.minimum(opened, close) - rng.integers(0, 4, count) * 0.25
    return opened, high, low, close


def test_thresholds_are_means_of_the_candles_before() -> None:
    opened, high, low, close = random_candles(1, 300)
    out = np.full((6, 300), np.nan)
    measured((opened, high, low, close), 20, out)
    body, spread = np.abs(close - opened), high - low
    for i in range(20, 300):
        ten, five = slice(i - 12, i - 2), slice(i - 7, i - 2)
        assert out[0, i] == pytest.approx(body[ten].mean(), rel=1e-12)
        assert out[1, i] == pytest.approx(0.1 * spread[ten].mean(), rel=1e-12)
        assert out[2, i] == pytest.approx((spread - body)[ten].mean() / 2.0, rel=1e-12)
        assert out[3, i] == pytest.approx(spread[five].mean(), rel=1e-12)
        assert out[4, i] == body[i - 15]
        assert out[5, i] == (1.0 if close[i - 3] >= opened[i - 3] else -1.0)


def test_shapes_of_one_candle() -> None:
    s = np.zeros(cells.CANDLES_SIZE)
    c = cells.take_candle(s, np.array([10.0, 14.0, 7.0, 12.0]))
    assert cells.open_of(s, c, 0) == 10.0
    assert cells.high_of(s, c, 0) == 14.0
    assert cells.low_of(s, c, 0) == 7.0
    assert cells.close_of(s, c, 0) == 12.0
    assert cells.top_of(s, c, 0) == 12.0
    assert cells.bottom_of(s, c, 0) == 10.0
    assert cells.upper_of(s, c, 0) == 2.0
    assert cells.lower_of(s, c, 0) == 3.0
    assert cells.is_white(s, c, 0)
    assert not cells.is_black(s, c, 0)


@pytest.mark.parametrize(
    ("later", "up", "down", "leap_up", "leap_down"),
    [
        ((20.0, 21.0, 16.0, 18.0), True, False, True, False),
        ((20.0, 21.0, 15.0, 18.0), True, False, False, False),
        ((12.0, 13.0, 11.0, 12.5), False, False, False, False),
        ((9.0, 12.0, 7.0, 8.0), False, True, False, False),
        ((4.0, 5.0, 2.0, 3.0), False, True, False, True),
    ],
)
def test_gaps_are_of_bodies_and_leaps_of_whole_candles(
    later: tuple[float, ...], up: bool, down: bool, leap_up: bool, leap_down: bool
) -> None:
    s = np.zeros(cells.CANDLES_SIZE)
    cells.take_candle(s, np.array([10.0, 15.0, 6.0, 14.0]))
    c = cells.take_candle(s, np.array(later))
    assert cells.gaps_up(s, c, 0, 1) == up
    assert cells.gaps_down(s, c, 0, 1) == down
    assert cells.leaps_up(s, c, 0, 1) == leap_up
    assert cells.leaps_down(s, c, 0, 1) == leap_down


def test_within_takes_both_ends() -> None:
    assert cells.within(3.0, 5.0, 2.0)
    assert cells.within(7.0, 5.0, 2.0)
    assert not cells.within(7.1, 5.0, 2.0)
    assert cells.within(-9.0, 5.0, inf)


def test_a_bad_print_leaves_nothing_behind() -> None:
    opened, high, low, close = random_candles(2, 120)
    spoiled = high.copy()
    spoiled[40], spoiled[60] = 1e17, 1e308
    clean, found = np.full((6, 120), np.nan), np.full((6, 120), np.nan)
    measured((opened, high, low, close), 20, clean)
    measured((opened, spoiled, low, close), 20, found)
    assert found[1, 45] > 1e10
    assert np.array_equal(found[:, 74:], clean[:, 74:])
