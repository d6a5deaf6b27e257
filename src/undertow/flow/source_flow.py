"""One source of market rows: what came, how late, and whether it still comes."""

from undertow.flow.flow_arrays import FlowArrays
from undertow.flow.record_words import record_words, word_places
from undertow.kernels.flow.layout import RUN, SOURCE
from undertow.kernels.flow.source_time import clock_offset

_PLACES = word_places(SOURCE)
_NOW = word_places(RUN)["now_ns"]
_TIMEOUT = word_places(RUN)["source_timeout_ns"]
_LAST_RECEIVE = _PLACES["last_receive_ns"]
_IS_DOWN = _PLACES["is_down"]


class SourceFlow:
    """Read-only view of a source; always shows the present state."""

    def __init__(self, index: int, name: str) -> None:
        self.index = index
        self.name = name

    def attach(self, arrays: FlowArrays) -> None:
        """Look at these arrays from now on (called by the flow state)."""
        self._run = arrays.run[0]
        self._record = arrays.sources[self.index]
        self._run_words = record_words(arrays.run, 0)
        self._words = record_words(arrays.sources, self.index)

    def _count(self, field: str) -> int:
        return self._words[_PLACES[field]]

    @property
    def rows(self) -> int:
        """EVENT rows applied."""
        return self._count("messages") + self._count("extra_rows")

    @property
    def messages(self) -> int:
        """Messages applied; a book update of many rows is one."""
        return self._count("messages")

    @property
    def trades(self) -> int:
        """Trades, late ones included."""
        return self._count("trades")

    @property
    def buy_lots(self) -> int:
        """Aggressive buys over all instruments of the source, in their own lots: a fingerprint."""
        return self._count("buy_lots")

    @property
    def sell_lots(self) -> int:
        """Aggressive sells over all instruments of the source, in their own lots."""
        return self._count("sell_lots")

    @property
    def book_updates(self) -> int:
        """Book updates that came, applied or not."""
        return self._count("book_updates")

    @property
    def gaps(self) -> int:
        """Holes in the venue's sequences: GAP rows and book updates that did not join on."""
        return self._count("gaps")

    @property
    def late_trades(self) -> int:
        """Trades of a second that was closed already; in running totals only."""
        return self._count("late_trades")

    @property
    def repeated_trades(self) -> int:
        """Trades that the venue sent a second time, by their ids; they count nowhere."""
        return self._count("repeated_trades")

    @property
    def misdated_rows(self) -> int:
        """Rows dated too far ahead of the source's clock; their trades are in totals only."""
        return self._count("misdated_rows")

    @property
    def refused_rows(self) -> int:
        """Rows that cannot be what they say (no price, negative size, torn updates)."""
        return self._count("refused_rows")

    @property
    def progress_ns(self) -> int:
        """Greatest event time seen; 0 before any."""
        return self._count("progress_ns")

    @property
    def watermark_ns(self) -> int:
        """Progress less the lateness: everything before it is closed; 0 before any row."""
        progress_ns = self.progress_ns
        return progress_ns - int(self._run["lateness_ns"]) if progress_ns else 0

    @property
    def last_receive_ns(self) -> int:
        """Receive time of the last row; 0 before any."""
        return self._count("last_receive_ns")

    @property
    def clock_offset_ns(self) -> int:
        """Estimated receive time less event time: clock error plus the least way here (VEN-39).

        Median of the least delays of the last 31 windows of 10 s. Negative when our clock is
        behind."""
        return int(clock_offset(self._record))

    @property
    def delay_ns(self) -> int:
        """How much longer than the shortest way the newest rows took (VEN-39); 0 before any row.

        Receive time of the last row less progress and clock offset: queues show in it, and rows
        whose events are older than the newest one."""
        if self.progress_ns == 0:
            return 0
        return self.last_receive_ns - self.progress_ns - self.clock_offset_ns

    @property
    def is_down(self) -> bool:
        """Whether a driver reported the connection down."""
        return bool(self._record["is_down"])

    @property
    def overdue_s(self) -> int:
        """Seconds before this one that are not closed come too late for the sums over venues.

        By our clock, less the source's offset, it is lateness and timeout past their end. Never
        falls."""
        return self._count("overdue_s")

    @property
    def is_healthy(self) -> bool:
        """Whether rows came within the timeout and nobody reported the source down."""
        heard_ns = self._words[_LAST_RECEIVE]
        silence_ns = self._run_words[_NOW] - heard_ns
        is_heard = heard_ns > 0 and silence_ns <= self._run_words[_TIMEOUT]
        return is_heard and not self._words[_IS_DOWN]
