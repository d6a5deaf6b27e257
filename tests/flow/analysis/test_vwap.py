from collections.abc import Callable
from math import isnan, sqrt
from typing import Any

import numpy as np
import pytest

from undertow.flow.vwap import traded_vwap, vwap_bands
from undertow.indicators.channels import Vwap

Make = Callable[..., Any]


def test_bands_by_hand(bars_of: Make) -> None:
    # Typical prices 10 and 20 with volumes 3 and 1.
    found = vwap_bands(bars_of([(10, 11, 9, 10, 2, 1), (20, 21, 19, 20, 0, 1)]), 2.0)
    sigma = sqrt((3 * 2.5**2 + 7.5**2) / 4)
    assert found.vwap == 12.5
    assert found.sigma == pytest.approx(sigma)
    assert found.upper == pytest.approx(12.5 + 2 * sigma)
    assert found.lower == pytest.approx(12.5 - 2 * sigma)


def test_it_agrees_with_the_streaming_indicator(random_bars: Make) -> None:
    bars = random_bars(4, 80)
    high, low, close = (bars[f"{key}_ticks"].astype(float) for key in ("high", "low", "close"))
    stream = Vwap().batch(high, low, close, (bars["buy_lots"] + bars["sell_lots"]).astype(float))
    found = vwap_bands(bars)
    assert found.vwap == pytest.approx(stream["value"][-1], rel=1e-12)
    assert found.sigma == pytest.approx(stream["sigma"][-1], rel=1e-8)


def test_the_mirror_has_the_mirrored_bands(random_bars: Make, mirrored: Make) -> None:
    bars = random_bars(5, 60)
    found, mirror = vwap_bands(bars), vwap_bands(mirrored(bars))
    assert mirror.vwap == -found.vwap
    assert (mirror.upper, mirror.sigma) == (-found.lower, found.sigma)
    assert traded_vwap(mirrored(bars)) == -traded_vwap(bars)


def test_the_traded_vwap_is_exact(bars_of: Make) -> None:
    bars = bars_of([(10, 11, 9, 10, 2, 1)])
    bars["tick_lots"] = 10.0 * 2 + 11.0
    assert traded_vwap(bars) == pytest.approx(31 / 3)


def test_without_volume_there_is_none(bars_of: Make) -> None:
    bars = bars_of([(5, 5, 5, 5, 0, 0)] * 3)
    assert isnan(traded_vwap(bars))
    assert np.isnan([vwap_bands(bars).vwap, vwap_bands(bars[:0]).upper]).all()
