"""Impact measures: recovery of planted slopes, variants, and degenerate input."""

from collections.abc import Callable
from math import isnan, log
from typing import Any

import numpy as np
import pytest

from undertow.domain.bar import BAR
from undertow.domain.errors import CallerError
from undertow.flow.price_impact import amihud, hasbrouck_lambda, kyle_lambda, kyle_lambda_of_bars


def test_kyle_by_hand() -> None:
    x, y = [1.0, 2.0, 4.0], [3.0, 5.0, 7.0]
    # Means 7/3 and 5: slope = (4/3 * 2 + 0 + 5/3 * 2) / (16/9 + 1/9 + 25/9) = 6 / (42/9)
    found = kyle_lambda(y, x)
    assert found.slope == pytest.approx(6 / (42 / 9))
    assert found.r2 == pytest.approx(36 / ((42 / 9) * 8))
    assert kyle_lambda(y, x, has_intercept=False).slope == pytest.approx((3 + 10 + 28) / 21)


@pytest.mark.parametrize("measure", [kyle_lambda, hasbrouck_lambda])
def test_a_planted_slope_is_recovered(measure: Callable[..., Any]) -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=5000)
    y = 0.02 * x + 0.5 + rng.normal(scale=0.01, size=5000)
    found = measure(y, x)
    assert found.slope == pytest.approx(0.02, rel=0.03)
    assert found.intervals == 5000
    assert 0.7 < found.r2 < 0.9


def test_regression_of_bars() -> None:
    bars = np.zeros(4, BAR)
    bars["close_ticks"] = [100, 103, 101, 106]
    bars["buy_lots"], bars["sell_lots"] = [9, 7, 1, 12], [0, 4, 3, 7]
    found = kyle_lambda_of_bars(bars)
    assert found.slope == kyle_lambda([3, -2, 5], [3, -2, 5]).slope == 1.0
    assert found.r2 == pytest.approx(1.0)


def test_nothing_that_varies_has_no_slope() -> None:
    for found in (
        kyle_lambda([1.0, 2.0, 3.0], [5.0, 5.0, 5.0]),
        kyle_lambda([1.0, 2.0], [1.0, 2.0]),
        kyle_lambda([1.0], [1.0], has_intercept=False),
        kyle_lambda([1.0, 1.0], [0.0, 0.0], has_intercept=False),
        kyle_lambda_of_bars(np.zeros(0, BAR)),
    ):
        assert isnan(found.slope)
    flat = kyle_lambda([2.0, 2.0, 2.0], [1.0, 2.0, 3.0])
    assert flat.slope == 0.0
    assert isnan(flat.r2)


def test_amihud_variants() -> None:
    closes, values = [100.0, 110.0, 99.0], [1.0, 1000.0, 500.0]
    main = (log(1.1) / 1000 + log(110 / 99) / 500) / 2
    assert amihud(closes, values) == pytest.approx(main)
    assert amihud(closes, values, scale=1e6) == pytest.approx(main * 1e6)
    original = (0.1 / 1000 + 0.1 / 500) / 2
    assert amihud(closes, values, is_simple=True) == pytest.approx(original)


def test_intervals_without_volume_are_skipped() -> None:
    assert amihud([100.0, 110.0, 110.0], [0.0, 1000.0, 0.0]) == pytest.approx(log(1.1) / 1000)
    assert isnan(amihud([100.0, 110.0], [1.0, 0.0]))
    assert isnan(amihud([100.0], [1.0]))


@pytest.mark.parametrize(
    "call",
    [
        lambda: kyle_lambda([1.0, 2.0, 3.0], [1.0, 2.0]),
        lambda: kyle_lambda([1.0, float("nan"), 3.0], [1.0, 2.0, 3.0]),
        lambda: amihud([1.0, 0.0], [1.0, 1.0]),
        lambda: amihud([1.0, 1.0], [1.0, -1.0]),
        lambda: amihud([1.0, 1.0], [1.0]),
        lambda: amihud([[1.0]], [[1.0]]),
    ],
)
def test_wrong_columns_are_refused(call: Any) -> None:
    with pytest.raises(CallerError, match="expected"):
        call()
