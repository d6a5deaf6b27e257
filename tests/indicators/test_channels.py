from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.domain.errors import ConfigurationError
from undertow.indicators.averages import Ema, Midprice, Sma
from undertow.indicators.channels import (
    INDICATORS,
    AtrBands,
    Bandwidth,
    Bollinger,
    Envelope,
    Ichimoku,
    Keltner,
    PercentB,
    StandardErrorBands,
    Starc,
    Vwap,
)
from undertow.indicators.compiled_indicator import CompiledIndicator
from undertow.indicators.volatility import Atr

Values = NDArray[np.float64]
Bars = Callable[[int, int], dict[str, Values]]


def test_bollinger_bands_are_population_deviations_around_the_mean(bars: Bars) -> None:
    close = bars(31, 100)["close"]
    windows = np.lib.stride_tricks.sliding_window_view(close, 10)
    found = Bollinger(10, 2.5, 1.5).batch(close)
    mean, deviation = windows.mean(axis=1), windows.std(axis=1)
    assert np.allclose(found["value"][9:], mean, rtol=1e-13)
    assert np.allclose(found["upper"][9:], mean + 2.5 * deviation, rtol=1e-12)
    assert np.allclose(found["lower"][9:], mean - 1.5 * deviation, rtol=1e-12)


def test_a_constant_price_has_bands_of_no_width() -> None:
    found = Bollinger(4).batch(np.full(9, 3.3))
    for name in Bollinger.outputs:
        assert found[name][3:].tolist() == [3.3] * 6


def test_negative_widths_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="found -1"):
        Bollinger(20, -1.0)


def _jumpy(count: int) -> Values:
    # Levels far apart, flat stretches and an outlier: blocks that plain sums cannot do.
    rng = np.random.default_rng(33)
    level = np.repeat(rng.choice([1.0, 100.0, 1e7], count // 25 + 1), 25)[:count]
    x = level + np.where(rng.random(count) < 0.5, rng.standard_normal(count), 0.0)
    x[40:90] = 5.0
    x[count // 2] = 1e12
    return x


@pytest.mark.parametrize("period", [1, 2, 3, 20])
def test_whole_blocks_give_the_bits_of_single_updates(period: int) -> None:
    x = _jumpy(500)
    one, found = Bollinger(period), Bollinger(period).batch(x)
    for i, value in enumerate(x.tolist()):
        one.update(value)
        for name in one.outputs:
            assert found[name][i] == one.value(name) or i < period - 1
    windows = np.lib.stride_tricks.sliding_window_view(x, period)
    middle, top = windows.mean(axis=1), windows.mean(axis=1) + 2.0 * windows.std(axis=1)
    assert np.allclose(found["value"][period - 1 :], middle, rtol=1e-14)
    assert np.allclose(found["upper"][period - 1 :], top, rtol=1e-12)


@pytest.mark.parametrize("place", [3, 77, 249])
@pytest.mark.parametrize("hole", [np.nan, np.inf])
def test_holes_are_found_wherever_they_are(place: int, hole: float, bars: Bars) -> None:
    close = bars(34, 250)["close"]
    dense = Bollinger(20).batch(np.delete(close, place))["upper"]
    close[place] = hole
    found = Bollinger(20).batch(close)["upper"]
    assert np.isnan(found[place])
    assert np.array_equal(np.delete(found, place), dense, equal_nan=True)


def of(indicator: CompiledIndicator, columns: dict[str, Values]) -> dict[str, Values]:
    """The outputs of an indicator on the columns it takes."""
    return indicator.batch(*(columns[name] for name in indicator.inputs))


@pytest.mark.parametrize("kind", [one for one in INDICATORS if "upper" in one.outputs])
def test_the_value_lies_between_the_bounds(kind: type[CompiledIndicator], bars: Bars) -> None:
    made = kind()
    found = of(made, bars(35, 200))
    told = slice(made.warmup, None)
    for name in ("upper", "lower"):
        assert np.all(np.isnan(found[name][: made.warmup]))
    assert np.all(found["lower"][told] <= found["value"][told])
    assert np.all(found["value"][told] <= found["upper"][told])


def test_place_and_width_between_the_bollinger_bands(bars: Bars) -> None:
    columns = bars(36, 80)
    found, close = of(Bollinger(), columns), columns["close"]
    width = found["upper"] - found["lower"]
    place = (close - found["lower"]) / width
    assert np.allclose(of(PercentB(), columns)["value"], place, rtol=1e-11, equal_nan=True)
    assert np.allclose(
        of(Bandwidth(), columns)["value"], width / found["value"], rtol=1e-11, equal_nan=True
    )
    assert np.isnan(PercentB(2).batch(np.ones(3))["value"]).all()
    assert np.isnan(Bandwidth(2).batch(np.zeros(3))["value"]).all()


def test_bounds_at_a_percentage_and_at_true_ranges(bars: Bars) -> None:
    columns = bars(37, 90)
    mean, close = of(Sma(6), columns)["value"], columns["close"]
    assert np.allclose(of(Envelope(6, 1.0), columns)["upper"], mean * 1.01, equal_nan=True)
    ranges = of(Atr(15), columns)["value"]
    starc = of(Starc(), columns)
    assert np.allclose(starc["lower"], mean - 2.0 * ranges, rtol=1e-13, equal_nan=True)
    near = of(AtrBands(15, 1.5), columns)
    assert np.allclose(near["upper"], close + 1.5 * ranges, rtol=1e-13, equal_nan=True)
    middle = Ema(11).batch(columns["hlc3"])["value"]  # of eleven bars: neither has to wait
    keltner = of(Keltner(11, 10, 1.0), columns)
    expected = middle + of(Atr(10), columns)["value"]
    assert np.allclose(keltner["upper"], expected, rtol=1e-13, equal_nan=True)


def test_standard_errors_around_the_line(bars: Bars) -> None:
    close = bars(38, 80)["close"]
    ends, errors = [], []
    for i in range(20, 80):
        window = close[i - 20 : i + 1]
        line = np.polynomial.Polynomial.fit(np.arange(21), window, 1)
        residues = window - line(np.arange(21))
        ends.append(line(20))
        errors.append(np.sqrt(np.sum(residues**2) / 19))
    found = StandardErrorBands().batch(close)
    mean_end, mean_error = (np.convolve(x, np.ones(3) / 3, "valid") for x in (ends, errors))
    assert np.allclose(found["value"][22:], mean_end, rtol=1e-12)
    assert np.allclose(found["upper"][22:], mean_end + 2.0 * mean_error, rtol=1e-11)


def test_ichimoku_spans_belong_to_the_bar_they_are_known_at(bars: Bars) -> None:
    columns = bars(39, 150)
    found = of(Ichimoku(), columns)
    middles = [of(Midprice(period), columns)["value"] for period in (9, 26, 52)]
    fast = (middles[0] + middles[1]) / 2.0
    expected = (middles[0], middles[1], fast, middles[2])
    for name, column in zip(Ichimoku.outputs, expected, strict=False):
        assert np.array_equal(found[name][77:], column[77:])
    assert np.array_equal(found["cloud_a"][77:], fast[51:-26])
    assert np.array_equal(found["cloud_b"][77:], middles[2][51:-26])


def _vwap_twin(b: dict[str, Values], first: int, last: int) -> tuple[float, float]:
    typical, volume = b["hlc3"][first:last], b["volume"][first:last]
    mean = float(np.sum(typical * volume) / np.sum(volume))
    return mean, float(np.sqrt(np.sum(volume * (typical - mean) ** 2) / np.sum(volume)))


@pytest.mark.parametrize("period", [0, 7])
def test_vwap_is_its_definition(period: int, bars: Bars) -> None:
    b = bars(81, 60)
    found = of(Vwap(period, 1.5), b)
    for i in range(max(period - 1, 1), 60):
        mean, sigma = _vwap_twin(b, i + 1 - period if period else 0, i + 1)
        assert np.isclose(found["value"][i], mean, rtol=1e-13)
        assert np.isclose(found["sigma"][i], sigma, rtol=1e-9)
        assert np.isclose(found["upper"][i], mean + 1.5 * sigma, rtol=1e-11)


def test_without_volume_there_is_no_vwap() -> None:
    x, none = np.full(4, 5.0), np.zeros(4)
    assert np.all(np.isnan(Vwap().batch(x, x, x, none)["value"]))
    volume = np.array([0.0, 3.0, 0.0, 0.0])
    assert Vwap().batch(x, x, x, volume)["value"][1:].tolist() == [5.0] * 3
    rolling = Vwap(2).batch(x, x, x, volume)["value"]
    assert rolling[1:3].tolist() == [5.0, 5.0]
    assert np.isnan(rolling[3])


def test_one_price_has_no_deviation() -> None:
    x, volume = np.full(9, 0.1), np.arange(1.0, 10.0)
    found = Vwap(3).batch(x, x, x, volume)
    assert found["sigma"][2:].tolist() == [0.0] * 7
