from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.indicators.plain_windows import (
    ema,
    highest,
    line_end,
    lowest,
    mean,
    rolling,
    same,
    shifted,
    true_range,
)

from undertow.domain.errors import ConfigurationError
from undertow.indicators.oscillators import (
    Apo,
    Kst,
    Macd,
    PrettyGood,
    Pvo,
    Squeeze,
    Vigor,
    WaveTrend,
)

Column = NDArray[np.float64]
Bars = Callable[[int, int], dict[str, Column]]


def _hlc(columns: dict[str, Column]) -> tuple[Column, Column, Column]:
    return columns["high"], columns["low"], columns["close"]


def test_both_averages_of_macd_begin_with_the_slow_one(bars: Bars) -> None:
    close = bars(81, 200)["close"]
    found = Macd().batch(close)
    line = np.concatenate([np.full(14, np.nan), ema(close[14:], 12)]) - ema(close, 26)
    signal = ema(line, 9)
    assert same(found["value"][33:], line[33:], atol=1e-11)
    assert same(found["signal"], signal, atol=1e-11)
    assert same(found["histogram"], line - signal, atol=1e-11)
    assert np.all(np.isnan(found["value"][:33]))


@pytest.mark.parametrize("kind", [0, 1, 2, 13])
def test_the_quick_sweep_gives_the_bits_of_updates(kind: int, bars: Bars) -> None:
    close = bars(82, 300)["close"]
    one = Macd(kind=kind)
    found = Macd(kind=kind).batch(close)
    streamed = np.array([[one.update(x), one.value("signal")] for x in close])
    assert np.ascontiguousarray(streamed[:, 0]).tobytes() == found["value"].tobytes()
    assert np.ascontiguousarray(streamed[:, 1]).tobytes() == found["signal"].tobytes()


@pytest.mark.parametrize("kind", [Macd, Apo, Pvo])
def test_a_fast_period_must_be_shorter_than_the_slow_one(kind: Any) -> None:
    with pytest.raises(ConfigurationError, match="fast < slow, found 26 and 26"):
        kind(26, 26)


def test_an_unknown_kind_of_average_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="expected apo of a kind 0 simple"):
        Apo(kind=3)


def test_know_sure_thing_adds_four_smoothed_changes(bars: Bars) -> None:
    close = bars(83, 200)["close"]
    found = Kst().batch(close)
    pairs = zip((10, 15, 20, 30), (10, 10, 10, 15), strict=True)
    parts = [mean(100.0 * (close / shifted(close, lag) - 1.0), n) for lag, n in pairs]
    line = parts[0] + 2.0 * parts[1] + 3.0 * parts[2] + 4.0 * parts[3]
    assert same(found["value"][52:], line[52:], atol=1e-11)
    assert same(found["signal"], mean(line, 9), atol=1e-11)


def test_pretty_good_is_the_distance_in_ranges(bars: Bars) -> None:
    high, low, close = _hlc(bars(84, 150))
    expected = (close - mean(close, 14)) / ema(true_range(high, low, close), 14)
    assert same(PrettyGood(14).batch(high, low, close)["value"], expected)


def test_a_price_without_range_has_no_distance_in_ranges() -> None:
    flat = np.full(9, 4.0)
    assert np.all(np.isnan(PrettyGood(3).batch(flat, flat, flat)["value"]))


def test_a_squeeze_is_narrow_bands_within_the_channel(bars: Bars) -> None:
    high, low, close = _hlc(bars(85, 200))
    found = Squeeze().batch(high, low, close)
    middle = ((highest(high, 20) + lowest(low, 20)) / 2.0 + mean(close, 20)) / 2.0
    assert same(found["value"], rolling(close - middle, 20, line_end), 1e-8, 1e-10)
    narrow = 2.0 * rolling(close, 20, np.std) < 1.5 * mean(true_range(high, low, close), 20)
    assert np.array_equal(found["is_on"][38:], narrow[38:])
    assert 0.0 < found["is_on"][38:].mean() < 1.0


def _symmetric(x: Column) -> Column:
    return (x + 2.0 * shifted(x, 1) + 2.0 * shifted(x, 2) + shifted(x, 3)) / 6.0


def test_vigor_is_body_over_range(bars: Bars) -> None:
    b = bars(86, 120)
    found = Vigor(10).batch(b["open"], b["high"], b["low"], b["close"])
    body, span = _symmetric(b["close"] - b["open"]), _symmetric(b["high"] - b["low"])
    line = mean(body, 10) / mean(span, 10)
    assert same(found["value"][15:], line[15:])
    assert same(found["signal"], _symmetric(line))


def test_wavetrend_is_an_averaged_channel_index(bars: Bars) -> None:
    high, low, close = _hlc(bars(87, 200))
    found = WaveTrend().batch(high, low, close)
    price = (high + low + close) / 3.0
    distance = price - ema(price, 10)
    wave = ema(distance / (0.015 * ema(np.abs(distance), 10)), 21)
    assert same(found["value"][41:], wave[41:], 1e-8)
    assert same(found["signal"], mean(wave, 4), 1e-8)
