from collections.abc import Callable
from math import isnan
from typing import Any

import pytest

from undertow.domain.side import Side
from undertow.flow.bounce import Bounce, bounce

Make = Callable[..., Any]
MINUTE = (104, 111, 100, 110, 30, 10)


def _seconds(bars_of: Make, step: int) -> Any:
    return bars_of(
        [(k * step, k * step + step, k * step, k * step + step, 1, 1) for k in range(20)], 1
    )


def _long(flow_of: Make, bars_of: Make, last: int = 112) -> Any:
    return flow_of(closed={60: bars_of([MINUTE]), 1: _seconds(bars_of, 1)}, last_ticks=last)


def test_a_strong_bounce_fires(flow_of: Make, bars_of: Make) -> None:
    found = bounce(_long(flow_of, bars_of), Side.BUY, 98, 105, 15.0, trigger=0.6)
    assert found.wick_share == pytest.approx(4 / 11)
    assert found.close_location == pytest.approx(10 / 11)
    assert (found.delta_agreement, found.speed) == (1.0, 1.0)
    assert found.strength == pytest.approx((4 / 11 + 10 / 11 + 2.0) / 4.0)
    assert (found.side, found.is_leaving_zone, found.is_sufficient) == (1, True, True)


def test_the_mirror_fires_short_with_the_same_parts(flow_of: Make, bars_of: Make) -> None:
    flow = _long(flow_of, bars_of)
    long: Bounce = bounce(flow, Side.BUY, 98, 105, 15.0)
    short: Bounce = bounce(flow.mirrored(), Side.SELL, -105, -98, 15.0)
    assert (short.side, short.is_leaving_zone) == (-long.side, long.is_leaving_zone)
    for one, other in (
        (short.strength, long.strength),
        (short.wick_share, long.wick_share),
        (short.close_location, long.close_location),
        (short.speed, long.speed),
    ):
        assert one == pytest.approx(other)


def test_still_inside_or_never_there_does_not_fire(flow_of: Make, bars_of: Make) -> None:
    inside = bounce(_long(flow_of, bars_of, last=105), Side.BUY, 98, 105, 15.0)
    far = bounce(_long(flow_of, bars_of), Side.BUY, 80, 99, 15.0)
    assert [x.side for x in (inside, far)] == [0, 0]
    assert [x.is_leaving_zone for x in (inside, far)] == [False, False]
    assert inside.strength == far.strength > 0.7


def test_the_other_side_scores_low(flow_of: Make, bars_of: Make) -> None:
    found = bounce(_long(flow_of, bars_of, last=90), Side.SELL, 98, 105, 15.0)
    assert (found.delta_agreement, found.speed, found.side) == (0.0, 0.0, 0)
    assert found.strength < 0.1


@pytest.mark.parametrize("atr", [0.0, float("nan")])
def test_without_an_atr_it_says_nothing(atr: float, flow_of: Make, bars_of: Make) -> None:
    found = bounce(_long(flow_of, bars_of), Side.BUY, 98, 105, atr)
    assert (found.side, found.is_sufficient) == (0, False)
    assert isnan(found.strength)


def test_without_bars_or_range_it_says_nothing(flow_of: Make, bars_of: Make) -> None:
    flat = flow_of(closed={60: bars_of([(5, 5, 5, 5, 1, 1)]), 1: _seconds(bars_of, 1)})
    assert not bounce(flat, Side.BUY, 1, 9, 5.0).is_sufficient
    assert not bounce(flow_of(), Side.BUY, 1, 9, 5.0).is_sufficient
