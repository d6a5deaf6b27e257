from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.intent import Intent
from undertow.domain.side import Side
from undertow.domain.trail import Trail
from undertow.execution.execution_config import StrategyPolicy
from undertow.execution.stop_plan import StopPlan, adopted_plan, plan_stop, stop_at, tighter

MakeIntent = Callable[..., Intent]
PLAIN = StrategyPolicy(trail_ppm=0)


def _plan(make: MakeIntent, fill: int, policy: StrategyPolicy, **more: int) -> StopPlan:
    return plan_stop(Side.BUY, fill, make(reference_ticks=1000, **more), policy, 20_000)


@pytest.mark.parametrize(
    ("fill", "more", "stop"),
    [
        (1000, {"stop_ticks": 990, "trail_ppm": 5000}, 995),  # the tighter of the two
        (1000, {"stop_ticks": 997, "trail_ppm": 5000}, 997),
        (1010, {"stop_ticks": 990}, 990),
        (985, {"stop_ticks": 990}, 975),  # filled beyond the stop: the distance is kept
        (1000, {}, 980),  # none given: the fallback
        (1000, {"trail_ppm": 100}, 999),  # never on the price itself
    ],
)
def test_the_first_stop(
    make_intent: MakeIntent, fill: int, more: dict[str, int], stop: int
) -> None:
    plan = _plan(make_intent, fill, PLAIN, **more)
    assert (plan.stop_ticks, plan.entry_ticks, plan.extreme_ticks) == (stop, fill, fill)
    assert not plan.is_trailing


def test_a_short_is_the_mirror(make_intent: MakeIntent) -> None:
    intent = make_intent(reference_ticks=1000, stop_ticks=1010, trail_ppm=5000)
    plan = plan_stop(Side.SELL, 1000, intent, PLAIN, 20_000)
    assert plan.stop_ticks == 1005
    assert plan.at_extreme(980).stop_ticks == 984  # 980 + 4: toward the position


def test_activation_waits_for_profit(make_intent: MakeIntent) -> None:
    policy = StrategyPolicy(trail_ppm=5_000, activation_ppm=5_000)
    plan = _plan(make_intent, 1000, policy, stop_ticks=980)
    assert plan.stop_ticks == 980
    assert plan.at_extreme(1004).stop_ticks == 980
    assert plan.at_extreme(1005).stop_ticks == 1000


def test_an_intent_that_states_its_trail_is_active_at_once(make_intent: MakeIntent) -> None:
    policy = StrategyPolicy(trail_ppm=5_000, activation_ppm=5_000)
    assert _plan(make_intent, 1000, policy, stop_ticks=980, trail_ppm=8_000).stop_ticks == 992


def test_tighten_narrows_only(make_intent: MakeIntent) -> None:
    plan = _plan(make_intent, 1000, PLAIN, trail_ppm=5000)
    assert plan.tightened(3000).stop_ticks == 997
    assert plan.tightened(6000) == plan
    assert plan.tightened(0) == plan


def test_target(make_intent: MakeIntent) -> None:
    plan = _plan(make_intent, 1000, PLAIN, take_profit_ticks=1010)
    assert not plan.at_extreme(1009).reached_target()
    assert plan.at_extreme(1010).reached_target()
    assert not _plan(make_intent, 1000, PLAIN).at_extreme(9999).reached_target()


def test_a_second_entry_keeps_the_tighter_stop(make_intent: MakeIntent) -> None:
    first = _plan(make_intent, 1000, PLAIN, stop_ticks=990)
    second = _plan(make_intent, 1010, PLAIN, stop_ticks=985, take_profit_ticks=1100)
    joined = first.joined(second)
    assert (joined.stop_ticks, joined.extreme_ticks, joined.take_profit_ticks) == (990, 1010, 1100)
    assert joined.is_trailing is False


def test_adopted_positions_get_the_policys_stop() -> None:
    plan = adopted_plan(Side.SELL, 1000, StrategyPolicy(), 20_000)
    assert (plan.stop_ticks, plan.distance_ppm) == (1005, 5000)
    assert adopted_plan(Side.SELL, 1000, PLAIN, 20_000).stop_ticks == 1020


prices = st.lists(st.integers(500, 2000), max_size=30)


@given(side=st.sampled_from(Side), moves=prices, trails=prices)
def test_a_stop_never_moves_away_from_profit(
    make_intent: MakeIntent, side: Side, moves: list[int], trails: list[int]
) -> None:
    intent = make_intent(reference_ticks=1000, stop_ticks=1000 - side * 10, trail_ppm=5000)
    plan = plan_stop(side, 1000, intent, PLAIN, 5000)
    for price, trail in zip(moves, trails, strict=False):
        after = plan.at_extreme(price).tightened(trail).with_stop(price - side * 700)
        assert side * (after.stop_ticks - plan.stop_ticks) >= 0
        assert side * (after.extreme_ticks - plan.extreme_ticks) >= 0
        plan = after
    assert side * (plan.extreme_ticks - plan.stop_ticks) > 0


def test_rounding_is_toward_the_price() -> None:
    assert stop_at(Side.BUY, 1_999, 1_000) == 1_998
    assert stop_at(Side.SELL, 1_999, 1_000) == 2_000
    assert tighter(Side.BUY, 3, 5) == 5
    assert tighter(Side.SELL, 3, 5) == 3


def test_a_closer_trail_takes_over_at_its_offset(make_intent: MakeIntent) -> None:
    # Trails by 10 % from the entry; once 3 % were gained, by 2 % (freqtrade's positive and offset).
    trail = Trail.of_ratios(-0.10, positive=0.02, positive_offset=0.03)
    intent = make_intent(reference_ticks=1000, trail=trail)
    plan = plan_stop(Side.BUY, 1000, intent, PLAIN, 20_000)
    assert (plan.stop_ticks, plan.distance_ppm) == (900, 100_000)
    assert plan.at_extreme(1029).stop_ticks == 927
    assert plan.at_extreme(1030).stop_ticks == 1010
    assert plan.at_extreme(1030).distance_ppm == 20_000


def test_only_from_the_offset_on(make_intent: MakeIntent) -> None:
    trail = Trail.of_ratios(-0.10, positive=0.02, positive_offset=0.03, only_offset_is_reached=True)
    intent = make_intent(reference_ticks=1000, stop_ticks=900, trail=trail)
    plan = plan_stop(Side.BUY, 1000, intent, PLAIN, 20_000)
    assert plan.at_extreme(1029).stop_ticks == 900
    assert plan.at_extreme(1030).stop_ticks == 1010


def test_break_even_brings_the_stop_to_the_entry(make_intent: MakeIntent) -> None:
    trail = Trail(break_even_ppm=10_000)
    intent = make_intent(reference_ticks=1000, stop_ticks=980, trail=trail)
    plan = plan_stop(Side.BUY, 1000, intent, PLAIN, 20_000)
    assert plan.at_extreme(1009).stop_ticks == 980
    assert plan.at_extreme(1010).stop_ticks == 1000
    assert plan.at_extreme(1010).at_extreme(1001).stop_ticks == 1000


def test_an_intents_trail_stands_instead_of_the_policys(make_intent: MakeIntent) -> None:
    intent = make_intent(reference_ticks=1000, stop_ticks=980, trail=Trail())
    plan = plan_stop(Side.BUY, 1000, intent, StrategyPolicy(trail_ppm=5_000), 20_000)
    assert plan.at_extreme(1500).stop_ticks == 980
