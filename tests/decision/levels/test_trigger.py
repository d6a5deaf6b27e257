from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from undertow.decision.context import Context
from undertow.decision.levels.trigger import PlacedTrigger, TriggerLevel
from undertow.decision.levels.zone import ZoneLevel
from undertow.decision.location import Location, PlaceKind
from undertow.domain.side import Side

MakeContext = Callable[..., Context]
Row = tuple[int, ...]


def seconds_of_a_bounce() -> list[Row]:
    """A minute that dips 100 ticks into the zone and leaves it upwards with buyers behind."""
    closes = [100_000 - 4 * i for i in range(26)] + [99_900 + 4 * i for i in range(1, 35)]
    rows: list[Row] = []
    before = 100_000
    for close in closes:
        rows.append((before, max(before, close), min(before, close), close, 8, 4))
        before = close
    return rows


@pytest.fixture(params=list(Side))
def side(request: pytest.FixtureRequest) -> Side:
    found: Side = request.param
    return found


@pytest.fixture
def place(flow: Any, side: Side, mirrored: Callable[[Row], Row]) -> Location:
    rows = seconds_of_a_bounce()
    quiet = [(100_000, 100_030, 99_970, 100_000, 100, 100)] * 40
    for timeframe_s, bars in ((1, rows), (60, quiet)):
        flow.set_bars(timeframe_s, [row if side is Side.BUY else mirrored(row) for row in bars])
    buy, sell = (480, 240) if side is Side.BUY else (240, 480)
    flow.set_window(60, buy, sell, trades=90)
    flow.last_ticks = 100_000 + side * 40
    low, high = sorted((100_000 - side * 150, 100_000 - side * 50))
    return Location(PlaceKind.ZONE, low, high, 1.0)


def test_a_bounce_with_volume_and_wick_fires(
    context: MakeContext, side: Side, place: Location
) -> None:
    judged = TriggerLevel().judge_at(context(), side, place)
    assert judged.passed, judged
    values = {check.name: check.value for check in judged.checks}
    assert values["volume_spike"] == pytest.approx(3.6)
    assert values["close_strength"] == pytest.approx(1.0, abs=0.1)
    assert judged.strength == values["bounce"] > 0.7


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"min_bounce": 0.99}, "bounce"),
        ({"min_volume_spike": 4.0}, "volume_spike"),
        ({"min_close_strength": 1.01}, "close_strength"),
        ({"volume_bars": 90}, "volume_spike_insufficient"),
        ({"window_s": 70}, "bounce_insufficient"),
    ],
)
def test_each_condition_can_stop(
    context: MakeContext, side: Side, place: Location, change: dict[str, Any], reason: str
) -> None:
    level = msgspec.structs.replace(TriggerLevel(), **change)
    assert level.judge_at(context(), side, place).reason == reason


def test_price_must_leave_the_zone(
    context: MakeContext, flow: Any, side: Side, place: Location
) -> None:
    flow.last_ticks = 100_000 - side * 60
    assert TriggerLevel().judge_at(context(), side, place).reason == "leaving"
    assert TriggerLevel(needs_leaving=False).judge_at(context(), side, place).passed


def test_the_other_side_does_not_fire(context: MakeContext, side: Side, place: Location) -> None:
    assert not TriggerLevel().judge_at(context(), side.opposite, place).passed


def test_placed_by_the_zone_level(context: MakeContext, side: Side, place: Location) -> None:
    level = PlacedTrigger(TriggerLevel(), ZoneLevel())
    assert level.name == "trigger"
    assert level.judge(context(), side).reason == "at_zone"
