"""The worked example, with its two mistakes corrected (DEC-33; D-19, D-20)."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from undertow.decision.context import Context
from undertow.decision.filters.autocorrelation import AutocorrelationFilter, Style
from undertow.decision.filters.timeframes import TimeframesFilter
from undertow.decision.pipeline import Band
from undertow.decision.standard_filters import StandardFilters
from undertow.domain.side import Side

MakeContext = Callable[..., Context]
EXAMPLE = StandardFilters(
    autocorrelation=AutocorrelationFilter(style=Style.REVERSION),
    timeframes=TimeframesFilter(weight=0.0),
)


@pytest.fixture
def example(flow: Any, zone_bars: Any) -> Any:
    """Price at value low, 1.8 deviations down, zigzag minutes, fresh demand, a bullish gap."""
    flow.last_ticks = 99_600
    flow.profile = (list(range(99_600, 101_000, 100)), [float(20 - i) for i in range(14)])
    flow.set_closes(1, [99_600 + 360 - 200, 99_600 + 360 + 200] * 450)
    flow.set_closes(60, [100_000 + 60 * (i % 2) for i in range(60)])
    gap = [
        (99_300, 99_350, 99_250, 99_350, 50, 50),
        (99_350, 100_000, 99_350, 100_000, 50, 50),
        (100_000, 100_020, 99_600, 100_000, 50, 50),
    ]
    flow.set_bars(900, gap + zone_bars(Side.BUY, 0))
    return flow


@pytest.mark.usefixtures("example")
def test_the_worked_example_makes_6_75_of_8(context: MakeContext) -> None:
    found = EXAMPLE.pipeline().evaluate(context(), Side.BUY)
    points = {one.name: one.points for one in found.verdicts}
    assert points == {
        "market_profile": 1.5,
        "mean_reversion": 0.75,
        "autocorrelation": 1.0,
        "defended_zone": 2.0,
        "target_zone": 0.0,
        "fair_value_gap": 1.5,
    }
    assert (found.score, found.maximum, found.share) == (6.75, 8.0, 0.84375)
    assert (found.passed, found.band) == (True, Band.STRONG)


@pytest.mark.usefixtures("example")
def test_the_same_market_says_little_for_a_short(context: MakeContext) -> None:
    assert EXAMPLE.pipeline().evaluate(context(), Side.SELL).score <= 1.5


def test_a_filter_without_weight_is_left_out() -> None:
    assert [one.name for one in EXAMPLE.pipeline().filters][-1] == "fair_value_gap"
    assert StandardFilters().pipeline().maximum == 9.0


def test_weights_are_data() -> None:
    plain = {"threshold": 5.0, "profile": {"weight": 2.5}}
    made = msgspec.convert(plain, StandardFilters)
    assert made.pipeline().maximum == 10.0
    assert made.threshold == 5.0
