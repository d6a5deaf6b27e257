from collections.abc import Callable
from typing import Any

import pytest

from undertow.decision.context import Context
from undertow.decision.levels.alignment import AlignmentLevel
from undertow.domain.side import Side

MakeContext = Callable[..., Context]
UP, FLAT, DOWN = [1_000, 1_100, 1_200, 1_300], [1_000] * 4, [1_300, 1_200, 1_100, 1_000]


@pytest.mark.parametrize(
    ("closes", "passed", "strength"), [(UP, True, 1.0), (FLAT, True, 0.0), (DOWN, False, 0.0)]
)
def test_only_the_opposite_structure_stops(
    context: MakeContext, flow: Any, closes: list[int], passed: bool, strength: float
) -> None:
    flow.set_closes(300, closes)
    judged = AlignmentLevel().judge(context(), Side.BUY)
    assert (judged.passed, judged.strength) == (passed, strength)


def test_shorts_are_mirrored(context: MakeContext, flow: Any) -> None:
    flow.set_closes(300, DOWN)
    assert AlignmentLevel().judge(context(), Side.SELL).strength == 1.0


def test_missing_bars_are_insufficient(context: MakeContext) -> None:
    assert AlignmentLevel().judge(context(), Side.BUY).reason == "structure_5m_insufficient"


@pytest.mark.parametrize(("fives", "reason"), [(UP, "passed"), (FLAT, "aligned_share")])
def test_agreement_may_be_asked_for(
    context: MakeContext, flow: Any, fives: list[int], reason: str
) -> None:
    flow.set_closes(60, FLAT)
    flow.set_closes(300, fives)
    level = AlignmentLevel(timeframes=("1m", "5m"), min_share=0.5)
    assert level.judge(context(), Side.BUY).reason == reason
