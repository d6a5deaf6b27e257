"""The venue's front door: commands come in, each gets exactly one direct answer."""

from undertow.domain.command import AmendOrder, CancelOrder, Command, QueryOrder, SubmitOrder
from undertow.domain.identity import VenueOrderId
from undertow.domain.order import Limit, Market, OrderState, Terms, Trigger
from undertow.domain.report import (
    AmendRejected,
    CancelRejected,
    OrderAccepted,
    OrderAmended,
    OrderCanceled,
    OrderRejected,
    OrderStatus,
    Report,
)
from undertow.simulator.faults import FaultPlan
from undertow.simulator.matcher import Matcher
from undertow.simulator.order_checks import OrderChecks
from undertow.simulator.order_register import OrderRegister
from undertow.simulator.outbox import Outbox
from undertow.simulator.reject_code import RejectCode, Rejection
from undertow.simulator.seeded_stream import SeededStream
from undertow.simulator.venue_order import VenueOrder

_BUSY = Rejection(RejectCode.VENUE_BUSY, "the venue is busy, nothing was done")
_NO_PRICE = Rejection(RejectCode.NOT_AMENDABLE, "a market order has no price to amend")


class OrderEntry:
    """Submit, cancel, amend and query, with the faults asked for."""

    def __init__(
        self,
        venue: str,
        *,
        faults: FaultPlan,
        stream: SeededStream,
        register: OrderRegister,
        checks: OrderChecks,
        matcher: Matcher,
        outbox: Outbox,
    ) -> None:
        self._venue = venue
        self._faults = faults
        self._stream = stream
        self._register = register
        self._checks = checks
        self._matcher = matcher
        self._outbox = outbox

    def on_command(self, command: Command, at_ns: int) -> None:
        """A command has arrived at this venue time."""
        if self._faults.outage_stop(at_ns):
            self._outbox.time_out(command, at_ns)
            return
        is_busy = self._stream.chance(self._faults.reject_ppm)
        match command:
            case SubmitOrder():
                self._submit(command, at_ns, _BUSY if is_busy else None)
            case CancelOrder():
                self._cancel(command, at_ns, _BUSY if is_busy else None)
            case AmendOrder():
                self._amend(command, at_ns, _BUSY if is_busy else None)
            case QueryOrder():
                self._outbox.answer(self._status(command, at_ns), command)

    def dump(self) -> tuple[int, int, int, int]:
        """State of the refusal stream."""
        return self._stream.dump()

    def load(self, state: tuple[int, int, int, int]) -> None:
        """Go back to a dump."""
        self._stream.load(state)

    def _submit(self, command: SubmitOrder, at_ns: int, busy: Rejection | None) -> None:
        order = command.order
        known = self._register.get(order.client_order_id)
        if known:
            self._outbox.answer(self._again(known, command, at_ns), command)
            return
        index = self._checks.index(order)
        if isinstance(index, Rejection):
            problem: Rejection | None = index
        else:
            problem = busy or self._checks.problem(
                index, order, order.terms, order.qty_lots, at_ns=at_ns
            )
        if problem or isinstance(index, Rejection):
            assert problem is not None, "a refusal has a reason"
            self._register.add_rejected(order, problem)
            self._outbox.answer(self._rejected(command, problem, at_ns), command)
            return
        added = self._register.add(order, index)
        accepted = OrderAccepted(
            venue=self._venue,
            event_time_ns=at_ns,
            client_order_id=added.client_order_id,
            venue_order_id=added.venue_order_id,
        )
        self._outbox.answer(accepted, command)
        self._matcher.enter(added, at_ns)

    def _again(self, known: VenueOrder, command: SubmitOrder, at_ns: int) -> Report:
        # The same request again has no second effect: it is told what became of the first.
        if not known.same_request(command.order):
            reason = f"{known.client_order_id} was used for another order"
            return self._rejected(command, Rejection(RejectCode.DUPLICATE_CLIENT_ID, reason), at_ns)
        if known.state is OrderState.REJECTED:
            first = Rejection(RejectCode(known.reject_code), known.reject_reason)
            return self._rejected(command, first, at_ns)
        return known.status(self._venue, at_ns)

    def _rejected(self, command: SubmitOrder, why: Rejection, at_ns: int) -> OrderRejected:
        return OrderRejected(
            venue=self._venue,
            event_time_ns=at_ns,
            client_order_id=command.order.client_order_id,
            code=why.code,
            reason=why.reason,
        )

    def _cancel(self, command: CancelOrder, at_ns: int, busy: Rejection | None) -> None:
        order = self._register.get(command.client_order_id)
        problem = busy or _not_open(order)
        if problem or order is None:
            assert problem is not None, "a refusal has a reason"
            answer: Report = CancelRejected(
                venue=self._venue,
                event_time_ns=at_ns,
                client_order_id=command.client_order_id,
                code=problem.code,
                reason=problem.reason,
            )
        else:
            self._matcher.end(order, OrderState.CANCELED)
            answer = OrderCanceled(
                venue=self._venue,
                event_time_ns=at_ns,
                client_order_id=order.client_order_id,
                venue_order_id=order.venue_order_id,
            )
        self._outbox.answer(answer, command)

    def _amend(self, command: AmendOrder, at_ns: int, busy: Rejection | None) -> None:
        order = self._register.get(command.client_order_id)
        problem = busy or _not_open(order)
        if order is not None and problem is None and isinstance(order.terms, Market):
            problem = _NO_PRICE
        if order is not None and problem is None:
            terms = _amended(order.terms, command.price_ticks)
            problem = self._checks.amendment(order, terms, command.qty_lots, at_ns=at_ns)
        if problem or order is None:
            assert problem is not None, "a refusal has a reason"
            answer = AmendRejected(
                venue=self._venue,
                event_time_ns=at_ns,
                client_order_id=command.client_order_id,
                code=problem.code,
                reason=problem.reason,
            )
            self._outbox.answer(answer, command)
            return
        amended = OrderAmended(
            venue=self._venue,
            event_time_ns=at_ns,
            client_order_id=order.client_order_id,
            venue_order_id=order.venue_order_id,
            price_ticks=command.price_ticks,
            qty_lots=command.qty_lots,
        )
        self._outbox.answer(amended, command)
        self._matcher.amend(order, terms, command.qty_lots, at_ns)

    def _status(self, command: QueryOrder, at_ns: int) -> OrderStatus:
        known = self._register.get(command.client_order_id)
        if known:
            return known.status(self._venue, at_ns)
        return OrderStatus(
            venue=self._venue,
            event_time_ns=at_ns,
            client_order_id=command.client_order_id,
            venue_order_id=VenueOrderId(""),
            state=OrderState.REJECTED,
            filled_lots=0,
            qty_lots=0,
            price_ticks=0,
        )


def _not_open(order: VenueOrder | None) -> Rejection | None:
    if order is None:
        return Rejection(RejectCode.UNKNOWN_ORDER, "expected an order of this account, found none")
    if not order.is_open:
        return Rejection(RejectCode.ALREADY_OVER, f"the order is {order.state.name} already")
    return None


def _amended(terms: Terms, ticks: int) -> Terms:
    if isinstance(terms, Trigger):
        return Trigger(ticks, terms.when, terms.then)
    assert isinstance(terms, Limit), "market orders are not amended"
    return Limit(ticks, terms.time_in_force, terms.is_post_only)
