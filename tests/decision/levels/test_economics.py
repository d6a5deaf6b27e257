from collections.abc import Callable
from math import nan
from typing import Any

import pytest

from undertow.decision.context import Context
from undertow.decision.levels.economics import EconomicsLevel
from undertow.domain.side import Side

MakeContext = Callable[..., Context]


def set_range(flow: Any, ticks: int) -> None:
    flow.set_bars(900, [(100_000, 100_000 + ticks // 2, 100_000 - ticks // 2, 100_000, 9, 9)] * 40)


@pytest.mark.parametrize(("range_ticks", "reason"), [(196, "passed"), (194, "expected_bps")])
def test_the_move_must_pay_one_and_a_half_times_its_cost(
    context: MakeContext, flow: Any, range_ticks: int, reason: str
) -> None:
    set_range(flow, range_ticks)  # cost: 2 * 5 fees + 1 spread + 2 slippage = 13 bps
    judged = EconomicsLevel().judge(context(), Side.BUY)
    assert judged.reason == reason
    assert judged.checks[0].value == pytest.approx(13.0)
    assert judged.checks[1].threshold == pytest.approx(19.5)


def test_a_nearer_target_counts_instead_of_the_range(
    context: MakeContext, flow: Any, zone_bars: Any
) -> None:
    flow.set_bars(900, zone_bars(Side.SELL, 0))
    flow.last_ticks = 100_170
    judged = EconomicsLevel(atrs=99.0).judge(context(), Side.BUY)
    assert judged.checks[1].value == pytest.approx(30 / 100_170 * 1e4)
    assert EconomicsLevel(atrs=99.0).judge(context(), Side.SELL).passed


def test_unknown_costs_or_ranges_do_not_pass(context: MakeContext, flow: Any) -> None:
    assert EconomicsLevel().judge(context(), Side.BUY).reason == "expected_bps_insufficient"
    set_range(flow, 500)
    flow.spread_bps = nan
    assert EconomicsLevel().judge(context(), Side.BUY).reason == "cost_bps_insufficient"
