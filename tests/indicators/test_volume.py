from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from tests.indicators.plain_windows import ema, mean, rolling, same, shifted, total, wilder

from undertow.indicators.volume import (
    Ad,
    ChaikinMoneyFlow,
    CumulativeDelta,
    DeltaRatio,
    EaseOfMovement,
    Klinger,
    MoneyFlowIndex,
    RelativeVolume,
    TwiggsMoneyFlow,
    VolumeSurge,
    VolumeZ,
    VwapDistance,
)

Column = NDArray[np.float64]
Bars = Callable[[int, int], dict[str, Column]]


def _hlcv(b: dict[str, Column]) -> tuple[Column, Column, Column, Column]:
    return b["high"], b["low"], b["close"], b["volume"]


def test_no_volume_has_stated_answers(bars: Bars) -> None:
    high, low, close, _ = _hlcv(bars(1, 30))
    none = np.zeros(30)
    assert set(Ad().batch(high, low, close, none)["value"]) == {0.0}
    assert set(ChaikinMoneyFlow(3).batch(high, low, close, none)["value"][2:]) == {0.0}
    assert set(MoneyFlowIndex(3).batch(high, low, close, none)["value"][3:]) == {50.0}
    assert set(MoneyFlowIndex(3, 0.0).batch(high, low, close, none)["value"][3:]) == {0.0}
    for kind in (DeltaRatio(3), VolumeZ(3), TwiggsMoneyFlow(3), VwapDistance(3), VolumeSurge(3)):
        inputs = [
            close if name in ("high", "low", "close", "vwap") else none for name in kind.inputs
        ]
        assert np.all(np.isnan(kind.batch(*inputs)["value"])), kind


def test_volume_out_of_nothing_is_infinitely_unusual() -> None:
    found = RelativeVolume(2).batch(np.array([0.0, 0.0, 5.0, 1.0]))["value"]
    assert np.isnan(found[:2]).all()
    assert found[2:].tolist() == [np.inf, 0.4]


def _force(b: dict[str, Column]) -> Column:
    high, low, close, volume = _hlcv(b)
    span, typical = high - low, high + low + close
    found = [np.nan]
    trend, measure = 0.0, 0.0
    for i in range(1, len(close)):
        now = 1.0 if typical[i] > typical[i - 1] else -1.0
        measure = measure + span[i] if now == trend else span[i - 1] + span[i]
        trend = now
        found.append(100.0 * volume[i] * trend * abs(2.0 * span[i] / measure - 1.0))
    return np.array(found)


def test_klinger_averages_the_volume_force(bars: Bars) -> None:
    b = bars(2, 250)
    force = _force(b)
    line = ema(force, 34) - ema(force, 55)
    found = Klinger().batch(*_hlcv(b))
    assert same(found["value"][67:], line[67:], 1e-9, 1e-9)
    assert same(found["signal"], ema(line, 13), 1e-9, 1e-9)


def test_ease_of_movement_leaves_bars_without_volume_out(bars: Bars) -> None:
    b = bars(3, 120)
    high, low, volume = b["high"], b["low"], np.maximum(b["volume"], 1.0)
    middle = (high + low) / 2.0
    ease = (middle - shifted(middle, 1)) * (high - low) * 100.0 / volume
    found = EaseOfMovement(14, 100.0).batch(high, low, volume)["value"]
    assert same(found, mean(ease, 14))
    volume[60] = 0.0
    keep = np.arange(120) != 60
    holed = EaseOfMovement(14, 100.0).batch(high, low, volume)["value"]
    rest = EaseOfMovement(14, 100.0).batch(high[keep], low[keep], volume[keep])["value"]
    assert np.isnan(holed[60])
    assert holed[keep].tobytes() == rest.tobytes()


def test_the_distance_from_the_weighted_price(bars: Bars) -> None:
    b = bars(4, 100)
    average = total(b["vwap"] * b["volume"], 20) / total(b["volume"], 20)
    found = VwapDistance(20).batch(b["close"], b["vwap"], b["volume"])
    assert same(found["average"], average)
    assert same(found["value"], 100.0 * (b["close"] / average - 1.0), atol=1e-11)


def test_delta_over_bars_and_over_volume(bars: Bars) -> None:
    b = bars(5, 100)
    delta = total(b["delta"], 14)
    assert np.array_equal(CumulativeDelta(14).batch(b["delta"])["value"], delta, equal_nan=True)
    found = DeltaRatio(14).batch(b["delta"], b["volume"])["value"]
    assert same(found, delta / total(b["volume"], 14))


def test_volume_in_deviations_of_its_window(bars: Bars) -> None:
    volume = bars(6, 100)["volume"]
    expected = rolling(volume, 20, lambda x: float((x[-1] - x.mean()) / x.std()))
    assert same(VolumeZ(20).batch(volume)["value"], expected, atol=1e-11)


def _surges(volume: Column, n: int) -> Column:
    share = 2.0 / (n + 1)
    average, variance = volume[:n].mean(), volume[:n].var()
    found = [np.nan] * n
    for x in volume[n:]:
        miss = x - average
        found.append(miss / np.sqrt(variance))
        average += share * miss
        variance = (1.0 - share) * (variance + share * miss * miss)
    return np.array(found)


def test_a_surge_is_measured_against_the_bars_before(bars: Bars) -> None:
    volume = bars(7, 200)["volume"]
    found = VolumeSurge(20).batch(volume)
    expected = _surges(volume, 20)
    assert same(found["value"], expected)
    assert np.array_equal(found["is_surge"][20:], expected[20:] > 2.5)
    assert 0.0 < found["is_surge"][20:].mean() < 0.2


def test_twiggs_takes_the_true_range_and_wilders_average(bars: Bars) -> None:
    high, low, close, volume = _hlcv(bars(8, 150))
    before = shifted(close, 1)
    top, bottom = np.maximum(high, before), np.minimum(low, before)
    flow = volume * (2.0 * close - top - bottom) / (top - bottom)
    volume[0] = np.nan
    expected = wilder(flow, 21) / wilder(volume, 21)
    volume[0] = 1.0
    assert same(TwiggsMoneyFlow(21).batch(high, low, close, volume)["value"], expected)
