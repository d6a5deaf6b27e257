"""The orders, fills and positions that a journal tells of, and finding one by its name."""

import msgspec

from undertow.domain.command import SubmitOrder
from undertow.domain.engine_input import ReportReceived
from undertow.domain.errors import DataError, UnknownNameError
from undertow.domain.event import PositionClosed, PositionOpened
from undertow.domain.order import Order, Purpose
from undertow.domain.report import OrderFilled
from undertow.domain.suggestion import did_you_mean
from undertow.timeline.journal_record import JournalRecord, RunStarted

LAST, LAST_ENTRY, LAST_EXIT = "last", "last-entry", "last-exit"
_WORDS = (LAST, LAST_ENTRY, LAST_EXIT)
_FOREVER = 1 << 62


class SentOrder(msgspec.Struct, frozen=True):
    """An order and the journal frame of its `SubmitOrder`."""

    sequence: int
    sent_ns: int
    venue: str
    order: Order


class PositionSpan(msgspec.Struct):
    """A position and the frames of its first and last fill; `closed` is None while it is open."""

    opened_sequence: int
    opened: PositionOpened
    closed_sequence: int = _FOREVER
    closed: PositionClosed | None = None

    @property
    def entry_order(self) -> str:
        """The client order id that the position's own id begins with."""
        return self.opened.position_id.partition("/")[0]


class StartedRun(msgspec.Struct, frozen=True):
    """A run and the frame that says so."""

    sequence: int
    run: RunStarted


class OrderIndex:
    """Takes records in order; `find` then knows every name that an order can be asked for by."""

    def __init__(self) -> None:
        self.runs: list[StartedRun] = []
        self.orders: dict[str, SentOrder] = {}
        self.positions: dict[str, PositionSpan] = {}
        self._filled: list[SentOrder] = []

    def take(self, record: JournalRecord) -> None:
        """Note what the record says of runs, orders, fills and positions."""
        match record.value:
            case RunStarted() as run:
                self.runs.append(StartedRun(record.sequence, run))
            case SubmitOrder() as sent:
                name = sent.order.client_order_id
                self.orders[name] = SentOrder(record.sequence, sent.sent_ns, sent.venue, sent.order)
            case ReportReceived(report=OrderFilled() as fill):
                filled = self.orders.get(fill.client_order_id)
                if filled is not None:
                    self._filled.append(filled)
            case PositionOpened() as opened:
                self.positions[opened.position_id] = PositionSpan(record.sequence, opened)
            case PositionClosed() as closed:
                self._close(record.sequence, closed)

    def find(self, name: str) -> SentOrder:
        """The order of a client order id, a position's entry, a decision, or a word.

        Words: `last` (sent), `last-entry` (sent), `last-exit` (filled, protective stops included).
        Raises `UnknownNameError` with the nearest id.
        """
        if name in _WORDS:
            return self._find_word(name)
        span = self.positions.get(name)
        sought = span.entry_order if span is not None else name
        found = self.orders.get(sought)
        if found is not None:
            return found
        for sent in self.orders.values():
            if sent.order.decision_id == name:
                return sent
        known = (*_WORDS, *self.orders, *self.positions)
        raise UnknownNameError(
            f"expected an order or position of this journal, found {name!r};"
            f"{did_you_mean(name, known)}"
        )

    def position_of(self, sent: SentOrder) -> PositionSpan | None:
        """The position that an order opened, protected or closed; None for an unfilled entry."""
        order = sent.order
        for span in self.positions.values():
            if span.entry_order == order.client_order_id:
                return span
        for span in self.positions.values():
            opened = span.opened
            is_same = (opened.strategy, opened.instrument_id) == (
                order.strategy,
                order.instrument_id,
            )
            if is_same and span.opened_sequence < sent.sequence < span.closed_sequence:
                return span
        return None

    def orders_of(self, span: PositionSpan) -> tuple[SentOrder, ...]:
        """All orders of a position, from its entry to its end, oldest first."""
        entry = self.orders.get(span.entry_order)
        first = min(span.opened_sequence, entry.sequence if entry else span.opened_sequence)
        opened = span.opened
        return tuple(
            sent
            for sent in self.orders.values()
            if first <= sent.sequence <= span.closed_sequence
            and sent.order.strategy == opened.strategy
            and sent.order.instrument_id == opened.instrument_id
        )

    def run_of(self, sequence: int) -> StartedRun:
        """The run that a frame belongs to."""
        found = [run for run in self.runs if run.sequence <= sequence]
        if not found:
            raise DataError(
                f"expected the start of the run before frame {sequence}, found none: "
                "bring the archived segments back"
            )
        return found[-1]

    def _find_word(self, word: str) -> SentOrder:
        if word == LAST_EXIT:
            fitting = [sent for sent in self._filled if sent.order.purpose is not Purpose.ENTRY]
        else:
            fitting = [
                sent
                for sent in self.orders.values()
                if word == LAST or sent.order.purpose is Purpose.ENTRY
            ]
        if not fitting:
            raise UnknownNameError(
                f"expected the journal to tell of {word.replace('last-', 'a last ')}, found none "
                f"among {len(self.orders)} orders"
            )
        return fitting[-1]

    def _close(self, sequence: int, closed: PositionClosed) -> None:
        span = self.positions.get(closed.position_id)
        if span is not None:
            span.closed_sequence, span.closed = sequence, closed
