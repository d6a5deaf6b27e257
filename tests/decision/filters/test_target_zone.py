from collections.abc import Callable
from typing import Any

import pytest

from undertow.decision.context import Context
from undertow.decision.filters.target_zone import TargetZoneFilter
from undertow.domain.side import Side


@pytest.mark.parametrize("side", list(Side))
def test_an_opposing_zone_ahead_is_a_target(
    context: Callable[..., Context], flow: Any, zone_bars: Any, side: Side
) -> None:
    flow.set_bars(900, zone_bars(side.opposite, 0))
    judged = TargetZoneFilter().evaluate(context(), side)
    assert (judged.points, judged.checks[1].value) == (0.5, 200.0)
    assert TargetZoneFilter().evaluate(context(), side.opposite).points == 0.0
