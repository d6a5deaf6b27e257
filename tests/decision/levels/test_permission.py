from collections.abc import Callable

import pytest

from undertow.decision.context import Context
from undertow.decision.levels.permission import PermissionLevel
from undertow.domain.side import Side

MakeContext = Callable[..., Context]


@pytest.mark.parametrize(
    ("level", "index", "passed"),
    [
        (PermissionLevel(), 0, [True, True]),
        (PermissionLevel(), 1, [True, False]),
        (PermissionLevel(shorts=False), 0, [True, False]),
        (PermissionLevel(longs=False), 0, [False, True]),
    ],
)
def test_sides(
    context: MakeContext, level: PermissionLevel, index: int, passed: list[bool]
) -> None:
    ctx = context(index)
    assert [level.judge(ctx, side).passed for side in (Side.BUY, Side.SELL)] == passed


def test_spot_says_why(context: MakeContext) -> None:
    assert PermissionLevel().judge(context(1), Side.SELL).reason == "can_short"
