"""Cases for single handlers."""

from collections.abc import Callable

import pytest

from undertow.domain.account import AccountView
from undertow.domain.intent import Approved, Intent
from undertow.execution.desk_step import DeskStep
from undertow.execution.handlers.handler_case import HandlerCase


@pytest.fixture
def case(
    step: DeskStep, account: AccountView, make_intent: Callable[..., Intent]
) -> Callable[..., HandlerCase]:
    """case(Purpose.ENTRY, Side.BUY, lots=10, ...): an approved intent at its first handler."""

    def make(*args: object, lots: int = 10, **more: object) -> HandlerCase:
        intent = make_intent(*args, **more)
        held = step.state.holding(intent.strategy, intent.instrument_id)
        return HandlerCase(step, Approved(intent, lots, ()), account, 1, held)

    return make
