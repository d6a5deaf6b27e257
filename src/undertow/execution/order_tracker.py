"""Every order, and where each report of it goes.

Reports may be late, doubled, out of order or untrue. What cannot be is never believed and never
silently dropped: it becomes a problem of the `Change`, and where it touches an order's state, the
order becomes UNKNOWN and the venue is asked.
"""

from collections.abc import Iterator

import msgspec

from undertow.domain.errors import InvariantBroken
from undertow.domain.identity import ClientOrderId, InstrumentId, StrategyId
from undertow.domain.intent import Intent
from undertow.domain.order import Order, OrderState
from undertow.domain.report import (
    AmendRejected,
    CancelRejected,
    OrderAccepted,
    OrderAmended,
    OrderCanceled,
    OrderExpired,
    OrderFilled,
    OrderRejected,
    OrderStatus,
    OrderTriggered,
    RequestTimedOut,
)
from undertow.execution.change import Change
from undertow.execution.execution_config import ExecutionConfig
from undertow.execution.order_moves import doubt
from undertow.execution.order_table import Happening
from undertow.execution.order_timers import backoff_ns, doubt_due_ns, request_under_way
from undertow.execution.report_reading import (
    read_accepted,
    read_amend_refused,
    read_amended,
    read_cancel_refused,
    read_ended,
    read_filled,
    read_rejected,
    read_timed_out,
)
from undertow.execution.status_reading import read_status
from undertow.execution.tracked_order import Amendment, TrackedOrder, working_price

OrderReport = (
    OrderAccepted
    | OrderRejected
    | OrderTriggered
    | OrderFilled
    | OrderCanceled
    | OrderExpired
    | OrderAmended
    | CancelRejected
    | AmendRejected
    | RequestTimedOut
    | OrderStatus
)
"""Reports that name an order."""


class ReportCounts(msgspec.Struct):
    """Reports that had no effect: said before, or overtaken by what was heard since."""

    duplicates: int = 0
    stale: int = 0


class OrderTracker:
    """Orders by client id. `live` are those of which something may still be heard or asked."""

    def __init__(self, config: ExecutionConfig) -> None:
        self._config = config
        self._orders: dict[ClientOrderId, TrackedOrder] = {}
        self._live: dict[ClientOrderId, TrackedOrder] = {}
        self.counts = ReportCounts()

    def __iter__(self) -> Iterator[TrackedOrder]:
        """Live orders, oldest first."""
        return iter(tuple(self._live.values()))

    def get(self, client_order_id: ClientOrderId | str) -> TrackedOrder | None:
        """An order by our name, ended ones as long as they are remembered."""
        return self._orders.get(ClientOrderId(client_order_id))

    def of(self, strategy: StrategyId, instrument_id: InstrumentId) -> list[TrackedOrder]:
        """Orders of one strategy in one instrument that have not ended."""
        return [
            t
            for t in self._live.values()
            if not t.is_ended
            and t.order.instrument_id == instrument_id
            and t.order.strategy == strategy
        ]

    def add(self, order: Order, intent: Intent, venue: str, now_ns: int) -> TrackedOrder:
        """Enter an order as PENDING_CREATE before it is sent; its id must be new."""
        name = order.client_order_id
        if name in self._orders:
            raise InvariantBroken(f"expected a new client order id, found {name} again")
        if order.qty_lots <= 0:
            raise InvariantBroken(f"expected an order of at least 1 lot, found {order}")
        tracked = TrackedOrder(
            order=order,
            intent=intent,
            venue=venue,
            state=OrderState.PENDING_CREATE,
            qty_lots=order.qty_lots,
            remaining_lots=order.qty_lots,
            price_ticks=working_price(order),
            sent_ns=now_ns,
            heard_ns=now_ns,
        )
        self._orders[name] = tracked
        self._live[name] = tracked
        return tracked

    def cancel_sent(self, tracked: TrackedOrder, now_ns: int) -> None:
        """A cancel goes out now."""
        tracked.move(Happening.CANCEL_SENT)
        wait = backoff_ns(
            self._config.query_backoff_ns, self._config.query_backoff_max_ns, tracked.cancels
        )
        tracked.cancels += 1
        tracked.next_cancel_ns = now_ns + wait
        tracked.sent_ns = now_ns

    def amend_sent(self, tracked: TrackedOrder, amendment: Amendment, now_ns: int) -> None:
        """An amendment goes out now."""
        if amendment.qty_lots <= tracked.filled_lots:
            raise InvariantBroken(
                f"expected an amendment above the {tracked.filled_lots} filled lots of "
                f"{tracked.client_order_id}, found {amendment.qty_lots}"
            )
        tracked.move(Happening.AMEND_SENT)
        tracked.amendment = amendment
        tracked.asked_lots = max(tracked.asked_lots, amendment.qty_lots)
        tracked.next_amend_ns = now_ns + self._config.amend_interval_ns
        tracked.sent_ns = now_ns

    def query_sent(self, tracked: TrackedOrder, now_ns: int) -> bool:
        """A query goes out now; notes when the next is due. False: it was asked often enough."""
        config = self._config
        tracked.heard_ns = now_ns
        if tracked.state is not OrderState.UNKNOWN and not tracked.is_ended:
            tracked.next_query_ns = 0
            return True
        if tracked.is_ended and tracked.queries >= config.ending_queries:
            tracked.next_query_ns = 0
            self._settle(tracked)
            return False
        wait = backoff_ns(config.query_backoff_ns, config.query_backoff_max_ns, tracked.queries)
        tracked.queries += 1
        tracked.next_query_ns = now_ns + wait
        return True

    def recheck(self, instrument_id: InstrumentId, now_ns: int) -> None:
        """Ask again after the newest orders of an instrument: a fill of one of them may be lost."""
        orders = [t for t in self._orders.values() if t.instrument_id == instrument_id]
        ended = [t for t in orders if t.is_ended and t.remaining_lots and not t.next_query_ns]
        most = self._config.rechecked_orders
        resting = [t for t in orders if not t.is_ended and not t.next_query_ns]
        for tracked in (*ended[-most:], *resting):
            tracked.queries = 0
            tracked.next_query_ns = max(1, now_ns)
            self._settle(tracked)

    def apply(self, report: OrderReport, now_ns: int) -> Change | None:
        """Take a report; None when it names no order that we know."""
        tracked = self._orders.get(report.client_order_id)
        if tracked is None:
            return None
        change = Change(tracked, tracked.state)
        self._read(change, report, now_ns)
        if not isinstance(report, RequestTimedOut):
            tracked.heard_ns = now_ns
        self.counts.duplicates += change.is_duplicate
        self.counts.stale += change.is_stale
        tracked.check()
        self._settle(tracked)
        return change

    def wake(self, tracked: TrackedOrder, now_ns: int) -> Change | None:
        """Doubt an order that is silent for too long; None when it is not."""
        due = doubt_due_ns(tracked, self._config)
        if not due or now_ns < due:
            return None
        change = Change(tracked, tracked.state)
        doubt(tracked, request_under_way(tracked) or "order", now_ns)
        return change

    def dump(self) -> tuple[list[TrackedOrder], list[ClientOrderId], ReportCounts]:
        """Everything for a snapshot: remembered orders, which of them are live, the counts."""
        return list(self._orders.values()), list(self._live), self.counts

    def load(
        self, orders: list[TrackedOrder], live: list[ClientOrderId], counts: ReportCounts
    ) -> None:
        """Take over what `dump` gave."""
        self._orders = {tracked.client_order_id: tracked for tracked in orders}
        self._live = {name: self._orders[name] for name in live}
        self.counts = counts

    def _read(self, change: Change, report: OrderReport, now_ns: int) -> None:
        config, tracked = self._config, change.tracked
        match report:
            case OrderAccepted() | OrderTriggered():
                read_accepted(change, report, now_ns)
            case OrderRejected():
                read_rejected(change, report, now_ns)
            case OrderFilled():
                read_filled(change, report, now_ns)
            case OrderCanceled() | OrderExpired():
                read_ended(change, report, max(1, now_ns) if config.verify_endings else 0)
            case OrderAmended():
                read_amended(change, report, now_ns)
            case CancelRejected():
                read_cancel_refused(change, now_ns)
            case AmendRejected():
                first, most = config.amend_interval_ns, config.query_backoff_max_ns
                retry_ns = backoff_ns(first, most, tracked.amend_refusals)
                read_amend_refused(change, now_ns, retry_ns)
            case RequestTimedOut():
                read_timed_out(change, report, now_ns)
            case OrderStatus():
                read_status(change, report, now_ns, config)

    def _settle(self, tracked: TrackedOrder) -> None:
        name = tracked.client_order_id
        if not tracked.is_settled:
            self._live.setdefault(name, tracked)
            return
        if self._live.pop(name, None) is not None:
            # The newest ended order goes to the back, the oldest is forgotten first.
            self._orders[name] = self._orders.pop(name)
            self._forget()

    def _forget(self) -> None:
        spare = len(self._orders) - len(self._live) - self._config.remembered_orders
        if spare <= 0:
            return
        ended = (name for name in self._orders if name not in self._live)
        for name in [name for name, _ in zip(ended, range(spare), strict=False)]:
            del self._orders[name]
