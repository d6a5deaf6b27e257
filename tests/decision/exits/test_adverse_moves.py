from collections.abc import Callable
from typing import Any

import pytest

from undertow.decision.context import Context
from undertow.decision.exits.adverse_moves import AdverseMovesExit
from undertow.domain.position import PositionView
from undertow.domain.side import Side

MakeContext = Callable[..., Context]
MakePosition = Callable[..., PositionView]
RULE = AdverseMovesExit()


def fall(flow: Any, side: Side, moves: int, step: int = 20) -> None:
    """Flat, then `moves` moves against the side, one every two seconds."""
    start = flow.last_ticks
    path = [start] * 20 + [start - side * step * (1 + i // 2) for i in range(2 * moves)]
    flow.set_closes(1, path)


@pytest.mark.parametrize(
    ("profit_ppm", "needed"),
    [(-5_000, 5), (2_999, 5), (3_000, 3), (9_999, 3), (10_000, 2), (19_999, 2), (20_000, 1)],
)
def test_more_profit_fewer_moves(profit_ppm: int, needed: int) -> None:
    assert RULE.moves_needed(profit_ppm) == needed


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize(("moves", "passed"), [(4, False), (5, True)])
def test_five_moves_close_a_position_without_profit(
    context: MakeContext, position: MakePosition, flow: Any, side: Side, *, moves: int, passed: bool
) -> None:
    fall(flow, side, moves)
    assert RULE.judge(context(), position(side)).passed is passed


@pytest.mark.parametrize("side", list(Side))
def test_two_moves_close_a_large_profit(
    context: MakeContext, position: MakePosition, flow: Any, side: Side
) -> None:
    flow.last_ticks = 100_000 + side * 1_500
    fall(flow, side, 2)
    judged = RULE.judge(context(), position(side))
    assert judged.passed
    assert judged.checks[2].value == 15_000.0


def test_noise_within_the_spread_does_not(
    context: MakeContext, position: MakePosition, flow: Any
) -> None:
    fall(flow, Side.BUY, 5, step=1)  # 5 ticks given back; the spread is 10
    assert RULE.judge(context(), position()).reason == "given_back_ticks"


def test_an_unknown_spread_counts_one_tick(
    context: MakeContext, position: MakePosition, flow: Any
) -> None:
    flow.spread_bps = float("nan")
    fall(flow, Side.BUY, 5, step=1)
    assert RULE.judge(context(), position()).checks[1].threshold == 2.0


def test_no_data_no_exit(context: MakeContext, position: MakePosition) -> None:
    assert RULE.judge(context(), position()).reason == "moves_insufficient"
