from collections.abc import Callable

import msgspec
import numpy as np
import pytest

from undertow.backtest.detection.day_plan import DayPlan
from undertow.backtest.detection.day_result import DayResult, Signs
from undertow.backtest.detection.detector import Detector, Look, Scene, Sign
from undertow.backtest.detection.detector_catalog import DETECTORS
from undertow.backtest.detection.simulated_day import SETTLED_S, simulate_day, watch_minutes
from undertow.backtest.detection.stored_series import unpack_series
from undertow.flow.asset_series import AssetSeries
from undertow.simulator.market.ground_truth import TruthKind

S = 1_000_000_000
PLAN = DayPlan(3, 600)
Make = Callable[..., Detector]


def test_a_seed_is_a_day(short_day: DayResult) -> None:
    again = simulate_day(short_day.plan, tuple(DETECTORS.values()))
    assert msgspec.structs.replace(again, spent_s=short_day.spent_s) == short_day
    assert simulate_day(DayPlan(12, 2_400), ()).truth != short_day.truth


def test_who_looks_on_changes_nothing(short_day: DayResult) -> None:
    name = "cascade"
    alone = simulate_day(short_day.plan, (DETECTORS[name],))
    assert alone.signs == {name: short_day.signs[name]}
    assert (alone.truth, alone.rows) == (short_day.truth, short_day.rows)


@pytest.mark.parametrize("cadence_s", [1, 5, 10])
def test_looks_come_in_time_and_see_what_was_received(cadence_s: int, make_detector: Make) -> None:
    seen: list[tuple[int, int]] = []

    def fresh(scene: Scene) -> Look:
        def look(now_ns: int) -> Sign | None:
            seen.append((now_ns, scene.flow.now_ns))
            return Sign(1, 5.0)

        return look

    detector = make_detector(fresh=fresh, cadence_s=cadence_s)
    day = simulate_day(PLAN, (detector,))
    assert day.signs["x"].seconds == list(range(cadence_s, 601, cadence_s))
    assert [now for now, _ in seen] == [
        day.origin_ns + second * S for second in day.signs["x"].seconds
    ]
    assert all(flow_ns < now_ns for now_ns, flow_ns in seen)
    assert all(flow_ns >= now_ns - 2 * S for now_ns, flow_ns in seen)


def test_stored_minutes_are_what_a_strategy_reads_when_they_are_settled(
    make_detector: Make,
) -> None:
    # A look at t + 15 s sees exactly the minutes that the stored day has up to t.
    read: list[AssetSeries] = []

    def fresh(scene: Scene) -> Look:
        def look(now_ns: int) -> Sign | None:
            if (now_ns // S) % 60 == SETTLED_S:
                read.append(scene.flow.asset(scene.asset).series(1_440))
            return None

        return look

    day = simulate_day(DayPlan(4, 1_800), (make_detector(fresh=fresh),))
    stored = unpack_series(day.minutes)
    later = [series for series in read if len(series)]
    assert len(later) >= 27
    for series in later:
        end = len(series)
        assert series.time_ns[-1] == stored.time_ns[end - 1]
        assert np.array_equal(series.total.buy_usd, stored.total.buy_usd[:end], equal_nan=True)
        assert np.array_equal(series.price, stored.price[:end], equal_nan=True)


def test_a_minute_s_sign_is_dated_when_the_minute_is_settled(
    short_day: DayResult, make_detector: Make
) -> None:
    def look(series: AssetSeries) -> list[tuple[int, Sign]]:
        return [(3, Sign(-1, 2.5)), (7, Sign(1, 0.5)), (9, Sign(1, 1.0))]

    day = watch_minutes(short_day, (make_detector(fresh=None, minutes=look),))
    ends = unpack_series(short_day.minutes).time_ns
    signs = day.signs["x"]
    assert signs.seconds == [
        (int(ends[place]) - day.origin_ns) // S + SETTLED_S for place in (3, 9)
    ]
    assert (signs.sides, signs.scores) == ([-1, 1], [2.5, 1.0])
    assert set(day.signs) == {*short_day.signs, "x"}


def test_the_truth_has_the_day_s_patterns_and_no_regimes(short_day: DayResult) -> None:
    kinds = {record.kind for record in short_day.truth}
    assert TruthKind.REGIME not in kinds
    assert len(kinds) >= 4
    assert isinstance(short_day.signs["wall"], Signs)
