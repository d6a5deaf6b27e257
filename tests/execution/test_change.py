from collections.abc import Callable

from undertow.domain.intent import Intent
from undertow.domain.order import Order, OrderState
from undertow.execution.change import Change
from undertow.execution.execution_config import ExecutionConfig
from undertow.execution.order_tracker import OrderTracker


def test_problems_of_one_change_are_its_own(
    make_order: Callable[..., Order], make_intent: Callable[..., Intent]
) -> None:
    tracked = OrderTracker(ExecutionConfig()).add(make_order(), make_intent(), "aster", 0)
    first, second = (Change(tracked, OrderState.PENDING_CREATE) for _ in range(2))
    first.problems.append("one")
    assert second.problems == []
