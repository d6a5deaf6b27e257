from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.indicators.plain_windows import mean, rolling, same, shifted

from undertow.domain.errors import ConfigurationError
from undertow.indicators.momentum import (
    Cmou,
    ConnorsRsi,
    Dpo,
    EfficiencyRatio,
    ForecastOscillator,
    Imi,
    PsychologicalLine,
    Roc,
    Rsi,
)

Column = NDArray[np.float64]
Bars = Callable[[int, int], dict[str, Column]]


def rsi(close: Column, period: int = 14) -> Column:
    return Rsi(period).batch(close)["value"]


def test_degenerate_prices_have_a_stated_strength() -> None:
    assert rsi(np.arange(1.0, 8.0), 3)[3:].tolist() == [100.0] * 4
    assert rsi(np.arange(8.0, 1.0, -1.0), 3)[3:].tolist() == [0.0] * 4
    assert rsi(np.full(6, 2.0), 3)[3:].tolist() == [50.0] * 3
    assert Rsi(3, flat=0.0).batch(np.full(6, 2.0))["value"][3:].tolist() == [0.0] * 3
    assert np.all(np.isnan(rsi(np.array([1.0, 2.0]), 3)))


def test_strength_is_mirrored_with_the_price(bars: Bars) -> None:
    close = bars(53, 100)["close"]
    assert same(rsi(-close), 100.0 - rsi(close), 1e-12)


def test_the_quick_sweep_gives_the_bits_of_updates(bars: Bars) -> None:
    close = bars(54, 400)["close"]
    for period in (1, 2, 14):
        one = Rsi(period)
        assert np.array([one.update(x) for x in close]).tobytes() == rsi(close, period).tobytes()


def test_an_answer_where_nothing_moves_lies_within_the_scale() -> None:
    with pytest.raises(ConfigurationError, match="at most 100"):
        Rsi(14, flat=101.0)


def test_no_movement_is_no_direction() -> None:
    flat = np.full(9, 3.25)
    assert Cmou(3).batch(flat)["value"][3:].tolist() == [0.0] * 6
    assert EfficiencyRatio(3).batch(flat)["value"][3:].tolist() == [1.0] * 6
    assert Imi(3).batch(flat, flat)["value"][2:].tolist() == [50.0] * 7


def test_a_straight_line_is_efficient_and_forecast() -> None:
    line = np.arange(5.0, 30.0, 0.5)
    assert same(EfficiencyRatio(6).batch(line)["value"][6:], np.ones(44))
    assert same(ForecastOscillator(6).batch(line)["value"][6:], np.zeros(44))


def test_rates_of_change_in_both_forms() -> None:
    found = Roc(1).batch(np.array([2.0, 3.0, 0.0, 5.0]))
    assert found["value"][1:].tolist() == [50.0, -100.0, 0.0]
    assert found["ratio"][1:].tolist() == [150.0, 0.0, 0.0]


def test_the_psychological_line_counts_rises(bars: Bars) -> None:
    close = np.round(bars(55, 200)["close"], 1)
    rises = np.where(np.isnan(shifted(close, 1)), np.nan, close > shifted(close, 1))
    assert same(PsychologicalLine(12).batch(close)["value"], 100.0 * mean(rises, 12))


def test_the_detrended_price_looks_back_only(bars: Bars) -> None:
    close = bars(56, 120)["close"]
    found = Dpo(20).batch(close)["value"]
    assert same(found, shifted(close, 11) - mean(close, 20), atol=1e-11)


def _streaks(close: Column) -> Column:
    found = [0.0]
    for change in np.diff(close).tolist():
        sign = float(np.sign(change))
        found.append(found[-1] + sign if sign * found[-1] > 0.0 else sign)
    return np.array(found)


def test_connors_is_the_mean_of_its_three_parts(bars: Bars) -> None:
    close = np.round(bars(57, 200)["close"], 1)
    moves = np.concatenate([[np.nan], np.diff(close) / close[:-1]])
    rank = rolling(moves, 31, lambda x: 100.0 * float(np.sum(x[:-1] < x[-1])) / 30.0)
    rank[:31] = np.nan
    expected = (rsi(close, 3) + rsi(_streaks(close), 2) + rank) / 3.0
    assert same(ConnorsRsi(3, 2, 30).batch(close)["value"], expected)
