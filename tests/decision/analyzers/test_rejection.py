from collections.abc import Callable
from typing import Any

import pytest

from undertow.decision.analyzers.rejection import RejectionAnalyzer
from undertow.decision.context import Context
from undertow.domain.side import Side


@pytest.mark.parametrize(
    ("bar", "passed"),
    [
        ((1_000, 1_012, 960, 1_010, 9, 9), [True, False]),
        ((1_000, 1_040, 988, 990, 9, 9), [False, True]),
        ((1_000, 1_010, 990, 1_000, 9, 9), [False, False]),
        ((1_000, 1_000, 1_000, 1_000, 0, 0), [False, False]),
    ],
)
def test_the_wick_has_a_side(
    context: Callable[..., Context], flow: Any, bar: tuple[int, ...], passed: list[bool]
) -> None:
    flow.set_bars(60, [bar])
    judged = [RejectionAnalyzer().analyze(context(), side) for side in (Side.BUY, Side.SELL)]
    assert [one.passed for one in judged] == passed
    assert {one.strength for one in judged if one.passed} <= {0.8}
