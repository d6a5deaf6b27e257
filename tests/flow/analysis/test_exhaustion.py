from collections.abc import Callable
from math import isnan
from typing import Any

import pytest

from undertow.domain.side import Side
from undertow.flow.exhaustion import exhaustion

Make = Callable[..., Any]


def _push(flow_of: Make, bars_of: Make, now: int = 10) -> Any:
    # 290 lots in the 270 s before: about 1.07 a second, 10 lots in 30 s: 0.33 a second.
    bars = bars_of(
        [(100 + 10 * k, 112 + 10 * k, 99 + 10 * k, 110 + 10 * k, 9, 3) for k in range(5)]
    )
    windows = {30: (now, 4, 6, 4), 300: (290 + now, 90, 60, 20)}
    return flow_of(windows, {60: bars}, 150)


def test_a_push_that_runs_dry_is_exhausted(flow_of: Make, bars_of: Make) -> None:
    found = exhaustion(_push(flow_of, bars_of), Side.BUY)
    assert (found.is_exhausted, found.push_ticks, found.is_sufficient) == (True, 50, True)
    assert found.ratio == pytest.approx((10 / 30) / (290 / 270))


def test_the_mirror_is_exhausted_for_the_other_side(flow_of: Make, bars_of: Make) -> None:
    flow = _push(flow_of, bars_of)
    assert exhaustion(flow.mirrored(), Side.SELL) == exhaustion(flow, Side.BUY)


def test_volume_that_goes_on_is_not(flow_of: Make, bars_of: Make) -> None:
    assert not exhaustion(_push(flow_of, bars_of, now=30), Side.BUY).is_exhausted


def test_without_a_push_there_is_nothing_to_exhaust(flow_of: Make, bars_of: Make) -> None:
    found = exhaustion(_push(flow_of, bars_of), Side.SELL)
    assert (found.is_exhausted, found.push_ticks) == (False, -50)
    small = exhaustion(_push(flow_of, bars_of), Side.BUY, least_push_ticks=51)
    assert not small.is_exhausted


def test_too_little_history_says_nothing(flow_of: Make, bars_of: Make) -> None:
    found = exhaustion(flow_of({30: (1, 1, 1, 1), 300: (90, 9, 9, 9)}), Side.BUY)
    assert (found.is_exhausted, found.is_sufficient) == (False, False)
    assert isnan(found.ratio)
    flow = _push(flow_of, bars_of)
    few = flow_of({30: (9, 1, 6, 1), 300: (99, 9, 10, 9)}, flow.closed)
    assert not exhaustion(few, Side.BUY).is_sufficient
