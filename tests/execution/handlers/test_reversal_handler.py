from typing import Any

import pytest

from undertow.domain.command import SubmitOrder
from undertow.domain.order import Limit, OrderState, Purpose
from undertow.domain.side import Side
from undertow.execution.desk_step import DeskStep
from undertow.execution.execution_config import ExecutionConfig, Reversal, StrategyPolicy
from undertow.execution.handlers.reversal_handler import judge_reversal


def test_nothing_opposite(case: Any, hold: Any) -> None:
    hold("alpha", 10)
    assert judge_reversal(case(Purpose.ENTRY, Side.BUY)).passed


@pytest.mark.parametrize("policy", list(Reversal))
def test_an_opposite_position_is_closed_first(
    case: Any, hold: Any, step: DeskStep, policy: Reversal
) -> None:
    step.state.config = ExecutionConfig(default_policy=StrategyPolicy(reversal=policy))
    held, found = hold("alpha", 10), case(Purpose.ENTRY, Side.SELL, stop_ticks=1010)
    verdict = judge_reversal(found)
    assert (verdict.passed, found.outcome) == (False, "closing")
    command = step.out.effects[0]
    assert isinstance(command, SubmitOrder)
    order = command.order
    assert (order.purpose, order.side, order.qty_lots) == (Purpose.EXIT, Side.SELL, 10)
    assert (held.reversal is not None) == (policy is Reversal.CLOSE_AND_REVERSE)


def test_a_position_that_is_being_closed_is_not_closed_again(case: Any, hold: Any) -> None:
    hold("alpha", 10)
    first, second = (case(Purpose.ENTRY, Side.SELL) for _ in range(2))
    judge_reversal(first)
    verdict = judge_reversal(second)
    assert (verdict.checks[0].name, second.outcome) == ("exit_under_way", "rejected")


def test_an_opposite_entry_is_taken_back(case: Any, step: DeskStep) -> None:
    found = case(Purpose.ENTRY, Side.SELL)
    tracked = step.submit(found.intent, Side.BUY, 10, Limit(900))
    assert judge_reversal(found).checks[0].name == "opposite_entry"
    assert tracked.state is OrderState.PENDING_CANCEL
