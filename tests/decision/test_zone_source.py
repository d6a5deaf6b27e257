from collections.abc import Callable
from typing import Any

import pytest

from undertow.decision.context import Context
from undertow.decision.zone_source import ZoneSource
from undertow.domain.side import Side

MakeContext = Callable[..., Context]


def test_found_once_per_bar(context: MakeContext, flow: Any, zone_bars: Any) -> None:
    flow.set_bars(900, zone_bars(Side.BUY, 0))
    ctx = context()
    found = ZoneSource().find(ctx)
    assert len(found) == 1
    assert ZoneSource().find(ctx) is found
    assert ZoneSource(bars=20).find(ctx) == ()


@pytest.mark.parametrize("side", list(Side))
def test_the_way_to_the_target(context: MakeContext, flow: Any, zone_bars: Any, side: Side) -> None:
    flow.set_bars(900, zone_bars(side.opposite, 0))
    target = ZoneSource().target(context(), side)
    assert target is not None
    assert (target.zone.side, target.away_ticks) == (-side, 200)
    assert ZoneSource().target(context(), side.opposite) is None
