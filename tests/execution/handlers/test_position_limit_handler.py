from typing import Any

import pytest

from undertow.domain.instrument import Instrument
from undertow.domain.order import Limit
from undertow.domain.side import Side
from undertow.execution.desk_step import DeskStep
from undertow.execution.execution_config import ExecutionConfig
from undertow.execution.handlers.position_limit_handler import judge_position_limit
from undertow.ledger.fill import EXTERNAL


@pytest.fixture(autouse=True)
def two(step: DeskStep) -> None:
    step.state.config = ExecutionConfig(max_positions=2)


def test_entries_under_way_count(case: Any, hold: Any, step: DeskStep) -> None:
    hold("beta", 5)
    assert judge_position_limit(case()).passed
    step.submit(case(strategy="gamma").intent, Side.BUY, 10, Limit(900))
    verdict = judge_position_limit(case())
    check = verdict.checks[0]
    assert (verdict.passed, check.name, check.value, check.threshold) == (
        False,
        "max_positions",
        3,
        2,
    )


def test_adding_to_a_position_is_not_a_new_one(case: Any, hold: Any) -> None:
    hold("beta", 5), hold("alpha", 5)
    assert judge_position_limit(case()).passed


def test_strangers_and_dust_do_not_count(
    case: Any, hold: Any, instruments: dict[str, Instrument]
) -> None:
    hold(EXTERNAL, 5, plan=False), hold("beta", 5)
    hold("beta", 1, on=instruments["spot"]).is_dust = True
    assert judge_position_limit(case()).passed
