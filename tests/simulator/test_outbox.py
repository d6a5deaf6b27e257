from typing import Any

from undertow.domain.command import CancelOrder, Command, SubmitOrder
from undertow.domain.identity import ClientOrderId, InstrumentId, VenueOrderId
from undertow.domain.order import Market
from undertow.domain.report import OrderCanceled, RequestTimedOut
from undertow.domain.side import Side
from undertow.simulator.faults import FaultPlan, Outage
from undertow.simulator.latency import ConstantLatency, Latency, LogNormalLatency
from undertow.simulator.outbox import Outbox
from undertow.simulator.seeded_stream import SeededStream

SURE = 1_000_000


TWENTY = ConstantLatency(20)


def outbox(latency: Latency = TWENTY, **faults: Any) -> Outbox:
    return Outbox(latency, FaultPlan(**faults), 1_000, SeededStream(1), SeededStream(2))


def canceled(at_ns: int) -> OrderCanceled:
    return OrderCanceled(
        venue="aster",
        event_time_ns=at_ns,
        client_order_id=ClientOrderId("a"),
        venue_order_id=VenueOrderId("aster-1"),
    )


def cancel(sent_ns: int) -> Command:
    return CancelOrder("aster", InstrumentId("X@aster"), ClientOrderId("a"), sent_ns)


def test_heard_after_the_latency_in_order() -> None:
    box = outbox(LogNormalLatency(10, 500, 1.5))
    for at_ns in range(100, 150):
        box.push(canceled(at_ns))
    told = box.take()
    times = [delivery.receive_time_ns for delivery in told]
    assert times == sorted(times)
    assert all(d.receive_time_ns >= d.report.event_time_ns + 10 for d in told)
    assert box.take() == []


def test_lost_answer_becomes_a_time_out() -> None:
    box = outbox(drop_ppm=SURE)
    box.answer(canceled(150), cancel(100))
    (lost,) = box.take()
    assert lost.receive_time_ns == 1_100
    assert isinstance(lost.report, RequestTimedOut)
    assert lost.report.request == "cancel"
    box.push(canceled(150))
    assert len(box.take()) == 1


def test_slow_answer_comes_after_its_time_out() -> None:
    box = outbox(ConstantLatency(2_000))
    box.answer(canceled(150), cancel(100))
    assert [d.receive_time_ns for d in box.take()] == [2_150, 2_150]
    box.answer(canceled(3_150), cancel(3_000))
    answer, lost = box.take()
    assert (answer.receive_time_ns, lost.receive_time_ns) == (5_150, 5_150)


def test_duplicates_and_reordering() -> None:
    box = outbox(duplicate_ppm=SURE)
    box.push(canceled(100))
    assert len(box.take()) == 2
    box = outbox(reorder_ppm=SURE // 2, reorder_ns=500)
    for at_ns in range(100, 130):
        box.push(canceled(at_ns))
    times = [delivery.receive_time_ns for delivery in box.take()]
    assert times != sorted(times)
    assert min(times) >= 120


def test_outage_holds_reports_back() -> None:
    box = outbox(outages=(Outage(100, 400),))
    for at_ns in (99, 100, 399, 400):
        box.push(canceled(at_ns))
    assert [d.receive_time_ns for d in box.take()] == [119, 420, 420, 420]


def test_time_out_names_the_request(new_order: Any) -> None:
    box = outbox()
    box.time_out(SubmitOrder("aster", new_order("s", Side.BUY, 1, Market()), 100), 5_000)
    (lost,) = box.take()
    assert lost.receive_time_ns == 5_020
    assert isinstance(lost.report, RequestTimedOut)
    assert (lost.report.client_order_id, lost.report.request) == ("s", "submit")
