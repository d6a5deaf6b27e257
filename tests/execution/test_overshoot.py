from typing import Any

from undertow.domain.order import Limit
from undertow.domain.side import Side
from undertow.execution.desk_step import DeskStep
from undertow.execution.desk_timers import fire_timers
from undertow.execution.fill_intake import take_fill
from undertow.execution.overshoot import REASON, net_overshoot


def test_both_sides_are_set_off_at_the_price_of_the_fill(step: DeskStep, hold: Any) -> None:
    over, other = hold("beta", -3, plan=False), hold("alpha", 10)
    over.overshoot_ticks = 994
    net_overshoot(step, over)
    assert (over.signed_lots, other.signed_lots) == (0, 7)
    first, second = step.out.fills
    assert (first.strategy, first.side, first.qty_lots) == ("beta", Side.BUY, 3)
    assert (second.strategy, second.side, second.qty_lots) == ("alpha", Side.SELL, 3)
    for fill in (first, second):
        assert (fill.price_ticks, fill.fee.amount, fill.reason) == (994, 0, REASON)
    assert other.next_ns == step.now_ns


def test_as_far_as_the_others_go(step: DeskStep, hold: Any) -> None:
    over = hold("gamma", 9, plan=False)
    over.overshoot_ticks = 994
    hold("beta", -4), hold("alpha", -2)
    net_overshoot(step, over)
    assert over.signed_lots == 3
    strategies = [fill.strategy for fill in step.out.fills]
    assert strategies == ["gamma", "alpha", "gamma", "beta"]
    assert step.state.net_lots(over.instrument_id) == 3


def test_nobody_on_the_other_side(step: DeskStep, hold: Any) -> None:
    over = hold("beta", -3, plan=False)
    over.overshoot_ticks = 994
    net_overshoot(step, over)
    assert step.out.fills == []


def test_no_further_than_the_overshoot(step: DeskStep, hold: Any) -> None:
    over = hold("beta", -3, plan=False)
    over.overshoot_ticks = 994
    hold("alpha", 10), hold("gamma", 10)
    net_overshoot(step, over)
    assert [fill.strategy for fill in step.out.fills] == ["beta", "alpha"]


def test_what_is_heard_of_later_is_set_off_too(
    step: DeskStep, hold: Any, make_intent: Any, make_fill_report: Any
) -> None:
    over = hold("beta", -3, plan=False)
    over.overshoot_ticks = 994
    tracked = step.submit(make_intent(), Side.BUY, 5, Limit(1000))
    take_fill(step, tracked, make_fill_report("ut1-o1", "f1", 5, 1000))
    assert over.next_ns == step.now_ns
    fire_timers(step)
    lots = {held.strategy: held.signed_lots for held in step.state.holdings.values()}
    assert lots == {"alpha": 2}
