from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.indicators.swing_trend import swing_trend

Bars = Callable[[int, int], dict[str, NDArray[np.float64]]]


def _tops(x: list[float], strength: int, known: int) -> list[float]:
    # Swing highs known at bar `known`, the slow way.
    found = []
    for i in range(strength, known - strength + 1):
        before, after = x[i - strength : i], x[i + 1 : i + strength + 1]
        if max(before) < x[i] and max(after) <= x[i]:
            found.append(x[i])
    return found[-2:]


@pytest.mark.parametrize("strength", [1, 2, 3])
def test_it_equals_its_definition(strength: int, bars: Bars) -> None:
    b = bars(101, 200)
    found = swing_trend(b["high"], b["low"], strength)
    for i in range(2 * strength, 200):
        highs = _tops(b["high"].tolist(), strength, i)
        lows = [-x for x in _tops((-b["low"]).tolist(), strength, i)]
        expected = 0
        if len(highs) == len(lows) == 2:
            up = highs[1] > highs[0] and lows[1] > lows[0]
            expected = up - (highs[1] < highs[0] and lows[1] < lows[0])
        assert found[i] == expected
    assert set(found[2 * strength :]) == {-1.0, 0.0, 1.0}


def test_it_is_mirrored_with_the_price(bars: Bars) -> None:
    b = bars(102, 200)
    found = swing_trend(b["high"], b["low"])
    assert np.array_equal(swing_trend(-b["low"], -b["high"]), -found, equal_nan=True)


def test_degenerate_inputs() -> None:
    flat = np.full(8, 1.0)
    assert swing_trend(flat, flat)[4:].tolist() == [0.0] * 4
    assert np.all(np.isnan(swing_trend(flat[:2], flat[:2])))
