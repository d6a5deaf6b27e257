from collections.abc import Callable
from typing import Any

import pytest

from undertow.decision.context import Context
from undertow.decision.filters.fair_value_gap import FairValueGapFilter
from undertow.domain.side import Side


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize(("away", "points"), [(0, 1.5), (450, 0.0)])
def test_a_gap_of_its_own_direction_at_price(
    context: Callable[..., Context], flow: Any, gap_bars: Any, side: Side, *, away: int,
    points: float,
) -> None:  # fmt: skip
    flow.set_bars(900, gap_bars(side))
    flow.last_ticks = 100_000 + side * away
    assert FairValueGapFilter().evaluate(context(), side).points == points
    assert FairValueGapFilter().evaluate(context(), side.opposite).points == 0.0
