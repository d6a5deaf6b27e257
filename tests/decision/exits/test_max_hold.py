from collections.abc import Callable

import pytest

from undertow.decision.context import Context
from undertow.decision.exits.max_hold import MaxHoldExit
from undertow.domain.position import PositionView


@pytest.mark.parametrize(("seconds", "passed"), [(0, False), (60, True), (61, False)])
def test_age(
    context: Callable[..., Context], position: Callable[..., PositionView], seconds: int,
    *, passed: bool,
) -> None:  # fmt: skip
    assert MaxHoldExit(seconds=seconds).judge(context(), position()).passed is passed
