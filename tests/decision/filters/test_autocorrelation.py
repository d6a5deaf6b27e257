from collections.abc import Callable
from typing import Any

import pytest

from undertow.decision.context import Context
from undertow.decision.filters.autocorrelation import AutocorrelationFilter, Style
from undertow.domain.side import Side

MakeContext = Callable[..., Context]
TREND = AutocorrelationFilter()
REVERSION = AutocorrelationFilter(style=Style.REVERSION)


def walk(moves: list[int]) -> list[int]:
    closes = [100_000]
    for move in moves:
        closes.append(closes[-1] + move)
    return closes


SLOW_WAVE = walk(([60] * 15 + [-60] * 15) * 2)[-60:]
ZIGZAG = walk([60, -60] * 40)[-60:]
NOISE = walk([60, 60, -60, -60] * 20)[-60:]


@pytest.mark.parametrize(
    ("closes", "trend", "reversion"),
    [(SLOW_WAVE, 1.0, 0.0), (ZIGZAG, 0.0, 1.0), (NOISE, 0.0, 1.0)],
)
def test_signed_and_by_style(
    context: MakeContext, flow: Any, closes: list[int], trend: float, reversion: float
) -> None:
    flow.set_closes(60, closes)
    judged = [rule.evaluate(context(), Side.BUY).points for rule in (TREND, REVERSION)]
    assert judged == [trend, reversion]


def test_both_sides_alike(context: MakeContext, flow: Any) -> None:
    flow.set_closes(60, SLOW_WAVE)
    assert TREND.evaluate(context(), Side.BUY) == TREND.evaluate(context(), Side.SELL)


@pytest.mark.parametrize("closes", [[100_000] * 60, ZIGZAG[-20:]])
def test_undefined_without_movement_or_history(
    context: MakeContext, flow: Any, closes: list[int]
) -> None:
    flow.set_closes(60, closes)
    assert TREND.evaluate(context(), Side.BUY).reason == "insufficient"
