from collections.abc import Callable

import pytest

from undertow.cli.why.evidence import Evidence
from undertow.cli.why.order_story import OrderStory, ToldOrder
from undertow.cli.why.told_order import OrderLife, terms_text
from undertow.domain.command import AmendOrder, CancelOrder, QueryOrder
from undertow.domain.engine_input import ReportReceived
from undertow.domain.event import OrderFailed, OrderOutcomeUnknown
from undertow.domain.identity import ClientOrderId, InstrumentId, VenueOrderId
from undertow.domain.order import Limit, Market, OrderState, TimeInForce, Trigger, TriggerWhen
from undertow.domain.report import (
    AmendRejected,
    OrderAmended,
    OrderExpired,
    OrderRejected,
    OrderStatus,
    Report,
    RequestTimedOut,
)
from undertow.timeline.journal_record import Value

LONG, SHORT = "BTC/USDT:USDT@aster", "BTC/USDT:USDT@borea"
Live = Callable[..., ToldOrder]


@pytest.fixture
def live(evidence: Callable[[str, str], Evidence]) -> Live:
    """What is told of the long's entry after these records."""

    def tell(*values: Value) -> ToldOrder:
        case = evidence(LONG, "entry").case
        life = OrderLife(case.target, case.instrument)
        for value in values:
            life.take(value)
        return life.told()

    return tell


def received(kind: type, **fields: object) -> ReportReceived:
    name = {"venue": "aster", "event_time_ns": 1, "client_order_id": ClientOrderId("ut1-o1")}
    report: Report = kind(**name, **fields)
    return ReportReceived(2, report)


def test_a_filled_order_has_price_fees_and_both_ids(
    story: Callable[[str, str], OrderStory],
) -> None:
    order = story(LONG, "entry").order
    assert [step.what for step in order.life] == ["sent", "accepted", "filled"]
    assert (order.state, order.filled_qty, order.average_price) == ("filled", "0.052", "95742.4")
    assert order.fees == {"USDT": "2.4893024"}
    assert (order.venue_order_id, order.venue) == ("aster-1", "aster")
    assert order.life[2].liquidity == "taker"
    assert order.life[1].venue_time_ns - order.sent_ns == 20_000_000


def test_partial_fills_are_averaged(story: Callable[[str, str], OrderStory]) -> None:
    order = story(SHORT, "protect").order
    whats = [step.what for step in order.life]
    assert whats == ["sent", "accepted", "triggered", "partially filled", "filled"]
    assert order.average_price.startswith("95747.39")
    assert order.reason == "protective_stop"


def test_amendments_cancels_and_queries_are_told(live: Live) -> None:
    name, instrument = ClientOrderId("ut1-o1"), InstrumentId(LONG)
    venue_id = VenueOrderId("v")
    order = live(
        AmendOrder("aster", instrument, name, 957_000, 40, 5),
        received(OrderAmended, venue_order_id=venue_id, price_ticks=957_000, qty_lots=40),
        received(AmendRejected, code="late", reason="no"),
        CancelOrder("aster", instrument, name, 6),
        QueryOrder("aster", instrument, name, 7),
        CancelOrder("aster", instrument, ClientOrderId("ut1-o2"), 8),
    )
    whats = [step.what for step in order.life[1:]]
    assert whats == [
        "amendment sent", "amended", "amendment rejected", "cancel sent", "query sent",
    ]  # fmt: skip
    assert (order.life[2].price, order.life[2].qty) == ("95700", "0.04")
    assert order.life[3].detail == "late: no"


@pytest.mark.parametrize(
    ("value", "state"),
    [
        (received(OrderRejected, code="funds", reason="too poor"), "rejected"),
        (received(OrderExpired, venue_order_id=VenueOrderId("v"), reason="ioc"), "expired"),
    ],
)
def test_endings_are_the_state(live: Live, value: Value, state: str) -> None:
    assert live(value).state == state


def test_doubt_and_failure_are_told(live: Live) -> None:
    name, instrument = ClientOrderId("ut1-o1"), InstrumentId(LONG)
    order = live(
        received(RequestTimedOut, request="submit"),
        OrderOutcomeUnknown(
            at_ns=3, client_order_id=name, instrument_id=instrument, request="submit"
        ),
        received(
            OrderStatus, venue_order_id=VenueOrderId("v"), state=OrderState.REJECTED,
            filled_lots=0, qty_lots=52, price_ticks=1,
        ),
        OrderFailed(at_ns=4, client_order_id=name, instrument_id=instrument, reason="gone"),
    )  # fmt: skip
    assert [step.what for step in order.life[1:]] == [
        "timed out", "outcome unknown", "status answered", "failed",
    ]  # fmt: skip
    assert order.state == "unknown"
    assert order.average_price == ""


def test_terms_are_words(evidence: Callable[[str, str], Evidence]) -> None:
    instrument = evidence(LONG, "entry").case.instrument
    assert terms_text(Market(), instrument) == "market"
    post_only = Limit(957_000, TimeInForce.GTC, is_post_only=True)
    assert terms_text(post_only, instrument) == "limit 95700 post-only"
    stop = Trigger(950_000, TriggerWhen.FALLS_TO, Limit(949_000, TimeInForce.IOC))
    assert terms_text(stop, instrument) == "when price falls to 95000: limit 94900 ioc"
