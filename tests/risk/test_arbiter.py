from typing import Any

import msgspec

from undertow.domain.account import AccountView
from undertow.domain.identity import InstrumentId, StrategyId
from undertow.domain.money import Money
from undertow.risk.arbiter import (
    CancelEntries,
    ClosePosition,
    Rule,
    arbitrate,
    portfolio_actions,
    worst_half,
)
from undertow.risk.breakers import BreakerState

replace = msgspec.structs.replace


def _proposal(rule: Rule, name: str = "I") -> ClosePosition:
    return ClosePosition(rule, StrategyId("s"), InstrumentId(name), rule.name)


def test_the_highest_precedence_decides_once() -> None:
    chosen = arbitrate(
        [
            _proposal(Rule.HEALTH),
            _proposal(Rule.DUMP, "J"),
            _proposal(Rule.LADDER),
            _proposal(Rule.DUMP),
        ]
    )
    assert [(action.instrument_id, action.rule) for action in chosen] == [
        ("I", Rule.LADDER),
        ("J", Rule.DUMP),
    ]


def test_worst_half_rounds_up_and_breaks_ties_by_id(account: AccountView, position: Any) -> None:
    crowd = (
        position("p3", last_ticks=499_000),
        position("p1", last_ticks=498_000),
        position("p2", last_ticks=499_000),
    )
    worst = worst_half(replace(account, positions=crowd))
    assert [view.position_id for view in worst] == ["p1", "p2"]


def test_a_big_small_loss_is_worse_than_a_small_big_one(
    account: AccountView, position: Any
) -> None:
    big = position("big", last_ticks=499_000, notional=Money.of("100000", "USDT"))
    small = position("small", last_ticks=490_000)
    assert worst_half(replace(account, positions=(small, big)))[0] is big


def test_kill_closes_all_and_cancels_entries(account: AccountView, position: Any) -> None:
    state = BreakerState(is_killed=True, kill_reason="file", ladder_level=2)
    actions = portfolio_actions(state, replace(account, positions=(position(),)))
    assert isinstance(actions[0], CancelEntries)
    assert {action.rule for action in actions} == {Rule.KILL_SWITCH}
    assert len(actions) == 2


def test_ladder_levels(account: AccountView, position: Any) -> None:
    two = replace(account, positions=(position("a"), position("b")))
    state = BreakerState(ladder_level=2)
    assert len(portfolio_actions(state, two)) == 1
    assert portfolio_actions(state, two) == []
    assert len(portfolio_actions(BreakerState(ladder_level=3), two)) == 3
    assert portfolio_actions(BreakerState(ladder_level=4), two)[1].rule is Rule.DAILY_LOCK
    assert portfolio_actions(BreakerState(ladder_level=1), two) == []
