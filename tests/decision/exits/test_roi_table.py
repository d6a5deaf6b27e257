from collections.abc import Callable
from typing import Any

import pytest

from undertow.decision.context import Context
from undertow.decision.exits.roi_table import RoiExit
from undertow.domain.errors import ConfigurationError
from undertow.domain.parameter import parameters_of
from undertow.domain.position import PositionView
from undertow.domain.side import Side
from undertow.domain.time import NS_PER_MINUTE

MakeContext = Callable[..., Context]
MakePosition = Callable[..., PositionView]


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize(
    ("minutes", "gained_ppm", "passed"),
    [
        # Taker fees of 500 ppm at both ends come off the price move.
        (0, 101_000, True),
        (0, 100_990, False),
        (59, 51_000, False),
        (60, 51_000, True),
        (120, 21_000, True),
        (119, 21_000, False),
        (9_999, 20_990, False),
    ],
)
def test_each_step_wants_its_share(
    context: MakeContext,
    position: MakePosition,
    flow: Any,
    side: Side,
    *,
    minutes: int,
    gained_ppm: int,
    passed: bool,
) -> None:
    flow.last_ticks = 100_000 + side * gained_ppm // 10
    ctx = context()
    assert ctx.instrument.fees.taker_ppm == 500
    held = position(side, opened_ns=ctx.now_ns - minutes * NS_PER_MINUTE)
    assert RoiExit().judge(ctx, held).passed is passed


def test_a_table_of_freqtrade(context: MakeContext, position: MakePosition, flow: Any) -> None:
    rule = RoiExit.of({"60": 0.0, "0": 0.04, "30": 0.02})
    assert rule.steps == ((0.0, 0.04), (30.0, 0.02), (60.0, 0.0))
    ctx = context()
    flow.last_ticks = 100_110
    assert rule.judge(ctx, position(opened_ns=ctx.now_ns - 60 * NS_PER_MINUTE)).passed
    assert not rule.judge(ctx, position(opened_ns=ctx.now_ns - 59 * NS_PER_MINUTE)).passed


def test_before_the_first_step_nothing_is_enough(
    context: MakeContext, position: MakePosition, flow: Any
) -> None:
    flow.last_ticks = 190_000
    ctx = context()
    assert not RoiExit.of({"5": 0.01}).judge(ctx, position(opened_ns=ctx.now_ns)).passed


def test_parameters_are_those_of_the_search_space() -> None:
    known = parameters_of(RoiExit)
    first = known["at_start"]
    assert (first.low, first.high, first.space) == (0.01, 0.20, "roi")
    assert (known["third"].low, known["third"].high) == (0.001, 0.05)


@pytest.mark.parametrize("table", [{}, {"-1": 0.1}])
def test_a_table_needs_rising_minutes(table: dict[str, float]) -> None:
    with pytest.raises(ConfigurationError):
        RoiExit.of(table)
    with pytest.raises(ConfigurationError, match="rising minutes"):
        RoiExit(table=((30.0, 0.1), (30.0, 0.2)))
