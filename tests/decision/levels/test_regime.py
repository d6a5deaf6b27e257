from collections.abc import Callable
from math import isnan, nan
from typing import Any

import msgspec
import numpy as np
import pytest

from undertow.decision.context import Context
from undertow.decision.levels.regime import RegimeLevel, Structure, rank_share
from undertow.domain.side import Side

MakeContext = Callable[..., Context]
EASY = RegimeLevel(
    min_adx=0.0, min_persistence=0.0, max_reversion=1.1, min_volume_trend=-9.0, min_atr_rank=0.0,
    min_atr_costs=0.0,
)  # fmt: skip


def trending(side: Side, count: int = 150) -> list[int]:
    """A drift of 40 ticks a bar whose pace comes and goes in long waves, with seeded noise."""
    noise = np.random.default_rng(5).normal(0.0, 12.0, count)
    pace = 40.0 + 38.0 * np.sin(np.arange(count) / 12.0) + noise
    return [100_000 + int(side * moved) for moved in np.cumsum(pace)]


@pytest.mark.parametrize("side", list(Side))
def test_a_clear_trend_is_traded_its_way_only(context: MakeContext, flow: Any, side: Side) -> None:
    flow.set_closes(900, trending(side))
    ctx = context()
    assert EASY.direction(ctx) is side
    assert EASY.judge(ctx, side).passed
    assert EASY.judge(ctx, side.opposite).reason == "structure"
    reading = EASY.read(ctx)
    assert reading.adx > 25.0
    assert reading.persistence > 0.55
    assert reading.reversion < 0.6


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"min_adx": 101.0}, "adx"),
        ({"min_persistence": 1.0}, "persistence"),
        ({"max_reversion": 0.0}, "reversion"),
        ({"min_volume_trend": 9.0}, "volume_trend"),
        ({"min_atr_rank": 1.1}, "atr_rank"),
        ({"min_atr_costs": 999.0}, "atr_bps"),
    ],
)
def test_each_condition_can_stop(
    context: MakeContext, flow: Any, change: dict[str, float], reason: str
) -> None:
    flow.set_closes(900, trending(Side.BUY))
    level = msgspec.structs.replace(EASY, **change)
    assert level.judge(context(), Side.BUY).reason == reason


def test_short_history_is_named_not_guessed(context: MakeContext, flow: Any) -> None:
    flow.set_closes(900, trending(Side.BUY, 40))
    judged = EASY.judge(context(), Side.BUY)
    missing = [check.name for check in judged.checks if check.reason == "insufficient"]
    assert missing == ["persistence", "reversion"]
    assert not judged.passed


def test_without_bars_nothing_is_known(context: MakeContext) -> None:
    ctx = context()
    assert EASY.direction(ctx) is None
    assert EASY.judge(ctx, Side.BUY).reason == "structure_insufficient"


def test_swings_tell_a_trend_that_bars_do_not(context: MakeContext, flow: Any) -> None:
    closes = [100_000 + 20 * i + (90 if i % 6 < 3 else 0) for i in range(150)]
    flow.set_closes(900, closes)
    by_swings = msgspec.structs.replace(EASY, structure=Structure.SWINGS, structure_bars=2)
    ctx = context()
    assert by_swings.direction(ctx) is Side.BUY


def test_read_once_per_bar(context: MakeContext, flow: Any) -> None:
    flow.set_closes(900, trending(Side.BUY))
    cache: dict[Any, tuple[int, object]] = {}
    first = EASY.judge(context(cache=cache), Side.BUY)
    assert EASY.judge(context(cache=cache), Side.BUY) is first


def test_rank_share() -> None:
    assert rank_share(np.array([1.0, 2.0, 3.0, 4.0, 2.5])) == 0.5
    assert rank_share(np.array([nan, 1.0, 2.0])) == 1.0
    for short in ([], [1.0], [1.0, nan], [nan, 1.0]):
        assert isnan(rank_share(np.array(short)))
