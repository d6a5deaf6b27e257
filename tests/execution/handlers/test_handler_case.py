from typing import Any

from undertow.execution.execution_config import StrategyPolicy
from undertow.execution.handlers.handler_case import fails, passes


def test_verdicts() -> None:
    assert passes("x", "fine").passed
    failed = fails("x", "code", "words", 3, 2)
    assert (failed.passed, failed.reason) == (False, "words")
    assert (failed.checks[0].name, failed.checks[0].value, failed.checks[0].threshold) == (
        "code",
        3,
        2,
    )


def test_what_a_handler_may_ask(case: Any) -> None:
    found = case()
    assert found.outcome == "rejected"
    assert found.policy == StrategyPolicy()
    assert found.instrument.instrument_id == found.intent.instrument_id
