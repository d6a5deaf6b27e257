from math import isnan, sqrt
from typing import Any

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.domain.bar import BAR
from undertow.domain.errors import CallerError
from undertow.flow.ofi_pressure import OfiRules, ofi_pressure, pressure_of

Ints = NDArray[np.int64]
ROBUST = OfiRules(is_robust=True)


def _calm(seed: int = 1, seconds: int = 600) -> tuple[Ints, Ints]:
    rng = np.random.default_rng(seed)
    flow = rng.normal(0.0, 20.0, seconds).round().astype(np.int64)
    closes = 10_000 + np.cumsum(rng.integers(-2, 3, seconds))
    return flow, closes


def test_a_spike_is_measured_against_what_came_before_it() -> None:
    flow, closes = _calm()
    flow[-1] = -150
    found = pressure_of(flow, closes)
    before = flow[:-1].astype(float)
    assert found.zscore == pytest.approx((-150 - before.mean()) / before.std(ddof=1))
    assert (found.is_spike, found.side, found.ofi_lots) == (True, -1, -150)
    centre = np.median(before)
    wanted = 0.6745 * (-150 - centre) / np.median(np.abs(before - centre))
    assert pressure_of(flow, closes, ROBUST).zscore == pytest.approx(wanted)


def test_a_mostly_idle_flow_is_scored_by_its_mean_deviation() -> None:
    flow, closes = np.zeros(600, np.int64), _calm()[1]
    flow[::4] = 8  # more than half of the steps are equal: the median deviation is 0
    flow[-1] = 90
    found = pressure_of(flow, closes, ROBUST)
    assert found.zscore == pytest.approx(90 / (1.253314 * np.mean(flow[:-1])))
    assert found.is_spike


def test_one_old_outlier_hides_a_spike_from_the_plain_score_only() -> None:
    flow, closes = _calm()
    flow[-1], flow[300] = 120, 40_000
    assert not pressure_of(flow, closes).is_spike
    assert pressure_of(flow, closes, ROBUST).side == 1


def test_steps_are_counted_back_from_the_newest_second() -> None:
    flow, closes = _calm(seconds=601)
    steps = flow[-600:].reshape(120, 5).sum(axis=1).astype(float)
    found = pressure_of(flow, closes, OfiRules(step_s=5, build_s=60))
    wanted = (steps[-1] - steps[:-1].mean()) / steps[:-1].std(ddof=1)
    assert found.ofi_lots == int(steps[-1])
    assert found.zscore == pytest.approx(wanted)


def test_steady_buying_without_a_move_builds_up() -> None:
    flow, closes = _calm()
    flow[-120:] += 12
    closes[-120:] = closes[-121]
    found = pressure_of(flow, closes)
    before = flow[:-120].astype(float)
    wanted = (flow[-120:].sum() - 120 * before.mean()) / (before.std(ddof=1) * sqrt(120))
    assert found.build_zscore == pytest.approx(wanted)
    assert (found.is_building, found.is_spike, found.side, found.move) == (True, False, 1, 0.0)
    assert pressure_of(-flow, -closes).side == -1
    assert found.build_lots == int(flow[-120:].sum())


def test_no_build_up_once_the_price_has_answered_or_in_one_burst() -> None:
    flow, closes = _calm()
    flow[-120:] += 12
    closes[-120:] = closes[-121] + np.arange(120)
    moved = pressure_of(flow, closes)
    assert (moved.is_building, moved.side) == (False, 0)
    assert moved.move > 1.0
    flow, closes = _calm()
    flow[-30:] += 60
    flow[-120:-60] -= 3
    closes[-120:] = closes[-121]
    burst = pressure_of(flow, closes)
    assert burst.build_zscore > 3.0
    assert not burst.is_building


def test_calm_flow_says_nothing() -> None:
    sides = [pressure_of(*_calm(seed)).side for seed in range(300)]
    assert sum(side != 0 for side in sides) < 6


def test_too_little_or_constant_flow_says_nothing() -> None:
    flow, closes = _calm()
    short = pressure_of(flow[:60], closes[:60])
    assert (short.is_sufficient, short.side) == (False, 0)
    assert isnan(short.zscore)
    idle = pressure_of(np.zeros(600, np.int64), np.full(600, 5, np.int64))
    assert (idle.is_spike, idle.is_building, idle.side) == (False, False, 0)
    assert isnan(idle.zscore)
    assert isnan(idle.move)
    early = pressure_of(flow[:150], closes[:150])
    assert early.is_sufficient
    assert isnan(early.build_zscore)


class _Flow(msgspec.Struct):
    ofi: Any
    closes: Any
    sizes: Any

    def bars(self, timeframe_s: int, count: int) -> Any:
        assert timeframe_s == 1
        bars = np.zeros(len(self.closes), BAR)
        bars["close_ticks"] = self.closes
        return bars[-count:]

    def ofi_by_second(self, seconds: int) -> Any:
        return self.ofi[-seconds:]

    def best_sizes(self) -> Any:
        return np.array(self.sizes, np.float32)


def test_a_flow_is_read_over_the_baseline() -> None:
    flow, closes = _calm(4, 900)
    found = ofi_pressure(_Flow(flow, closes, [9.0, 10.0, 20.0]), OfiRules(baseline_s=200))
    alone = pressure_of(flow[-200:], closes[-200:], OfiRules(baseline_s=200))
    assert found == msgspec.structs.replace(alone, depth_lots=13.0)
    assert found.per_depth == int(flow[-1]) / 13.0
    assert found.build_per_depth == int(flow[-120:].sum()) / 13.0


def test_without_a_book_there_is_no_depth() -> None:
    flow, closes = _calm(4, 900)
    found = ofi_pressure(_Flow(flow, closes, []))
    assert found.is_sufficient
    assert isnan(found.depth_lots)
    assert isnan(found.per_depth)
    assert isnan(found.build_per_depth)
    short = ofi_pressure(_Flow(flow[:9], closes[:9], [3.0]))
    assert isnan(short.per_depth)


def test_wrong_rules_are_refused() -> None:
    for wrong in ({"step_s": 0}, {"build_s": 601}, {"baseline_s": 901}, {"least_z": 0.0}):
        with pytest.raises(CallerError, match="expected 1 <= step_s"):
            OfiRules(**wrong)
    with pytest.raises(CallerError, match="same seconds"):
        pressure_of(np.zeros(3, np.int64), np.zeros(4, np.int64))
