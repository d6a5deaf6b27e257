"""Reports on their way to us: response latency, and on request loss, doubles, delays, outages.

The answer to a command and the stream of account reports share one connection, so reports are
heard in the order in which they were said, unless a fault reorders them.
"""

import msgspec

from undertow.domain.command import Command, SubmitOrder
from undertow.domain.identity import ClientOrderId
from undertow.domain.report import Report, RequestTimedOut
from undertow.simulator.delivery import Delivery
from undertow.simulator.faults import FaultPlan
from undertow.simulator.inbox import FAR_NS
from undertow.simulator.latency import Latency
from undertow.simulator.seeded_stream import SeededStream


class OutboxState(msgspec.Struct, frozen=True):
    """What an outbox remembers between two takes."""

    last_receive_ns: int
    latency: tuple[int, int, int, int]
    faults: tuple[int, int, int, int]


class Outbox:
    """Collects what the venue says, each with the time at which we hear it."""

    def __init__(
        self, latency: Latency, faults: FaultPlan, timeout_ns: int, *streams: SeededStream
    ) -> None:
        self._latency = latency
        self._faults = faults
        self._timeout_ns = timeout_ns
        self._latency_stream, self._fault_stream = streams
        self._last_receive_ns = -FAR_NS
        self._deliveries: list[Delivery] = []

    def push(self, report: Report) -> None:
        """An account report: nobody asked for it, and it is never lost."""
        self._send(report)

    def answer(self, report: Report, command: Command) -> None:
        """The direct answer to a command; it may be lost, or slower than we wait."""
        at_ns = report.event_time_ns
        if self._faults.drop_ppm and self._fault_stream.chance(self._faults.drop_ppm):
            self.time_out(command, at_ns)
            return
        first = len(self._deliveries)
        self._send(report)
        timeout_ns = self._timeout_ns + command.sent_ns
        if self._deliveries[first].receive_time_ns > timeout_ns:
            self.time_out(command, at_ns)

    def time_out(self, command: Command, at_ns: int) -> None:
        """No answer to this command: we learn so `timeout_ns` after it was sent."""
        client_order_id, request = _request(command)
        heard_ns = max(command.sent_ns + self._timeout_ns, at_ns + self._latency.floor_ns)
        report = RequestTimedOut(
            venue=command.venue,
            event_time_ns=at_ns,
            client_order_id=client_order_id,
            request=request,
        )
        self._deliveries.append(Delivery(heard_ns, report))

    def take(self) -> list[Delivery]:
        """All since the last take, in the order in which the venue said them."""
        taken, self._deliveries = self._deliveries, []
        return taken

    def dump(self) -> OutboxState:
        """Everything, for a snapshot; deliveries must have been taken."""
        assert not self._deliveries, "a snapshot is made between two advances"
        streams = self._latency_stream.dump(), self._fault_stream.dump()
        return OutboxState(self._last_receive_ns, *streams)

    def load(self, state: OutboxState) -> None:
        """Go back to a dump."""
        self._deliveries = []
        self._last_receive_ns = state.last_receive_ns
        self._latency_stream.load(state.latency)
        self._fault_stream.load(state.faults)

    def _send(self, report: Report) -> None:
        self._deliveries.append(Delivery(self._schedule(report.event_time_ns), report))
        if self._fault_stream.chance(self._faults.duplicate_ppm):
            self._deliveries.append(Delivery(self._schedule(report.event_time_ns), report))

    def _schedule(self, at_ns: int) -> int:
        leave_ns = self._faults.outage_stop(at_ns) or at_ns
        latency_ns = self._latency.draw(self._latency_stream, leave_ns)
        heard_ns = max(leave_ns + latency_ns, self._last_receive_ns)
        self._last_receive_ns = heard_ns
        if self._fault_stream.chance(self._faults.reorder_ppm):
            # Later reports pass this one: the frontier stays behind it.
            heard_ns += 1 + self._fault_stream.below(self._faults.reorder_ns)
        return heard_ns


def _request(command: Command) -> tuple[ClientOrderId, str]:
    # The order a command is about, and the command's own tag ("submit", "cancel", ...).
    if isinstance(command, SubmitOrder):
        return command.order.client_order_id, "submit"
    return command.client_order_id, str(command.__struct_config__.tag)
