"""The life of an order: every command, answer and fill, with both clocks."""

from collections.abc import Iterable

from undertow.cli.why.order_index import SentOrder
from undertow.cli.why.order_story import LifeStep, ToldOrder
from undertow.domain.command import AmendOrder, CancelOrder, QueryOrder
from undertow.domain.engine_input import ReportReceived
from undertow.domain.event import OrderFailed, OrderOutcomeUnknown, RiskJudged
from undertow.domain.instrument import Instrument
from undertow.domain.money import Money
from undertow.domain.order import Limit, Market, Terms, TimeInForce, Trigger
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
    Report,
    RequestTimedOut,
)
from undertow.domain.time import NS_PER_MS
from undertow.ledger.exact_price import average_price_text
from undertow.timeline.journal_record import JournalRecord, Value

_ENDINGS: dict[type, str] = {
    OrderRejected: "rejected",
    OrderCanceled: "canceled",
    OrderExpired: "expired",
}
_ANSWERS: dict[type, str] = {
    OrderAccepted: "accepted",
    OrderTriggered: "triggered",
    OrderAmended: "amended",
    CancelRejected: "cancel rejected",
    AmendRejected: "amendment rejected",
    RequestTimedOut: "timed out",
    OrderStatus: "status answered",
    **_ENDINGS,
}
_SENT: dict[type, str] = {
    AmendOrder: "amendment sent",
    CancelOrder: "cancel sent",
    QueryOrder: "query sent",
}


class OrderLife:
    """Follows one order through the records that name it."""

    def __init__(self, sent: SentOrder, instrument: Instrument) -> None:
        self._sent = sent
        self._instrument = instrument
        self._name = sent.order.client_order_id
        self._steps = [LifeStep(what="sent", at_ns=sent.sent_ns, venue_time_ns=0, since_sent_ms=0)]
        self._fills: list[OrderFilled] = []
        self._qty_lots = sent.order.qty_lots
        self._state = "sent"
        self._venue_order_id = ""
        self._reason = ""

    def take(self, value: Value) -> None:
        """Note what a record says of the order, if anything."""
        if isinstance(value, ReportReceived):
            if getattr(value.report, "client_order_id", "") == self._name:
                self._report(value.report, value.receive_time_ns)
        elif isinstance(value, AmendOrder | CancelOrder | QueryOrder):
            if value.client_order_id == self._name:
                self._command(value)
        elif isinstance(value, OrderFailed | OrderOutcomeUnknown):
            if value.client_order_id == self._name:
                self._trouble(value)
        elif isinstance(value, RiskJudged):
            intent, order = value.verdict.intent, self._sent.order
            same = (intent.decision_id, intent.purpose, intent.instrument_id)
            is_ours = same == (order.decision_id, order.purpose, order.instrument_id)
            if is_ours and value.at_ns <= self._sent.sent_ns:
                self._reason = intent.reason

    def told(self) -> ToldOrder:
        """The order as it stood at the end of the journal."""
        sent, order, instrument = self._sent, self._sent.order, self._instrument
        return ToldOrder(
            client_order_id=order.client_order_id,
            venue_order_id=self._venue_order_id,
            venue=sent.venue,
            instrument_id=order.instrument_id,
            strategy=order.strategy,
            side=order.side.name.lower(),
            purpose=order.purpose.value,
            terms=terms_text(order.terms, instrument),
            is_reduce_only=order.is_reduce_only,
            qty=instrument.qty_text(order.qty_lots),
            filled_qty=instrument.qty_text(self._filled_lots),
            average_price=self._average(),
            fees={fee.currency: fee.text for fee in _sums(fill.fee for fill in self._fills)},
            state=self._state,
            decision_id=order.decision_id,
            reason=self._reason,
            sent_ns=sent.sent_ns,
            life=tuple(self._steps),
        )

    @property
    def _filled_lots(self) -> int:
        return sum(fill.qty_lots for fill in self._fills)

    def _average(self) -> str:
        if not self._fills:
            return ""
        cost = sum(self._instrument.cost(f.price_ticks, f.qty_lots).amount for f in self._fills)
        return average_price_text(self._instrument, cost, self._filled_lots)

    def _report(self, report: Report, at_ns: int) -> None:
        if isinstance(report, OrderFilled):
            self._fill(report, at_ns)
            return
        what = _ANSWERS.get(type(report))
        if what is None:
            return
        self._venue_order_id = getattr(report, "venue_order_id", "") or self._venue_order_id
        if isinstance(report, OrderAmended):
            self._qty_lots = report.qty_lots
        if type(report) in _ENDINGS:
            self._state = what
        elif isinstance(report, OrderAccepted) and self._state == "sent":
            self._state = "open"
        self._add(what, at_ns, report.event_time_ns, **self._details(report))

    def _fill(self, fill: OrderFilled, at_ns: int) -> None:
        self._fills.append(fill)
        is_whole = self._filled_lots >= self._qty_lots
        self._state = "filled" if is_whole else "partially filled"
        self._venue_order_id = fill.venue_order_id
        self._add(
            "filled" if is_whole else "partially filled",
            at_ns,
            fill.event_time_ns,
            price=self._instrument.price_text(fill.price_ticks),
            qty=self._instrument.qty_text(fill.qty_lots),
            fee=str(fill.fee),
            liquidity=fill.liquidity.value,
            detail=fill.fill_id,
        )

    def _details(self, report: Report) -> dict[str, str]:
        instrument = self._instrument
        match report:
            case OrderAmended() | OrderStatus():
                details = {
                    "price": instrument.price_text(report.price_ticks),
                    "qty": instrument.qty_text(report.qty_lots),
                }
                if isinstance(report, OrderStatus):
                    filled = instrument.qty_text(report.filled_lots)
                    details["detail"] = f"{report.state.name.lower()}, filled {filled}"
                return details
            case OrderRejected() | CancelRejected() | AmendRejected():
                return {"detail": f"{report.code}: {report.reason}"}
            case OrderExpired():
                return {"detail": report.reason}
            case RequestTimedOut():
                return {"detail": report.request}
            case OrderAccepted():
                return {"detail": report.venue_order_id}
            case _:
                return {}

    def _command(self, command: AmendOrder | CancelOrder | QueryOrder) -> None:
        price = qty = ""
        if isinstance(command, AmendOrder):
            price = self._instrument.price_text(command.price_ticks)
            qty = self._instrument.qty_text(command.qty_lots)
        self._add(_SENT[type(command)], command.sent_ns, 0, price=price, qty=qty)

    def _trouble(self, event: OrderFailed | OrderOutcomeUnknown) -> None:
        if isinstance(event, OrderFailed):
            self._add("failed", event.at_ns, 0, detail=event.reason)
        else:
            self._state = "unknown"
            self._add("outcome unknown", event.at_ns, 0, detail=event.request)

    def _add(self, what: str, at_ns: int, venue_time_ns: int, **details: str) -> None:
        since_ms = (at_ns - self._sent.sent_ns) / NS_PER_MS
        step = LifeStep(
            what=what, at_ns=at_ns, venue_time_ns=venue_time_ns, since_sent_ms=since_ms, **details
        )
        self._steps.append(step)


def told_orders(
    orders: Iterable[SentOrder], records: Iterable[JournalRecord], instrument: Instrument
) -> tuple[ToldOrder, ...]:
    """The lives of orders of one instrument, in their order."""
    lives = [OrderLife(sent, instrument) for sent in orders]
    for record in records:
        for life in lives:
            life.take(record.value)
    return tuple(life.told() for life in lives)


def terms_text(terms: Terms, instrument: Instrument) -> str:
    """How an order wants to be filled, in words."""
    match terms:
        case Market():
            return "market"
        case Limit():
            rest = "" if terms.time_in_force is TimeInForce.GTC else f" {terms.time_in_force.value}"
            post = " post-only" if terms.is_post_only else ""
            return f"limit {instrument.price_text(terms.price_ticks)}{rest}{post}"
        case Trigger():
            when = terms.when.value.replace("_", " ")
            price = instrument.price_text(terms.trigger_ticks)
            return f"when price {when} {price}: {terms_text(terms.then, instrument)}"


def _sums(fees: Iterable[Money]) -> list[Money]:
    totals: dict[str, Money] = {}
    for fee in fees:
        totals[fee.currency] = totals.get(fee.currency, Money.zero(fee.currency)) + fee
    return list(totals.values())
