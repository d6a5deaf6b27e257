from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.indicators.plain_windows import (
    highest,
    line_end,
    mean,
    rolling,
    same,
    shifted,
    true_range,
    wilder,
)

from undertow.indicators.volatility import (
    Atr,
    CloseToClose,
    GarmanKlass,
    Inertia,
    Natr,
    Parkinson,
    RelativeVolatility,
    RogersSatchell,
    Ulcer,
    VixFix,
    VolatilityPercentile,
    YangZhang,
    atr,
)

Column = NDArray[np.float64]
Bars = Callable[[int, int], dict[str, Column]]


def _spread(x: Column) -> float:
    return float(np.std(x, ddof=1))


@pytest.mark.parametrize("period", [1, 3, 14])
def test_the_average_range_is_wilders(period: int, bars: Bars) -> None:
    b = bars(61, 200)
    three = b["high"], b["low"], b["close"]
    expected = wilder(true_range(*three), period)
    assert same(atr(*three, period), expected, 1e-12)
    assert same(Natr(period).batch(*three)["value"], 100.0 * expected / b["close"], 1e-12)


def test_it_needs_one_bar_more_than_its_period() -> None:
    indicator = Atr(2)
    found = [indicator.update(h, h - 2.0, h - 1.0) for h in (10.0, 11.0, 12.0)]
    assert np.isnan(found[:2]).all()
    assert found[2] == 2.0


def test_no_range_is_a_range_of_zero_only_after_the_warmup() -> None:
    flat = np.full(6, 5.0)
    assert atr(flat, flat, flat, 3)[3:].tolist() == [0.0] * 3
    assert np.isnan(atr(flat, flat, flat, 3)[:3]).all()


def test_a_constant_range_stays() -> None:
    close = np.full(400, 64.0)
    assert np.abs(atr(close + 0.25, close, close, 14)[14:] - 0.25).max() < 1e-15


def test_the_quick_sweep_gives_the_bits_of_updates(bars: Bars) -> None:
    b = bars(62, 300)
    one = Atr(5)
    rows = zip(b["high"].tolist(), b["low"].tolist(), b["close"].tolist(), strict=True)
    streamed = np.array([one.update(*row) for row in rows])
    assert streamed.tobytes() == atr(b["high"], b["low"], b["close"], 5).tobytes()


def test_returns_scatter_around_their_mean(bars: Bars) -> None:
    close = bars(63, 150)["close"]
    returns = np.log(close / shifted(close, 1))
    expected = rolling(returns, 20, _spread) * np.sqrt(365.0)
    assert same(CloseToClose(20, 365.0).batch(close)["value"], expected)


def test_parkinson_needs_highs_and_lows_only(bars: Bars) -> None:
    b = bars(64, 150)
    squares = np.log(b["high"] / b["low"]) ** 2 / (4.0 * np.log(2.0))
    found = Parkinson(20).batch(b["high"], b["low"])["value"]
    assert same(found, np.sqrt(mean(squares, 20)))


def _drift_free(b: dict[str, Column]) -> Column:
    opened, high, low, close = (np.log(b[key]) for key in ("open", "high", "low", "close"))
    return np.asarray((high - close) * (high - opened) + (low - close) * (low - opened))


def test_garman_klass_and_rogers_satchell_are_their_formulas(bars: Bars) -> None:
    b = bars(65, 150)
    four = [b[key] for key in ("open", "high", "low", "close")]
    body = np.log(b["close"] / b["open"])
    terms = 0.5 * np.log(b["high"] / b["low"]) ** 2 - (2.0 * np.log(2.0) - 1.0) * body**2
    assert same(GarmanKlass(20).batch(*four)["value"], np.sqrt(mean(terms, 20)))
    assert same(RogersSatchell(20).batch(*four)["value"], np.sqrt(mean(_drift_free(b), 20)))


def test_yang_zhang_adds_gaps_to_bodies_and_ranges(bars: Bars) -> None:
    b = bars(66, 150)
    four = [b[key] for key in ("open", "high", "low", "close")]
    gap = rolling(np.log(b["open"] / shifted(b["close"], 1)), 20, _spread) ** 2
    body = rolling(np.log(b["close"] / b["open"]), 20, _spread) ** 2
    weight = 0.34 / (1.34 + 21.0 / 19.0)
    variance = gap + weight * body + (1.0 - weight) * mean(_drift_free(b), 20)
    assert same(YangZhang(20).batch(*four)["value"], np.sqrt(variance))


@pytest.mark.parametrize("kind", [CloseToClose, Parkinson, GarmanKlass, RogersSatchell, YangZhang])
def test_a_price_that_is_not_positive_is_left_out(kind: Any, bars: Bars) -> None:
    b = bars(67, 80)
    whole = [b[key] for key in kind.inputs]
    broken = [np.insert(column, 40, 0.0) for column in whole]
    found, expected = kind(10).batch(*broken)["value"], kind(10).batch(*whole)["value"]
    assert np.isnan(found[40])
    assert np.delete(found, 40).tobytes() == expected.tobytes()
    assert np.all(np.isfinite(expected[kind(10).warmup :]))


def test_a_price_that_stands_still_has_no_volatility() -> None:
    flat = np.full(30, 7.7)
    assert set(CloseToClose(5).batch(flat)["value"][5:]) == {0.0}
    assert set(YangZhang(5).batch(flat, flat, flat, flat)["value"][5:]) == {0.0}
    assert set(RelativeVolatility(3, 4).batch(flat)["value"][5:]) == {50.0}


def test_inertia_is_a_line_through_relative_volatility(bars: Bars) -> None:
    close = bars(68, 200)["close"]
    values = RelativeVolatility(14, 10).batch(close)["value"]
    assert same(Inertia(14, 10, 20).batch(close)["value"], rolling(values, 20, line_end), 1e-9)


def test_ulcer_is_the_root_of_squared_drawdowns(bars: Bars) -> None:
    close = bars(69, 120)["close"]
    top = highest(close, 14)
    expected = np.sqrt(mean((100.0 * (close / top - 1.0)) ** 2, 14))
    assert same(Ulcer(14).batch(close)["value"], expected, atol=1e-11)


def test_the_percentile_ranks_among_the_volatilities_before(bars: Bars) -> None:
    close = bars(70, 200)["close"]
    volatility = CloseToClose(10).batch(close)["value"]
    rank = rolling(volatility, 51, lambda x: 100.0 * float(np.sum(x[:-1] < x[-1])) / 50.0)
    rank[:60] = np.nan
    found = VolatilityPercentile(10, 50).batch(close)
    assert same(found["value"], rank)
    assert found["volatility"][60:].tobytes() == volatility[60:].tobytes()


def test_the_vix_fix_is_the_fall_from_the_highest_close(bars: Bars) -> None:
    b = bars(71, 100)
    top = highest(b["close"], 22)
    expected = 100.0 * (top - b["low"]) / top
    assert same(VixFix(22).batch(b["low"], b["close"])["value"], expected)
