from collections.abc import Callable
from math import isnan, log
from typing import Any

import numpy as np
import pytest

from undertow.domain.errors import ConfigurationError
from undertow.flow.behaviour import behaviour, realised_slippage_bps
from undertow.stats.corwin_schultz import high_low_spread
from undertow.stats.robust import modified_z_score
from undertow.stats.roll_estimator import roll_spread

Make = Callable[..., Any]


def test_every_number_from_bars(flow_of: Make, bars_of: Make, random_bars: Make) -> None:
    fine, coarse = random_bars(1, 300, 1), random_bars(2, 60)
    found = behaviour(flow_of(closed={1: fine, 60: coarse}))
    closes = fine["close_ticks"].astype(float)
    assert found.roll_bps == pytest.approx(roll_spread(closes) / closes[-1] * 1e4, nan_ok=True)
    expected = high_low_spread(coarse["high_ticks"], coarse["low_ticks"]) * 1e4
    assert found.high_low_bps == pytest.approx(expected)
    buys, sells = int(fine["buy_lots"].sum()), int(fine["sell_lots"].sum())
    assert (found.volume_lots, found.pressure) == (buys + sells, (buys - sells) / (buys + sells))
    moves = np.diff(np.log(coarse["close_ticks"].astype(float))) * 1e4
    assert found.move_bps == pytest.approx(moves[-1])
    assert found.move_score == pytest.approx(modified_z_score(moves[-1], moves[:-1]))
    volume = coarse["buy_lots"] + coarse["sell_lots"]
    assert found.volume_ratio == pytest.approx(volume[-1] / volume[-21:-1].mean())


def test_slippage_by_hand(bars_of: Make) -> None:
    rows = [(100, 100, 100, 100, 1, 1), (100, 104, 100, 104, 6, 2)]
    bars = bars_of([*rows, (104, 104, 103, 103, 3, 3), (103, 103, 101, 101, 0, 4)], 1)
    bars["tick_lots"] = [200.0, 8 * 102.0, 6 * 103.5, 4 * 101.5]
    bought, sold = (102 - 100) / 100, -(101.5 - 103) / 103
    assert realised_slippage_bps(bars) == pytest.approx((4 * bought + 4 * sold) / 8 * 1e4)


def test_slippage_is_the_same_upside_down(bars_of: Make, random_bars: Make, mirrored: Make) -> None:
    bars = random_bars(3, 100, 1)
    assert realised_slippage_bps(mirrored(bars)) == pytest.approx(realised_slippage_bps(bars))


def test_an_abnormal_move_and_a_spike_are_flagged(flow_of: Make, bars_of: Make) -> None:
    closes = np.random.default_rng(1).integers(998, 1003, 40).tolist()
    rows = [(1000, 1002, 998, close, 50, 50) for close in closes]
    calm = behaviour(flow_of(closed={60: bars_of(rows)}))
    assert (calm.is_abnormal_move, calm.is_volume_spike) == (False, False)
    wild = behaviour(flow_of(closed={60: bars_of([*rows, (1000, 1100, 1000, 1100, 150, 60)])}))
    assert (wild.is_abnormal_move, wild.is_volume_spike) == (True, True)
    assert wild.move_bps == pytest.approx(log(1100 / closes[-1]) * 1e4)
    assert wild.volume_ratio == pytest.approx(2.1)


def test_without_bars_nothing_is_known(flow_of: Make, bars_of: Make) -> None:
    found = behaviour(flow_of())
    numbers = (found.roll_bps, found.high_low_bps, found.slippage_bps, found.pressure,
               found.move_bps, found.move_score, found.volume_ratio)  # fmt: skip
    assert all(isnan(number) for number in numbers)
    assert (found.volume_lots, found.is_abnormal_move, found.is_volume_spike) == (0, False, False)
    balanced = bars_of([(100, 100, 100, 100, 2, 2)] * 3)
    assert isnan(realised_slippage_bps(balanced))
    with pytest.raises(ConfigurationError, match="1 second and 2 minutes"):
        behaviour(flow_of(), 0)
