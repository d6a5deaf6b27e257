from collections.abc import Callable
from typing import Any

import pytest

from undertow.decision.context import Context
from undertow.decision.filters.defended_zone import DefendedZoneFilter
from undertow.domain.side import Side

MakeContext = Callable[..., Context]


@pytest.mark.parametrize(
    ("visits", "points", "reason"),
    [(0, 2.0, "fresh"), (1, 1.0, "tested"), (2, 1.0, "tested"), (3, 0.0, "worn")],
)
@pytest.mark.parametrize("side", list(Side))
def test_fresh_zones_give_most(
    context: MakeContext, flow: Any, zone_bars: Any, side: Side, *, visits: int, points: float,
    reason: str,
) -> None:  # fmt: skip
    flow.set_bars(900, zone_bars(side, visits))
    flow.last_ticks = 100_000 - side * 400
    judged = DefendedZoneFilter().evaluate(context(), side)
    assert (judged.points, judged.reason) == (points, reason)
    assert DefendedZoneFilter().evaluate(context(), side.opposite).points == 0.0


def test_away_from_every_zone(context: MakeContext, flow: Any, zone_bars: Any) -> None:
    flow.set_bars(900, zone_bars(Side.BUY, 0))
    assert DefendedZoneFilter().evaluate(context(), Side.BUY).reason == "none"
