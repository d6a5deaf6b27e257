"""What one report or timer did to an order."""

import msgspec

from undertow.domain.order import OrderState
from undertow.domain.report import OrderFilled
from undertow.execution.tracked_order import TrackedOrder


class Change(msgspec.Struct):
    """fill: an execution that was not known before and must be booked. problems: what the report
    says that cannot be, or that contradicts what was heard. is_stale: overtaken, it had no effect.
    is_misfit: a fill that cannot be of this order, and was not booked. excess_lots: filled beyond
    the order.
    """

    tracked: TrackedOrder
    before: OrderState
    fill: OrderFilled | None = None
    problems: list[str] = []
    is_duplicate: bool = False
    is_stale: bool = False
    is_misfit: bool = False
    excess_lots: int = 0
