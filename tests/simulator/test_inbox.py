from undertow.domain.command import QueryOrder
from undertow.domain.identity import ClientOrderId, InstrumentId
from undertow.simulator.inbox import FAR_NS, Inbox
from undertow.simulator.latency import ConstantLatency, LogNormalLatency
from undertow.simulator.seeded_stream import SeededStream


def query(sent_ns: int) -> QueryOrder:
    return QueryOrder("aster", InstrumentId("X@aster"), ClientOrderId("a"), sent_ns)


def test_arrives_after_the_latency() -> None:
    inbox = Inbox(ConstantLatency(20), SeededStream(1))
    assert inbox.next_arrival_ns == FAR_NS
    inbox.send(query(100), -FAR_NS)
    assert (len(inbox), inbox.next_arrival_ns) == (1, 120)
    assert inbox.receive().command == query(100)
    assert len(inbox) == 0


def test_one_connection_keeps_its_order() -> None:
    inbox = Inbox(LogNormalLatency(10, 1_000, 2.0), SeededStream(1))
    for sent_ns in range(50):
        inbox.send(query(sent_ns), -FAR_NS)
    arrivals = [inbox.receive() for _ in range(50)]
    times = [arrival.arrival_ns for arrival in arrivals]
    assert times == sorted(times)
    assert [arrival.command.sent_ns for arrival in arrivals] == list(range(50))
    assert inbox.late == 0


def test_late_commands_arrive_now_and_are_counted() -> None:
    inbox = Inbox(ConstantLatency(20), SeededStream(1))
    inbox.send(query(100), 500)
    assert (inbox.next_arrival_ns, inbox.late) == (500, 1)


def test_dump_and_load() -> None:
    inbox = Inbox(LogNormalLatency(10, 1_000, 2.0), SeededStream(1))
    inbox.send(query(1), 0)
    other = Inbox(LogNormalLatency(10, 1_000, 2.0), SeededStream(9))
    other.load(inbox.dump())
    for box in (inbox, other):
        box.send(query(5), 0)
    assert other.dump() == inbox.dump()
