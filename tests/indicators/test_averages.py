from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.domain.errors import ConfigurationError
from undertow.indicators.averages import (
    INDICATORS,
    Alma,
    Ehma,
    Ema,
    Evwma,
    Frama,
    Mcginley,
    SineAverage,
    Sma,
    Vidya,
)

Bars = Callable[[int, int], dict[str, NDArray[np.float64]]]


def _ema(x: list[float], period: int) -> list[float]:
    found = [np.nan] * (period - 1) + [sum(x[:period]) / period]
    for value in x[period:]:
        found.append(found[-1] + 2.0 / (period + 1) * (value - found[-1]))
    return found


@pytest.mark.parametrize("period", [1, 2, 10])
def test_an_ema_equals_its_definition(period: int, bars: Bars) -> None:
    close = bars(11, 100)["close"]
    found = Ema(period).batch(close)["value"]
    assert np.allclose(found, _ema(close.tolist(), period), rtol=1e-13, equal_nan=True)


@pytest.mark.parametrize("period", [1, 2, 10])
def test_an_sma_equals_its_definition(period: int, bars: Bars) -> None:
    close = bars(11, 100)["close"]
    found = Sma(period).batch(close)["value"]
    expected = np.convolve(close, np.ones(period) / period, "valid")
    assert np.all(np.isnan(found[: period - 1]))
    assert np.allclose(found[period - 1 :], expected, rtol=1e-13)


def test_an_average_of_a_constant_is_the_constant() -> None:
    assert Ema(7).batch(np.full(60, 0.1))["value"][6:].tolist() == pytest.approx(
        [0.1] * 54, rel=1e-15
    )
    assert len(Ema(3).batch(np.array([]))["value"]) == 0
    assert np.all(np.isnan(Sma(3).batch(np.array([1.0, 2.0]))["value"]))


def test_an_sma_forgets_an_outlier() -> None:
    x = np.concatenate([np.ones(5), [1e17], np.ones(12)])
    assert Sma(3).batch(x)["value"][-3:].tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("kind", [Ema, Sma])
def test_a_bad_period_is_refused(kind: type[Ema]) -> None:
    with pytest.raises(ConfigurationError, match="found 0"):
        kind(0)


@pytest.mark.parametrize("kind", INDICATORS)
def test_every_average_of_a_constant_is_the_constant(kind: type[Ema]) -> None:
    made = kind()
    columns = {name: np.full(150, 0.1) for name in made.inputs} | {"volume": np.ones(150)}
    found = made.batch(*(columns[name] for name in made.inputs))["value"][made.warmup :]
    assert np.allclose(found, 0.1, rtol=1e-14)


def _shaped(x: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    windows = np.lib.stride_tricks.sliding_window_view(x, len(weights))
    return np.asarray(windows @ weights / weights.sum())


def test_averages_with_a_shape(bars: Bars) -> None:
    close = bars(12, 90)["close"]
    place = np.arange(9)
    bell = np.exp(-((place - 0.85 * 8) ** 2) / (2.0 * (9 / 6.0) ** 2))
    wave = np.sin(np.pi * np.arange(1, 8) / 8.0)
    assert np.allclose(Alma().batch(close)["value"][8:], _shaped(close, bell), rtol=1e-13)
    assert np.allclose(SineAverage(7).batch(close)["value"][6:], _shaped(close, wave), rtol=1e-13)
    assert Alma(5, 0.5, 1e4).batch(close)["value"][4:].tolist() == close[2:-2].tolist()


def test_alma_and_mcginley_equal_talipp(bars: Bars) -> None:
    indicators = pytest.importorskip("talipp.indicators", reason="talipp is not installed")
    close = bars(13, 120)["close"]
    theirs = indicators.McGinleyDynamic(14, close.tolist()).output_values[13:]
    assert np.allclose(Mcginley(14).batch(close)["value"][13:], theirs, rtol=1e-12)
    theirs = indicators.ALMA(9, 0.85, 6.0, close.tolist()).output_values[8:]
    assert np.allclose(Alma().batch(close)["value"][8:], theirs, rtol=1e-12)


def test_mcginley_neither_overshoots_nor_changes_sign() -> None:
    x = np.array([100.0, 100.0, 1.0, -5.0, 100.0])
    assert Mcginley(2).batch(x)["value"][1:4].tolist() == [100.0, 1.0, 1.0]


def test_ehma_is_made_of_emas(bars: Bars) -> None:
    close = bars(14, 90)["close"]
    slow, fast = (Ema(period).batch(close)["value"] for period in (20, 10))
    expected = Ema(4).batch(2.0 * fast - slow)["value"]
    assert np.array_equal(Ehma(20).batch(close)["value"], expected, equal_nan=True)


def test_evwma_is_elastic(bars: Bars) -> None:
    columns = bars(15, 60)
    close, volume = columns["close"].tolist(), columns["volume"].tolist()
    value, expected = close[4], []
    for i in range(4, 60):
        total = sum(volume[i - 4 : i + 1])
        value = ((total - volume[i]) * value + volume[i] * close[i]) / total
        expected.append(value)
    found = Evwma(5).batch(columns["close"], columns["volume"])["value"]
    assert np.allclose(found[4:], expected, rtol=1e-13)
    still = Evwma(2).batch(np.array([1.0, 2.0, 3.0]), np.zeros(3))["value"]
    assert still[1:].tolist() == [2.0, 2.0]


def test_frama_follows_its_formula(bars: Bars) -> None:
    columns = bars(16, 80)
    high, low = columns["high"], columns["low"]
    value, expected = np.nan, []
    for i in range(15, 80):
        halves = [slice(i - 7, i + 1), slice(i - 15, i - 7)]
        ranges = [(high[part].max() - low[part].min()) / 8 for part in halves]
        whole = (high[i - 15 : i + 1].max() - low[i - 15 : i + 1].min()) / 16
        dimension = np.log2(sum(ranges) / whole)
        share = np.clip(np.exp(-4.6 * (dimension - 1.0)), 0.01, 1.0)
        price = (high[i] + low[i]) / 2.0
        value = price if np.isnan(value) else share * price + (1.0 - share) * value
        expected.append(value)
    assert np.allclose(Frama(17).batch(high, low)["value"][15:], expected, rtol=1e-12)


def test_vidya_follows_its_formula(bars: Bars) -> None:
    close = bars(17, 80)["close"]
    moves = np.diff(close)
    value, expected = close[9], [close[9]]
    for i in range(10, 80):
        last = moves[i - 9 : i]
        index = abs(last.sum()) / np.abs(last).sum()
        value += 2.0 / 15.0 * index * (close[i] - value)
        expected.append(value)
    assert np.allclose(Vidya().batch(close)["value"][9:], expected, rtol=1e-12)
