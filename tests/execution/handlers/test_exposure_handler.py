from fractions import Fraction
from typing import Any

import msgspec
import pytest

from undertow.domain.account import WorkingOrder
from undertow.domain.money import Money
from undertow.domain.order import Limit, OrderState, Purpose
from undertow.domain.side import Side
from undertow.execution.desk_step import DeskStep
from undertow.execution.execution_config import ExecutionConfig
from undertow.execution.handlers.exposure_handler import judge_exposure


def _limit(step: DeskStep, text: str) -> None:
    step.state.config = ExecutionConfig(max_exposure=text)


def test_no_limit_by_default(case: Any) -> None:
    assert judge_exposure(case(reference_ticks=1000)).reason == "no limit here"


@pytest.mark.parametrize(("limit", "passed"), [("1", True), ("0.99", False)])
def test_this_entry_alone(case: Any, step: DeskStep, limit: str, passed: bool) -> None:
    _limit(step, limit)
    assert judge_exposure(case(reference_ticks=1000)).passed is passed


def test_entries_are_reserved_before_the_account_shows_them(case: Any, step: DeskStep) -> None:
    _limit(step, "1.9")
    found = case(reference_ticks=1000)
    tracked = step.submit(found.intent, Side.BUY, 10, Limit(1000))
    assert not judge_exposure(found).passed
    order = WorkingOrder(
        client_order_id=tracked.client_order_id,
        instrument_id=tracked.instrument_id,
        strategy=tracked.order.strategy,
        side=Side.BUY,
        purpose=Purpose.ENTRY,
        state=OrderState.OPEN,
        remaining_lots=10,
        remaining_notional=Money.of("0.9", "USDT"),
        created_ns=0,
    )
    found.account = msgspec.structs.replace(found.account, working=(order,))
    assert judge_exposure(found).passed


def test_money_is_counted_in_the_reporting_currency(case: Any, step: DeskStep) -> None:
    _limit(step, "1")
    found = case(reference_ticks=1000)
    found.quote_rate = Fraction(3, 2)
    verdict = judge_exposure(found)
    assert verdict.reason == "exposure would be 1.5 USDT, at most 1 USDT may be"


def test_one_stop_must_cover_the_position(case: Any, hold: Any) -> None:
    hold("alpha", 995)
    assert judge_exposure(case(lots=5)).passed
    assert judge_exposure(case(lots=6)).checks[0].name == "max_position_lots"
