from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from undertow.domain.command import AmendOrder, CancelOrder, QueryOrder, SubmitOrder
from undertow.domain.engine_input import ReportReceived
from undertow.domain.identity import ClientOrderId, InstrumentId, VenueOrderId
from undertow.domain.money import Money
from undertow.domain.order import Limit, OrderState, Trigger, TriggerWhen
from undertow.domain.report import (
    AmendRejected,
    BalanceReported,
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
from undertow.storage.state_database import StateDatabase
from undertow.storage.state_queries import OrderRow, StateQueries
from undertow.timeline.journal_record import JournalRecord, Value

Records = list[JournalRecord]
RecordsOf = Callable[..., Records]
BTC = InstrumentId("BTC/USDT:USDT@binance")
O1 = ClientOrderId("ut1-o1")
V1 = VenueOrderId("v1")
ACCEPTED = OrderAccepted(venue="binance", event_time_ns=1, client_order_id=O1, venue_order_id=V1)
CANCELED = OrderCanceled(venue="binance", event_time_ns=1, client_order_id=O1, venue_order_id=V1)
EXPIRED = OrderExpired(
    venue="binance", event_time_ns=1, client_order_id=O1, venue_order_id=V1, reason="IOC"
)
TRIGGERED = OrderTriggered(venue="binance", event_time_ns=1, client_order_id=O1, venue_order_id=V1)
REJECTED = OrderRejected(
    venue="binance", event_time_ns=1, client_order_id=O1, code="NO_MARGIN", reason="-2019"
)
NO_CANCEL = CancelRejected(venue="binance", event_time_ns=1, client_order_id=O1, code="", reason="")
NO_AMEND = AmendRejected(venue="binance", event_time_ns=1, client_order_id=O1, code="", reason="")
SILENCE = RequestTimedOut(venue="binance", event_time_ns=1, client_order_id=O1, request="submit")
AMENDED = OrderAmended(
    venue="binance", event_time_ns=1, client_order_id=O1, venue_order_id=V1,
    price_ticks=600_500, qty_lots=120,
)  # fmt: skip
CANCEL = CancelOrder("binance", BTC, O1, 5)
AMEND = AmendOrder("binance", BTC, O1, 600_500, 120, 5)


def _status(state: OrderState) -> OrderStatus:
    return OrderStatus(
        venue="binance", event_time_ns=1, client_order_id=O1, venue_order_id=V1, state=state,
        filled_lots=0, qty_lots=100, price_ticks=0,
    )  # fmt: skip


@pytest.fixture
def after(
    tmp_path: Path, trade_story: Records, records_of: RecordsOf
) -> Callable[..., StateQueries]:
    """The tables after the run began, the entry order was submitted and these things happened."""
    submit = trade_story[4].value

    def apply(*steps: Report | Value, first: Value = submit) -> StateQueries:
        values = [
            step if isinstance(step, CancelOrder | AmendOrder | QueryOrder)
            else ReportReceived(9, step)  # type: ignore[arg-type]  # all others are reports
            for step in steps
        ]  # fmt: skip
        database = StateDatabase(tmp_path / "s")
        database.apply([trade_story[0], *records_of([first, *values], 2)])
        return database.queries

    return apply


def _fill(trade_story: Records, place: int, lots: int, fill_id: str = "f") -> OrderFilled:
    value = trade_story[place].value
    assert isinstance(value, ReportReceived)
    assert isinstance(value.report, OrderFilled)
    return msgspec.structs.replace(value.report, qty_lots=lots, fill_id=fill_id)


def _one(queries: StateQueries) -> OrderRow:
    (order,) = queries.orders()
    return order


@pytest.mark.parametrize(
    ("steps", "state", "reason"),
    [
        ((), "PENDING_CREATE", ""),
        ((ACCEPTED,), "OPEN", ""),
        ((ACCEPTED, CANCEL), "PENDING_CANCEL", ""),
        ((ACCEPTED, CANCEL, NO_CANCEL), "OPEN", ""),
        ((ACCEPTED, CANCEL, CANCELED), "CANCELED", ""),
        ((ACCEPTED, AMEND), "PENDING_AMEND", ""),
        ((ACCEPTED, AMEND, NO_AMEND, TRIGGERED), "OPEN", ""),
        ((REJECTED,), "REJECTED", "NO_MARGIN: -2019"),
        ((ACCEPTED, EXPIRED), "EXPIRED", "IOC"),
        ((SILENCE,), "UNKNOWN", "no answer to submit"),
        ((SILENCE, QueryOrder("binance", BTC, O1, 5)), "UNKNOWN", "no answer to submit"),
        ((SILENCE, _status(OrderState.REJECTED)), "REJECTED", "no answer to submit"),
        ((CANCELED, ACCEPTED, SILENCE), "CANCELED", ""),
    ],
)
def test_an_order_moves_as_far_as_reports_say(
    after: Callable[..., StateQueries], steps: tuple[Report, ...], state: str, reason: str
) -> None:
    order = _one(after(*steps))
    assert (order.state, order.reason) == (state, reason)


def test_fills_add_up_and_count_once(
    after: Callable[..., StateQueries], trade_story: Records
) -> None:
    part = _fill(trade_story, 7, 40)
    queries = after(ACCEPTED, part, part, CANCEL, NO_CANCEL)
    order = _one(queries)
    assert (order.state, order.filled_lots, order.average_price) == (
        "PARTIALLY_FILLED", 40, "60000",
    )  # fmt: skip
    assert len(queries.fills()) == 1
    assert queries.fills()[0].fee == "0.25"


@pytest.mark.parametrize(("lots", "state"), [(40, "CANCELED"), (100, "FILLED")])
def test_a_late_fill_of_a_canceled_order_counts(
    after: Callable[..., StateQueries], trade_story: Records, lots: int, state: str
) -> None:
    order = _one(after(ACCEPTED, CANCELED, _fill(trade_story, 7, lots)))
    assert (order.state, order.filled_lots) == (state, lots)


def test_an_amended_order_has_its_new_terms(after: Callable[..., StateQueries]) -> None:
    order = _one(after(ACCEPTED, AMEND, AMENDED))
    assert (order.state, order.price, order.qty) == ("OPEN", "60050", "0.12")
    assert (order.trigger_price, order.venue_order_id) == ("", "v1")


def test_a_stop_is_amended_at_its_trigger(
    after: Callable[..., StateQueries], trade_story: Records
) -> None:
    submit = trade_story[4].value
    assert isinstance(submit, SubmitOrder)
    terms = Trigger(590_000, TriggerWhen.FALLS_TO, Limit(589_000))
    stop = msgspec.structs.replace(submit, order=msgspec.structs.replace(submit.order, terms=terms))
    order = _one(after(ACCEPTED, AMENDED, first=stop))
    assert (order.kind, order.price, order.trigger_price) == ("stop_limit", "58900", "60050")


def test_what_is_not_ours_does_not_stop_the_tables(
    after: Callable[..., StateQueries], trade_story: Records
) -> None:
    foreign = _fill(trade_story, 7, 5, "x")
    other = msgspec.structs.replace(foreign, client_order_id=ClientOrderId("by-hand"))
    nowhere = msgspec.structs.replace(other, instrument_id=InstrumentId("DOGE/USDT@okx"))
    balance = BalanceReported(
        venue="binance", event_time_ns=1, balance=Money.of("123456789.5", "USDT")
    )
    queries = after(other, nowhere, balance, msgspec.structs.replace(AMENDED, client_order_id=O1))
    assert [(fill.client_order_id, fill.strategy) for fill in queries.fills()] == [
        ("by-hand", "external")
    ]
    assert _one(queries).filled_lots == 0
