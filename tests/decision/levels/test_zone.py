from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from undertow.decision.context import Context
from undertow.decision.levels.zone import ZoneLevel
from undertow.decision.location import PlaceKind
from undertow.domain.side import Side

MakeContext = Callable[..., Context]
ROWS = list(range(99_000, 101_001, 100))
LOTS = [float(10 - abs(i - 10)) for i in range(21)]


@pytest.mark.parametrize("side", list(Side))
def test_a_zone_is_the_strongest_place(
    context: MakeContext, flow: Any, zone_bars: Any, side: Side
) -> None:
    flow.set_bars(900, zone_bars(side, 0))
    flow.last_ticks = 100_000 - side * 250
    judged = ZoneLevel().judge(context(), side)
    assert (judged.passed, judged.strength) == (True, 1.0)
    assert {check.value for check in judged.checks[1:]} == {
        100_000.0 - side * 450,
        100_000.0 - side * 200,
    }
    assert ZoneLevel().judge(context(), side.opposite).reason == "at_zone"


@pytest.mark.parametrize("side", list(Side))
def test_a_gap_comes_next(context: MakeContext, flow: Any, gap_bars: Any, side: Side) -> None:
    flow.set_bars(900, gap_bars(side))
    place = ZoneLevel().find(context(), side)
    assert place is not None
    assert (place.kind, place.strength) == (PlaceKind.GAP, 0.6)


@pytest.mark.parametrize("side", list(Side))
def test_then_the_edge_of_value(context: MakeContext, flow: Any, side: Side) -> None:
    flow.profile, flow.last_ticks = (ROWS, LOTS), 100_000 - side * 450
    place = ZoneLevel().find(context(), side)
    assert place is not None
    assert place.kind is PlaceKind.VALUE_EDGE
    assert place.low_ticks < flow.last_ticks < place.high_ticks
    without = msgspec.structs.replace(ZoneLevel(), profile_minutes=0)
    assert without.find(context(), side) is None


def test_nowhere(context: MakeContext) -> None:
    judged = ZoneLevel().judge(context(), Side.BUY)
    assert (judged.reason, judged.checks[1].value) == ("at_zone", 100.0)
