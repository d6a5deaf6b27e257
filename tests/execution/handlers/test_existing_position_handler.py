from typing import Any

import msgspec
import pytest

from undertow.domain.instrument import Instrument
from undertow.domain.order import Limit, OrderState, Purpose
from undertow.domain.side import Side
from undertow.execution.desk_step import DeskStep
from undertow.execution.execution_config import ExecutionConfig, StrategyPolicy
from undertow.execution.handlers.existing_position_handler import judge_existing_position
from undertow.execution.holding import FlattenWish


def _code(case: Any) -> str:
    verdict = judge_existing_position(case)
    return "" if verdict.passed else verdict.checks[0].name


@pytest.fixture
def scaling(step: DeskStep) -> None:
    step.state.config = ExecutionConfig(default_policy=StrategyPolicy(allow_scale_in=True))


def test_nothing_there(case: Any) -> None:
    assert _code(case()) == ""


def test_open_or_under_way(case: Any, hold: Any, step: DeskStep) -> None:
    found = case()
    step.submit(found.intent, Side.BUY, 10, Limit(900))
    assert _code(found) == "entry_under_way"
    hold("alpha", 10)
    assert _code(found) == "position_exists"


@pytest.mark.usefixtures("scaling")
def test_scaling_in(case: Any, hold: Any, step: DeskStep) -> None:
    found = case()
    step.submit(found.intent, Side.BUY, 10, Limit(900))
    hold("alpha", 10)
    assert _code(found) == ""


def test_dust_is_in_nobodys_way(case: Any, hold: Any) -> None:
    hold("alpha", 1).is_dust = True
    assert _code(case()) == ""


@pytest.mark.usefixtures("scaling")
def test_what_is_being_closed_is_not_added_to(case: Any, hold: Any) -> None:
    hold("alpha", 10).wish = FlattenWish("x")
    assert _code(case()) == "being_closed"


def test_an_uncertain_instrument_takes_no_new_risk(case: Any, step: DeskStep) -> None:
    found = case(strategy="beta")
    other = msgspec.structs.replace(found.intent, strategy="alpha")
    step.submit(other, Side.BUY, 10, Limit(900)).state = OrderState.UNKNOWN
    assert _code(found) == "instrument_blocked"


def test_strategies_do_not_stand_against_each_other(case: Any, hold: Any, step: DeskStep) -> None:
    assert _code(case(Purpose.ENTRY, Side.SELL)) == ""
    found = case(Purpose.ENTRY, Side.SELL)
    other = msgspec.structs.replace(found.intent, strategy="beta")
    tracked = step.submit(other, Side.BUY, 10, Limit(900))
    assert _code(found) == "opposed_strategy"
    tracked.state = OrderState.CANCELED
    hold("beta", 5)
    assert _code(found) == "opposed_strategy"
    assert _code(case(Purpose.ENTRY, Side.BUY)) == ""


def test_spot_positions_cannot_be_opposed(
    case: Any, hold: Any, instruments: dict[str, Instrument]
) -> None:
    spot = instruments["spot"]
    hold("beta", -5, on=spot, plan=False)
    assert _code(case(on=spot)) == ""
