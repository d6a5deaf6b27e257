from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from undertow.indicators.price import (
    AveragePrice,
    HeikinAshi,
    MedianPrice,
    TypicalPrice,
    WeightedClose,
)

BAR = (10.0, 14.0, 8.0, 12.0)


def test_one_price_for_a_bar() -> None:
    opened, high, low, close = BAR
    assert AveragePrice().update(opened, high, low, close) == 11.0
    assert MedianPrice().update(high, low) == 11.0
    assert TypicalPrice().update(high, low, close) == 34.0 / 3.0
    assert WeightedClose().update(high, low, close) == 11.5


def test_heikin_ashi_bars_begin_in_the_one_before(
    bars: Callable[[int, int], dict[str, NDArray[np.float64]]],
) -> None:
    columns = bars(61, 50)
    found = HeikinAshi().batch(*(columns[name] for name in HeikinAshi.inputs))
    close = sum(columns[name] for name in HeikinAshi.inputs) / 4.0
    assert np.allclose(found["value"], close, rtol=1e-15)
    assert found["open"][0] == (columns["open"][0] + columns["close"][0]) / 2.0
    assert np.array_equal(found["open"][1:], (found["open"] + found["value"])[:-1] / 2.0)
    bodies = np.maximum(found["open"], found["value"])
    assert np.array_equal(found["high"], np.maximum(bodies, columns["high"]))
    assert np.all(found["low"] <= np.minimum(found["open"], found["value"]))
