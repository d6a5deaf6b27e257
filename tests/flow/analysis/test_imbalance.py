from collections.abc import Callable
from math import inf, isnan, log
from typing import Any

import pytest

from undertow.flow.imbalance import dominant_side, imbalance, ratio_strength, volume_ratio

FlowOf = Callable[..., Any]


@pytest.mark.parametrize(
    ("buy", "sell", "side"),
    [(25, 10, 1), (24, 10, 0), (10, 25, -1), (10, 24, 0), (5, 0, 1), (0, 5, -1), (0, 0, 0)],
)
def test_the_threshold_is_the_same_for_both_sides(buy: int, sell: int, side: int) -> None:
    assert dominant_side(buy, sell, 2.5) == side
    assert dominant_side(sell, buy, 2.5) == -side


def test_a_window_by_hand(flow_of: FlowOf) -> None:
    found = imbalance(flow_of({30: (30, 10, 4, 2)}))
    assert (found.side, found.ratio, found.trades, found.is_sufficient) == (1, 3.0, 6, True)
    assert found.log_ratio == pytest.approx(log(3.0))
    assert found.imbalance == 0.5
    assert found.strength == pytest.approx(0.6)


def test_the_mirror_has_the_other_side_and_the_same_strength(flow_of: FlowOf) -> None:
    flow = flow_of({30: (31, 11, 4, 2)})
    found, mirror = imbalance(flow), imbalance(flow.mirrored())
    assert mirror.side == -found.side
    assert mirror.strength == pytest.approx(found.strength)
    assert (mirror.log_ratio, mirror.imbalance) == (-found.log_ratio, -found.imbalance)


def test_one_sided_flow_is_full_strength(flow_of: FlowOf) -> None:
    buys = imbalance(flow_of({30: (8, 0, 6, 0)}))
    assert (buys.side, buys.ratio, buys.log_ratio, buys.strength) == (1, inf, inf, 1.0)
    sells = imbalance(flow_of({30: (0, 8, 0, 6)}))
    assert (sells.side, sells.ratio, sells.log_ratio, sells.strength) == (-1, 0.0, -inf, 1.0)


def test_too_few_trades_or_too_little_volume_say_nothing(flow_of: FlowOf) -> None:
    few = imbalance(flow_of({30: (30, 10, 3, 1)}))
    assert (few.side, few.is_sufficient) == (0, False)
    assert isnan(few.ratio)
    assert isnan(few.strength)
    thin = imbalance(flow_of({30: (30, 10, 4, 2)}), least_lots=41)
    assert not thin.is_sufficient
    assert not imbalance(flow_of()).is_sufficient


def test_ratios_and_strengths_at_their_edges() -> None:
    assert isnan(volume_ratio(0, 0))
    assert [ratio_strength(x) for x in (1.0, 5.0, 0.2, 9.0, inf, 0.0)] == [0.2, 1, 1, 1, 1, 1]
    assert isnan(ratio_strength(volume_ratio(0, 0)))
