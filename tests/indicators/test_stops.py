from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.indicators.compiled_indicator import CompiledIndicator
from undertow.indicators.stops import ChandeKroll, Chandelier, Sar, Sarext, Supertrend
from undertow.indicators.volatility import Atr

Values = NDArray[np.float64]
Bars = Callable[[int, int], dict[str, Values]]


def of(indicator: CompiledIndicator, columns: dict[str, Values]) -> dict[str, Values]:
    """The outputs of an indicator on the columns it takes."""
    return indicator.batch(*(columns[name] for name in indicator.inputs))


def test_a_stop_lies_on_the_side_that_its_trend_says(bars: Bars) -> None:
    columns = bars(51, 250)
    found = of(Sar(), columns)
    told = slice(1, None)
    is_long = found["trend"][told] == 1.0
    assert 0.2 < is_long.mean() < 0.8
    assert np.all(found["value"][told][is_long] <= columns["low"][told][is_long])
    assert np.all(found["value"][told][~is_long] >= columns["high"][told][~is_long])
    signed = of(Sarext(), columns)["value"]
    assert np.array_equal(signed, found["value"] * found["trend"], equal_nan=True)


def test_mirrored_prices_have_a_mirrored_stop(bars: Bars) -> None:
    columns = bars(52, 250)
    up = (np.diff(columns["high"]) > 0.0) & (np.diff(columns["low"]) > 0.0)
    begin = int(np.argmax(up))  # two bars without doubt about the first side
    high, low = columns["high"][begin:], columns["low"][begin:]
    found, mirrored = Sar().batch(high, low), Sar().batch(-low, -high)
    assert np.array_equal(found["value"][1:], -mirrored["value"][1:])
    assert np.array_equal(found["trend"][1:], -mirrored["trend"][1:])


def test_sarext_starts_where_it_is_told() -> None:
    high, low = np.array([10.0, 11.0, 12.0]), np.array([9.0, 10.0, 11.0])
    assert Sarext(8.5).batch(high, low)["value"][1] == 8.5
    assert Sarext(-20.0).batch(high, low)["value"][1] == -20.0


def test_the_supertrend_turns_when_a_close_crosses_its_band() -> None:
    close = np.concatenate([np.arange(100.0, 130.0), np.arange(129.0, 99.0, -1.0)])
    found = Supertrend(5, 2.0).batch(close + 0.5, close - 0.5, close)
    trend, line = found["trend"], found["value"]
    turn = int(np.argmax(trend == -1.0))
    assert np.all(trend[5:turn] == 1.0)
    assert np.all(trend[turn:] == -1.0)
    assert close[turn] < line[turn - 1] <= close[turn - 1]
    assert np.all(np.diff(line[5:turn]) >= 0.0)
    assert np.all(np.diff(line[turn:]) <= 0.0)


def _extremes(x: Values, period: int, pick: Callable[..., Values]) -> Values:
    windows = np.lib.stride_tricks.sliding_window_view(x, period)
    return np.concatenate([np.full(period - 1, np.nan), pick(windows, axis=1)])


def test_a_chandelier_hangs_from_the_extreme(bars: Bars) -> None:
    columns = bars(53, 90)
    found, ranges = of(Chandelier(), columns), of(Atr(22), columns)["value"]
    high = _extremes(columns["high"], 22, np.max)
    low = _extremes(columns["low"], 22, np.min)
    assert np.allclose(found["value"], high - 3.0 * ranges, rtol=1e-13, equal_nan=True)
    assert np.allclose(found["short"], low + 3.0 * ranges, rtol=1e-13, equal_nan=True)


@pytest.mark.parametrize("width", [1.0, 2.5])
def test_chande_and_krolls_stops_are_extremes_of_extremes(width: float, bars: Bars) -> None:
    columns = bars(54, 90)
    found = of(ChandeKroll(10, width, 9), columns)
    span = width * of(Atr(10), columns)["value"]
    high = _extremes(columns["high"], 10, np.max) - span
    low = _extremes(columns["low"], 10, np.min) + span
    assert np.allclose(found["value"][18:], _extremes(low, 9, np.min)[18:], rtol=1e-13)
    assert np.allclose(found["short"][18:], _extremes(high, 9, np.max)[18:], rtol=1e-13)
    assert np.isnan(found["short"][:18]).all()
