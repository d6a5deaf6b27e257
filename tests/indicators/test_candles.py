"""Patterns of one and two candles: TA-Lib's values exactly, and each really found."""

from typing import Any

import numpy as np
import pytest
import talib
from numpy.typing import NDArray
from tests.indicators.candle_sets import candle_sets
from tests.indicators.talib_rows import TalibRow
from tests.indicators.talib_rows.candles import ROWS
from tests.kernels.steps.candle_examples import MIRRORED, ONE, TWO

from undertow.domain.errors import ConfigurationError
from undertow.indicators.candles import INDICATORS, DarkCloudCover, PinBar, RejectionWick
from undertow.indicators.registry import make_indicator

Column = NDArray[np.float64]


@pytest.fixture(scope="module")
def sets() -> list[tuple[Column, ...]]:
    return candle_sets()


@pytest.mark.parametrize("row", [row for row in ROWS if row.name in ONE | TWO])
def test_every_value_is_that_of_ta_lib(row: TalibRow, sets: list[tuple[Column, ...]]) -> None:
    indicator = make_indicator(row.name, row.settings)
    function: Any = getattr(talib, row.function)
    signs = set()
    for prices in sets:
        found = indicator.batch(*prices)["value"][indicator.warmup :]
        theirs = function(*prices, **row.talib_settings)[indicator.warmup :]
        assert np.array_equal(found, theirs)
        signs |= set(np.sign(found).tolist())
    usual = {0.0, float(np.sign((ONE | TWO)[row.name][1]))}
    assert signs == ({-1.0, 0.0, 1.0} if row.name in MIRRORED else usual)


def test_where_two_ends_touch_the_value_is_eighty(sets: list[tuple[Column, ...]]) -> None:
    for name in ("engulfing", "harami", "harami_cross"):
        found = np.concatenate([make_indicator(name).batch(*prices)["value"] for prices in sets])
        assert {-100.0, -80.0, 80.0, 100.0} <= set(found[~np.isnan(found)].tolist())


def test_each_pattern_has_an_example() -> None:
    names = {kind.name for kind in INDICATORS}
    assert names == {*ONE, *TWO, "pin_bar", "rejection_wick"}


def test_a_deeper_penetration_is_rarer(sets: list[tuple[Column, ...]]) -> None:
    counts = [
        sum(int(np.nansum(DarkCloudCover(depth).batch(*prices)["value"] != 0)) for prices in sets)
        for depth in (0.1, 0.5, 0.9)
    ]
    assert counts[0] > counts[1] > counts[2]
    with pytest.raises(ConfigurationError, match="at most 1"):
        DarkCloudCover(1.5)


def test_pin_bars_and_rejection_wicks_follow_their_definitions(
    sets: list[tuple[Column, ...]],
) -> None:
    for opened, high, low, close in sets:
        spread, body = high - low, np.abs(close - opened)
        lower, upper = np.minimum(opened, close) - low, high - np.maximum(opened, close)
        pins = np.where(lower > 0.75 * spread, 100.0, np.where(upper > 0.75 * spread, -100.0, 0.0))
        found = PinBar(0.75).batch(opened, high, low, close)["value"]
        assert np.array_equal(found, pins)
        with np.errstate(invalid="ignore"):
            up = (lower > 2 * body) & (close > opened) & ((close - low) / spread > 0.8)
            down = (upper > 2 * body) & (close < opened) & ((high - close) / spread > 0.8)
        found = RejectionWick().batch(opened, high, low, close)["value"]
        assert np.array_equal(found, 100.0 * up - 100.0 * down)
