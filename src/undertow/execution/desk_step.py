"""One call of the desk: its state, the time, and what it gives out. Everything that is sent to a
venue is sent here.
"""

from undertow.domain.command import AmendOrder, CancelOrder, QueryOrder, SubmitOrder
from undertow.domain.event import (
    ExecutionValidationFailed,
    OrderFailed,
    OrderOutcomeUnknown,
    OrderPlaced,
    PositionReconciliationFailed,
    SignalRejected,
    SystemFailure,
)
from undertow.domain.identity import ClientOrderId
from undertow.domain.intent import Intent
from undertow.domain.order import Order, OrderState, Purpose, Terms
from undertow.domain.side import Side
from undertow.execution.change import Change
from undertow.execution.execution_state import ExecutionState
from undertow.execution.holding import Holding
from undertow.execution.order_timers import cancel_due_ns
from undertow.execution.outcome import Outcome
from undertow.execution.tracked_order import Amendment, TrackedOrder

_COMPONENT = "execution"


class DeskStep:
    """State, time and outcome of one call."""

    __slots__ = ("now_ns", "out", "state")

    def __init__(self, state: ExecutionState, now_ns: int) -> None:
        self.state = state
        self.now_ns = now_ns
        self.out = Outcome()

    def submit(self, intent: Intent, side: Side, lots: int, terms: Terms) -> TrackedOrder:
        """Enter the order in the table, then give out its command and its event.

        Everything but an entry is reduce-only, unless another strategy holds the other side: the
        venue would see nothing to reduce.
        """
        state = self.state
        held = state.holding(intent.strategy, intent.instrument_id)
        is_reducing = intent.purpose is not Purpose.ENTRY and not state.opposed(held)
        order = Order(
            client_order_id=ClientOrderId(state.ids.next_id("order")),
            instrument_id=intent.instrument_id,
            strategy=intent.strategy,
            side=side,
            qty_lots=lots,
            terms=terms,
            purpose=intent.purpose,
            is_reduce_only=is_reducing,
            decision_id=intent.decision_id,
            created_ns=self.now_ns,
        )
        venue = state.table.get(intent.instrument_id).venue
        tracked = state.tracker.add(order, intent, venue, self.now_ns)
        self.out.effects.append(SubmitOrder(venue, order, self.now_ns))
        self.out.effects.append(OrderPlaced(at_ns=self.now_ns, order=order))
        return tracked

    def cancel(self, tracked: TrackedOrder) -> None:
        """Want the rest of an order gone: send the cancel now, or as soon as its state allows it.

        An order that ends by itself at once is left to do so; one of unknown state is queried
        first.
        """
        if tracked.is_ended or tracked.ends_at_once:
            return
        tracked.is_cancel_wanted = True
        self.send_wanted_cancel(tracked)

    def send_wanted_cancel(self, tracked: TrackedOrder) -> None:
        """Send the cancel of an order if it is wanted and due."""
        due = cancel_due_ns(tracked)
        if not due or self.now_ns < due:
            return
        self.state.tracker.cancel_sent(tracked, self.now_ns)
        name = tracked.client_order_id
        self.out.effects.append(
            CancelOrder(tracked.venue, tracked.instrument_id, name, self.now_ns)
        )

    def amend(self, tracked: TrackedOrder, price_ticks: int, qty_lots: int) -> None:
        """Ask for another price and total quantity of a resting order."""
        self.state.tracker.amend_sent(tracked, Amendment(price_ticks, qty_lots), self.now_ns)
        self.out.effects.append(
            AmendOrder(
                tracked.venue,
                tracked.instrument_id,
                tracked.client_order_id,
                price_ticks,
                qty_lots,
                self.now_ns,
            )
        )

    def query(self, tracked: TrackedOrder) -> None:
        """Ask the venue for the truth about an order."""
        if self.state.tracker.query_sent(tracked, self.now_ns):
            name = tracked.client_order_id
            self.out.effects.append(
                QueryOrder(tracked.venue, tracked.instrument_id, name, self.now_ns)
            )
        elif not tracked.is_unverified:
            self.differs(
                tracked.venue,
                f"{tracked.client_order_id} is {tracked.state.name} with {tracked.filled_lots} of "
                f"{tracked.qty_lots} lots filled; the venue does not confirm it",
            )

    def announce(self, change: Change, reason: str = "") -> None:
        """Tell what a report or timer did to an order: problems, doubt, failure."""
        tracked = change.tracked
        for problem in change.problems:
            self.failure(problem, is_critical=problem.startswith("overfill"))
        if tracked.state is change.before:
            return
        if tracked.state is OrderState.UNKNOWN:
            self.out.effects.append(
                OrderOutcomeUnknown(
                    at_ns=self.now_ns,
                    client_order_id=tracked.client_order_id,
                    instrument_id=tracked.instrument_id,
                    request=tracked.doubt,
                )
            )
        elif tracked.is_ended and not tracked.filled_lots and not tracked.is_cancel_wanted:
            self.failed(tracked, reason or f"{tracked.state.name.lower()} by the venue")

    def failed(self, tracked: TrackedOrder, reason: str) -> None:
        """An order ended without the effect it wanted."""
        self.out.effects.append(
            OrderFailed(
                at_ns=self.now_ns,
                client_order_id=tracked.client_order_id,
                instrument_id=tracked.instrument_id,
                reason=reason,
            )
        )

    def failure(self, error: str, *, is_critical: bool) -> None:
        """Something happened that should not."""
        self.out.effects.append(
            SystemFailure(
                at_ns=self.now_ns, component=_COMPONENT, error=error, is_critical=is_critical
            )
        )

    def differs(self, venue: str, discrepancy: str) -> None:
        """Our count and the venue's differ."""
        self.out.effects.append(
            PositionReconciliationFailed(
                at_ns=self.now_ns, venue=venue, discrepancies=(discrepancy,)
            )
        )

    def rejected(self, intent: Intent, code: str, reason: str) -> None:
        """An approved intent is not acted on."""
        self.out.effects.append(
            SignalRejected(
                at_ns=self.now_ns,
                decision_id=intent.decision_id,
                instrument_id=intent.instrument_id,
                code=code,
                reason=reason,
            )
        )

    def invalid(self, intent: Intent, check: str, reason: str) -> None:
        """An approved intent cannot become an order."""
        self.out.effects.append(
            ExecutionValidationFailed(
                at_ns=self.now_ns,
                decision_id=intent.decision_id,
                instrument_id=intent.instrument_id,
                check=check,
                reason=reason,
            )
        )

    def ask(self, held: Holding, purpose: Purpose, terms: Terms, lots: int, reason: str) -> Intent:
        """Give out an intent about a position, for risk to judge."""
        plan = held.plan
        intent = Intent(
            intent_id=self.state.ids.next_id("intent"),
            decision_id=held.entry_decision_id,
            strategy=held.strategy,
            instrument_id=held.instrument_id,
            side=held.side.opposite,
            purpose=purpose,
            terms=terms,
            reason=reason,
            decided_ns=self.now_ns,
            qty_lots=lots,
            reference_ticks=plan.entry_ticks if plan else 0,
            stop_ticks=plan.stop_ticks if plan else 0,
        )
        self.out.intents.append(intent)
        return intent
