from collections.abc import Callable
from math import isnan
from typing import Any

from undertow.flow.speed import speed


def test_speed_is_signed_and_in_average_ranges(
    flow_of: Callable[..., Any], bars_of: Callable[..., Any]
) -> None:
    bars = bars_of([(100 + k, 101 + k, 100 + k, 101 + k, 1, 1) for k in range(20)], 1)
    flow = flow_of(closed={1: bars})
    assert speed(flow, 15, 30.0) == 0.5
    assert speed(flow.mirrored(), 15, 30.0) == -0.5


def test_too_few_seconds_or_no_range_is_unknown(
    flow_of: Callable[..., Any], bars_of: Callable[..., Any]
) -> None:
    flow = flow_of(closed={1: bars_of([(1, 2, 1, 2, 1, 1)] * 9, 1)})
    assert isnan(speed(flow, 10, 30.0))
    assert isnan(speed(flow, 9, 0.0))
    assert isnan(speed(flow, 9, float("nan")))
