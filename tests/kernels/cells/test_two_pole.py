"""Two-pole filters on waves of known periods, and beside their recursions."""

from math import cos, exp, pi, sqrt

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.cells.two_pole import (
    HIGH_PASS_SIZE,
    SUPER_SMOOTHER_SIZE,
    high_pass,
    pass_share,
    smoother_shares,
    super_smoother,
)

Column = NDArray[np.float64]


def smoothed(x: Column, period: float) -> Column:
    memory = np.zeros(SUPER_SMOOTHER_SIZE)
    b, c = smoother_shares(period)
    return np.array([super_smoother(memory, 0, value, b, c) for value in x])


def passed(x: Column, period: float) -> Column:
    memory = np.zeros(HIGH_PASS_SIZE)
    return np.array([high_pass(memory, 0, value, pass_share(period, 2)) for value in x])


def wave(period: float, count: int = 600) -> Column:
    found: Column = np.sin(2.0 * np.pi * np.arange(count) / period)
    return found


def test_the_smoother_is_its_recursion() -> None:
    x = np.random.default_rng(1).standard_normal(80) + 50.0
    a = exp(-sqrt(2.0) * pi / 10.0)
    b, c = 2.0 * a * cos(sqrt(2.0) * pi / 10.0), -a * a
    expected = [x[0]]
    for i in range(1, 80):
        before = expected[i - 2] if i > 1 else x[0]
        expected.append((1.0 - b - c) * (x[i] + x[i - 1]) / 2.0 + b * expected[i - 1] + c * before)
    assert np.allclose(smoothed(x, 10.0), expected, rtol=1e-13)


def test_the_smoother_keeps_slow_waves_and_drops_fast_ones() -> None:
    assert np.abs(smoothed(wave(100.0), 10.0)[300:]).max() > 0.99
    assert np.abs(smoothed(wave(10.0), 10.0)[300:]).max() == pytest.approx(sqrt(0.5), abs=0.05)
    assert np.abs(smoothed(wave(3.0), 10.0)[300:]).max() < 0.1
    assert smoothed(np.full(50, 0.1), 10.0).tolist() == [0.1] * 50


def test_the_high_pass_keeps_fast_waves_and_drops_slow_ones() -> None:
    assert np.abs(passed(wave(10.0), 48.0)[300:]).max() > 0.97
    assert np.abs(passed(wave(48.0), 48.0)[300:]).max() == pytest.approx(sqrt(0.5), abs=0.05)
    assert np.abs(passed(wave(400.0), 48.0)[300:]).max() < 0.05
    assert passed(np.full(50, 0.1), 48.0).tolist() == [0.0] * 50


def test_a_share_for_one_pole_is_larger_angle() -> None:
    assert pass_share(60.0, 1) > pass_share(60.0, 2) > 0.0
