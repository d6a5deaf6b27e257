from collections.abc import Callable

import pytest

from undertow.backtest.detection.day_plan import DayPlan
from undertow.backtest.detection.day_result import DayResult, Signs, decode_day, encode_day
from undertow.domain.errors import DataError
from undertow.simulator.market.ground_truth import GroundTruth, TruthKind


def test_a_day_comes_back_as_it_was(
    make_day: Callable[..., DayResult], make_record: Callable[..., GroundTruth]
) -> None:
    plan = DayPlan(5, 60, without=(TruthKind.WHALE,))
    signs = {"x": Signs([5], [-1], [float("inf")])}
    day = make_day([make_record(1, 2, 1)], signs, plan)
    assert decode_day(encode_day(day)) == day


def test_other_bytes_are_refused() -> None:
    with pytest.raises(DataError, match="day of the detection study"):
        decode_day(b"\x93\x01\x02\x03")
