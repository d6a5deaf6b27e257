from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.indicators.trend_structure import trend_structure

Bars = Callable[[int, int], dict[str, NDArray[np.float64]]]


@pytest.mark.parametrize("count", [2, 3, 5])
def test_it_equals_its_definition(count: int, bars: Bars) -> None:
    b = bars(91, 300)
    found = trend_structure(b["high"], b["low"], count)
    for i in range(count - 1, 300):
        high, low = (np.diff(b[key][i - count + 1 : i + 1]) for key in ("high", "low"))
        up, down = np.all(high > 0) and np.all(low > 0), np.all(high < 0) and np.all(low < 0)
        assert found[i] == float(up) - float(down)
    assert set(found[count - 1 :]) == {-1.0, 0.0, 1.0}


def test_it_is_mirrored_with_the_price(bars: Bars) -> None:
    b = bars(92, 200)
    found = trend_structure(b["high"], b["low"])
    assert np.array_equal(trend_structure(-b["low"], -b["high"]), -found, equal_nan=True)


def test_equal_bars_are_no_trend() -> None:
    flat = np.full(5, 1.0)
    assert trend_structure(flat, flat)[2:].tolist() == [0.0] * 3
    rising = np.arange(5.0)
    assert trend_structure(rising, flat)[2:].tolist() == [0.0] * 3
