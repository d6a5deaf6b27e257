"""Market rows and simulated exchanges in lockstep with a trader, without look-ahead or rollback.

The trader is given rows and reports in one order of receive time. While an exchange holds or
awaits an order, a slice of rows is no longer than the least round trip (least order latency plus
least response latency), so nothing the trader sends from inside a slice can be answered inside it
(conservative synchronisation, Chandy and Misra 1979). Where nothing can happen for a while (the
next row is far, no command is under way), time goes on to what comes next in one stride. While no
order lives anywhere, slices are whole blocks, and the trader stops by itself at the row where it
sends a command.

Rows come first, reports second, where both have the same receive time.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from heapq import heappop, heappush
from typing import Protocol

import numpy as np

from undertow.domain.command import Command
from undertow.domain.engine_input import ClockAdvanced, ReportReceived
from undertow.domain.errors import InvariantBroken, SnapshotCorrupt
from undertow.domain.market_event import EVENT, EventArray
from undertow.domain.time import NS_PER_S
from undertow.simulator.delivery import Delivery
from undertow.timeline.exact_msgpack import ExactDecoder, encode_exact
from undertow.timeline.row_slice import RowSlice
from undertow.timeline.snapshot import PartBytes

_SNAPSHOT_VERSION = 1
_NO_ROWS = np.empty(0, EVENT)
_DRAIN_NS = 60 * NS_PER_S
"""After the last row, answers still under way are awaited this long."""

NextBlock = Callable[[], EventArray | None]
"""Gives the next stretch of rows, sorted by receive time, after all before; None at the end."""


_Queue = list[tuple[int, int, ReportReceived]]
_Saved = tuple[int, tuple[int, int, int, bool], _Queue, bytes]
_DECODER: ExactDecoder[_Saved] = ExactDecoder(_Saved)


class LockstepExchange(Protocol):
    """What is asked of a simulated venue."""

    @property
    def round_trip_min_ns(self) -> int:
        """The least time from sending an order to hearing of it."""
        ...

    @property
    def response_min_ns(self) -> int:
        """The least time from an event at the venue to its report."""
        ...

    @property
    def feed_latency_ns(self) -> int:
        """A row happened at the venue this long before it was received."""
        ...

    @property
    def is_idle(self) -> bool:
        """True when no order rests, is in flight, or awaits its answer."""
        ...

    @property
    def silent_until_ns(self) -> int:
        """Without another row or command nothing happens at the venue before this time."""
        ...

    def submit(self, command: Command) -> None:
        """Take a command; it arrives after the order latency."""
        ...

    def advance(self, events: EventArray, until_ns: int) -> list[Delivery]:
        """Handle rows and arrived commands up to an exchange time."""
        ...


class Lockstep:
    """The simulated world of a trader: `next_item`, `consume` and `submit` in turns."""

    def __init__(
        self,
        next_block: NextBlock,
        exchanges: Mapping[str, LockstepExchange],
        venue_of_source: Sequence[str],
    ) -> None:
        self._next_block = next_block
        self._exchanges = dict(exchanges)
        unknown = sorted(set(venue_of_source) - set(exchanges))
        if unknown:
            raise InvariantBroken(f"expected an exchange for each source's venue, found {unknown}")
        order = {venue: place for place, venue in enumerate(self._exchanges)}
        self._venue_of_source = np.array([order[venue] for venue in venue_of_source], np.int64)
        self.round_trip_ns = min(x.round_trip_min_ns for x in self._exchanges.values())
        if self.round_trip_ns < 1:
            raise InvariantBroken("expected a round trip of at least 1 ns, found 0")
        self._response_ns = [x.response_min_ns for x in self._exchanges.values()]
        self._feed_margin_ns = max(x.feed_latency_ns for x in self._exchanges.values())
        self._lead_ns = max(0, self._feed_margin_ns - min(self._response_ns))
        self._rows = np.empty(0, EVENT)
        self._times = np.empty(0, np.int64)
        self._position = 0
        self._has_ended = False
        self._deliveries: _Queue = []
        self._delivered = 0
        self._answered_until_ns = -1
        self._taken_ns = 0
        self.now_ns = 0

    def next_item(
        self, limit_ns: int | None = None, due_ns: int | None = None
    ) -> RowSlice | ReportReceived | ClockAdvanced | None:
        """What the trader must take next, or None at the end of the data or at `limit_ns`.

        due_ns: when the trader will act by itself. Where nothing else happens until then, the clock
        is the next item: an order that a timer sends must not find the venue ahead of it.
        A slice stays the next item until `consume` says how much of it was taken.
        """
        while True:
            self._fill(self.now_ns + 1)
            horizon = self._horizon(limit_ns, due_ns)
            item = self._first_until(horizon)
            if item is not None:
                return item
            if due_ns is not None and self.now_ns < due_ns <= horizon:
                self.now_ns = due_ns
                return ClockAdvanced(due_ns)
            if limit_ns is not None and horizon >= limit_ns:
                self.now_ns = max(self.now_ns, limit_ns)
                return None
            if self._has_ended and horizon >= self._last_loaded_ns + _DRAIN_NS:
                return None
            self.now_ns = max(self.now_ns, horizon)

    def consume(self, stop: int) -> None:
        """The trader has taken the rows of the current slice up to `stop`."""
        if not self._position <= stop <= len(self._rows):
            raise InvariantBroken(f"expected a row from {self._position} on, found {stop}")
        if stop > self._position:
            self._taken_ns = int(self._times[stop - 1])
            self.now_ns = max(self.now_ns, self._taken_ns)
        self._position = stop

    def submit(self, commands: Iterable[Command], now_ns: int) -> None:
        """Hand commands of the trader, sent at its time `now_ns`, to their venues."""
        self.now_ns = max(self.now_ns, now_ns)
        for command in commands:
            exchange = self._exchanges.get(command.venue)
            if exchange is None:
                raise InvariantBroken(f"expected a simulated venue, found {command.venue!r}")
            exchange.submit(command)

    @property
    def is_idle(self) -> bool:
        """True when no exchange has anything to answer."""
        return not self._deliveries and all(x.is_idle for x in self._exchanges.values())

    @property
    def has_ended(self) -> bool:
        """True when the data is over and everything of it was taken."""
        return self._has_ended and self._position >= len(self._rows) and not self._deliveries

    def take_rows(self, count: int) -> EventArray:
        """The next `count` rows whatever the horizon: for repeating a recorded run."""
        while len(self._rows) - self._position < count and not self._has_ended:
            self._load()
        rows = self._rows[self._position : self._position + count]
        self.consume(self._position + len(rows))
        return rows

    def take_report(self, receive_time_ns: int) -> ReportReceived | None:
        """The next report due at that time, if any: for repeating a recorded run."""
        self._fill(receive_time_ns + self._feed_margin_ns)
        self._answer_until(receive_time_ns)
        if self._deliveries and self._deliveries[0][0] <= receive_time_ns:
            return self._pop_report()
        return None

    def snapshot(self) -> bytes:
        """Rows not yet consumed, reports not yet delivered, and the position in time."""
        reports = sorted(self._deliveries, key=lambda entry: entry[:2])
        rest = self._rows[self._position :].tobytes()
        fields = (self.now_ns, self._answered_until_ns, self._delivered, self._has_ended)
        return encode_exact((_SNAPSHOT_VERSION, fields, reports, rest))

    def restore(self, data: PartBytes) -> None:
        """Take a snapshot; exchanges and the block source are restored by their own."""
        version, fields, reports, rest = _DECODER.decode(data)
        if version != _SNAPSHOT_VERSION:
            raise SnapshotCorrupt(f"expected lockstep snapshot 1, found {version}")
        self.now_ns, self._answered_until_ns, self._delivered, self._has_ended = fields
        self._deliveries = reports
        self._rows = np.frombuffer(rest, EVENT).copy()
        self._times = np.ascontiguousarray(self._rows["receive_time_ns"])
        self._position = 0
        self._taken_ns = self.now_ns

    @property
    def _last_loaded_ns(self) -> int:
        return int(self._times[-1]) if len(self._times) else self.now_ns

    def _horizon(self, limit_ns: int | None, due_ns: int | None) -> int:
        # How far the trader may be shown the world, with every report due by then known.
        is_idle = self.is_idle
        if is_idle and not (self._has_ended and self._position >= len(self._rows)):
            horizon = max(self.now_ns, self._last_loaded_ns)
        else:
            horizon = self._next_act_ns(due_ns) + self.round_trip_ns
        if limit_ns is not None:
            horizon = min(horizon, limit_ns)
        if not is_idle:
            self._fill(horizon + self._feed_margin_ns)
            self._answer_until(horizon)
        return horizon

    def _next_act_ns(self, due_ns: int | None) -> int:
        # The trader acts on rows, reports and timers: the first time at which one of them can come.
        # Of rows that it has taken and a venue has not yet handled, it may still be told.
        now_ns, response_ns = self.now_ns, self._response_ns
        if self._answered_until_ns < self._taken_ns + max(response_ns):
            return now_ns
        if self._position < len(self._times):
            row_ns = int(self._times[self._position])
        else:
            row_ns = self._last_loaded_ns + _DRAIN_NS
        first_ns = row_ns - self._lead_ns
        for exchange, least_ns in zip(self._exchanges.values(), response_ns, strict=True):
            first_ns = min(first_ns, exchange.silent_until_ns + least_ns)
        if self._deliveries:
            first_ns = min(first_ns, self._deliveries[0][0])
        if due_ns is not None and due_ns > now_ns:
            first_ns = min(first_ns, due_ns)
        return max(now_ns, first_ns)

    def _fill(self, until_ns: int) -> None:
        while not self._has_ended and (
            self._position >= len(self._rows) or self._last_loaded_ns < until_ns
        ):
            self._load()

    def _load(self) -> None:
        block = self._next_block()
        if block is None:
            self._has_ended = True
            return
        if not len(block):
            return
        if self._position < len(self._rows):
            self._rows = np.concatenate([self._rows[self._position :], block])
        else:
            self._rows = block
        self._position = 0
        self._times = np.ascontiguousarray(self._rows["receive_time_ns"])
        venue = self._venue_of_source[block["source"]] if len(self._exchanges) > 1 else None
        for place, exchange in enumerate(self._exchanges.values()):
            # No order can arrive before the trader's present, so the past may be handled now.
            rows = block if venue is None else block[venue == place]
            self._collect(exchange.advance(rows, self.now_ns))

    def _answer_until(self, horizon_ns: int) -> None:
        if horizon_ns <= self._answered_until_ns:
            return
        for exchange, least_ns in zip(self._exchanges.values(), self._response_ns, strict=True):
            self._collect(exchange.advance(_NO_ROWS, horizon_ns - least_ns))
        self._answered_until_ns = horizon_ns

    def _collect(self, deliveries: list[Delivery]) -> None:
        for delivery in deliveries:
            item = ReportReceived(delivery.receive_time_ns, delivery.report)
            heappush(self._deliveries, (delivery.receive_time_ns, self._delivered, item))
            self._delivered += 1

    def _first_until(self, horizon_ns: int) -> RowSlice | ReportReceived | None:
        due = self._deliveries[0][0] if self._deliveries else None
        last = horizon_ns if due is None else min(horizon_ns, due)
        stop = int(self._times.searchsorted(last, side="right"))
        if stop > self._position:
            return RowSlice(self._rows, self._position, stop)
        if due is not None and due <= horizon_ns:
            return self._pop_report()
        return None

    def _pop_report(self) -> ReportReceived:
        receive_time_ns, _, item = heappop(self._deliveries)
        self.now_ns = max(self.now_ns, receive_time_ns)
        return item
