"""Bars of every kind from the trades of one instrument, or from its smaller bars.

A function of the sequence of rows only: however they are split into calls, bars, counters and the
snapshot are the same bytes. A published bar never changes. Trades that come out of order belong to
the unfinished bar and are counted; time bars wait for them (`TimeBars.lateness_ns`) and leave out
what comes later still. Rows that are no possible trade are left out and counted.
"""

from typing import Any

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.bar import BAR
from undertow.domain.errors import ConfigurationError, SnapshotCorrupt
from undertow.domain.instrument import Instrument
from undertow.domain.market_event import EventArray
from undertow.domain.time import NS_PER_S
from undertow.flow.bar_kinds import (
    BarKind,
    DollarBars,
    FixedImbalanceBars,
    ImbalanceBars,
    RangeBars,
    RenkoBars,
    RunsBars,
    TickBars,
    TimeBars,
    VolumeBars,
)
from undertow.flow.bar_state import BarState
from undertow.flow.readable_rows import readable_rows, trade_rows
from undertow.kernels.bars.bar_layout import MOST_PER_TRADE, TRADE_BAR
from undertow.kernels.bars.forming_bar import finish_bar
from undertow.kernels.bars.imbalance_bars import push_imbalance
from undertow.kernels.bars.renko_bars import push_renko
from undertow.kernels.bars.runs_bars import push_runs
from undertow.kernels.bars.smaller_bars import push_small, push_small_time
from undertow.kernels.bars.threshold_bars import push_range, push_threshold
from undertow.kernels.bars.time_bars import push_time, roll_time

VERSION = 1
TradeBars = NDArray[np.void]
"""Bars of trades, `kernels.bars.bar_layout.TRADE_BAR`, oldest first."""

_COUNTERS = (
    "trades",
    "late_trades",
    "disordered_trades",
    "repeated_trades",
    "renumbered_trades",
    "refused_rows",
    "misdated_rows",
    "oversized_trades",
    "long_holes",
)
_KERNELS: dict[type[Any], Any] = {
    TickBars: push_threshold,
    VolumeBars: push_threshold,
    DollarBars: push_threshold,
    FixedImbalanceBars: push_threshold,
    ImbalanceBars: push_imbalance,
    RunsBars: push_runs,
    RenkoBars: push_renko,
    RangeBars: push_range,
    TimeBars: push_time,
}
_NEVER_FROM_BARS = (ImbalanceBars, RunsBars, RenkoBars)
_ROOM = 4 * MOST_PER_TRADE
_TRADES, _BARS = 1, 2


class _Saved(msgspec.Struct, frozen=True, array_like=True):
    version: int
    identity: bytes
    arrays: tuple[bytes, ...]
    kept: bytes


class BarBuilder:
    """Builds bars of one kind from rows of instrument `index`; other rows are passed over.

    kept: closed bars that `closed` still knows. most_lead_ns: a row dated further ahead of its
    receipt is misdated and left out.
    """

    def __init__(
        self,
        kind: BarKind,
        instrument: Instrument,
        index: int = 0,
        *,
        kept: int = 1000,
        most_lead_ns: int = 10 * NS_PER_S,
    ) -> None:
        if type(kind) not in _KERNELS:
            names = ", ".join(sorted(one.__name__ for one in _KERNELS))
            raise ConfigurationError(f"expected one of {names}, found {kind!r}")
        if kept < 1 or most_lead_ns < 0:
            raise ConfigurationError(
                f"expected kept >= 1 and most_lead_ns >= 0, found {kept} and {most_lead_ns}"
            )
        self.kind = kind
        self._make = (kind, instrument, index)
        self._identity = msgspec.msgpack.encode((*self._make, kept, most_lead_ns))
        self._state = BarState(*self._make)
        self._state.record["most_lead_ns"] = self._most_lead_ns = most_lead_ns
        self._kept = np.zeros(kept, TRADE_BAR)
        self._out = np.empty(_ROOM, TRADE_BAR)

    # Input.

    def push(self, rows: EventArray) -> TradeBars:
        """Apply `EVENT` rows; returns the bars they closed, oldest first."""
        self._feed(_TRADES)
        ready = readable_rows(rows)
        kernel = _KERNELS[type(self.kind)]
        return self._run(len(ready), lambda i: kernel(*self._state.arrays, ready, i, self._out))

    def push_columns(
        self, time_ns: ArrayLike, price_ticks: ArrayLike, qty_lots: ArrayLike, side: ArrayLike
    ) -> TradeBars:
        """The same for trades in columns; side is +1 for a buyer's aggression, -1 for a seller's.

        The kind's instrument must have index 0."""
        parts = [self.push(rows) for rows in trade_rows(time_ns, price_ticks, qty_lots, side)]
        return np.concatenate(parts) if parts else np.empty(0, TRADE_BAR)

    def push_bars(self, bars: NDArray[np.void], timeframe_s: int) -> TradeBars:
        """Apply closed bars (`BAR`) of `timeframe_s` seconds, which then take the trades' place.

        Exact for time bars of a multiple; whole small bars for the others (`smaller_bars`). Raises
        `ConfigurationError` for kinds that need every trade, and when trades were pushed before.
        """
        self._require_small(timeframe_s)
        self._feed(_BARS)
        ready = readable_rows(bars, BAR)
        kernel: Any = push_small_time if isinstance(self.kind, TimeBars) else push_small
        step_ns = timeframe_s * NS_PER_S
        record = self._state.record
        return self._run(len(ready), lambda i: kernel(record, ready, i, step_ns, self._out))

    def advance_to(self, event_time_ns: int) -> TradeBars:
        """Let event time pass without trades: time bars that are over by now close."""
        record = self._state.record[0]
        if (
            not isinstance(self.kind, TimeBars)
            or not record["last_event_ns"]
            or record["fed_by"] == 2
        ):
            return np.empty(0, TRADE_BAR)
        slots: Any = self._state.rings[0]

        def roll(_start: int) -> tuple[int, int]:
            count = roll_time(record, slots, event_time_ns, self._out, 0)
            return int(event_time_ns < record["next_close_ns"]), count

        return self._run(1, roll)

    # Output.

    @property
    def bar_count(self) -> int:
        """Bars closed so far, ever."""
        return int(self._state.record["bars"][0])

    @property
    def counters(self) -> dict[str, int]:
        """Trades taken, and what was out of order, late or left out, by name."""
        return {name: int(self._state.record[name][0]) for name in _COUNTERS}

    def closed(self, count: int | None = None) -> TradeBars:
        """The last `count` closed bars that are kept (all of them without a count)."""
        room, total = len(self._kept), self.bar_count
        taken = min(room, total, total if count is None else max(count, 0))
        return np.asarray(self._kept[np.arange(total - taken, total) % room])

    def forming(self) -> TradeBars:
        """The unfinished bar, or no row before its first trade.

        Time bars: every stretch still open that traded, oldest first; their times are those of
        their first and last trade so far.
        """
        record = self._state.record
        source = record["forming"]
        if isinstance(self.kind, TimeBars) and record["fed_by"][0] != _BARS:
            source = self._state.rings[0]
        bars = np.sort(source[source["open_time_ns"] > 0], order="open_time_ns")
        for place in range(len(bars)):
            finish_bar(bars[place], float(record["value_unit"][0]))
        return bars

    # Persistence.

    def snapshot(self) -> bytes:
        """Everything that later bars depend on, and the bars kept."""
        arrays = tuple(array.tobytes() for array in self._state.arrays)
        kept = self._kept[: min(self.bar_count, len(self._kept))].tobytes()
        return msgspec.msgpack.encode(_Saved(VERSION, self._identity, arrays, kept))

    def restore(self, data: bytes) -> None:
        """Become the builder that was saved; raises `SnapshotCorrupt` when it was another one."""
        try:
            saved = msgspec.msgpack.decode(data, type=_Saved)
        except msgspec.DecodeError as error:
            raise SnapshotCorrupt(f"expected a snapshot of a bar builder, found {error}") from None
        if (saved.version, saved.identity) != (VERSION, self._identity):
            raise SnapshotCorrupt("expected the same version, kind of bars and instrument")
        fresh = BarState(*self._make)
        sizes = [len(array.tobytes()) for array in fresh.arrays]
        if sizes != [len(part) for part in saved.arrays] or len(saved.kept) % TRADE_BAR.itemsize:
            raise SnapshotCorrupt("expected whole arrays in the snapshot of a bar builder")
        for array, part in zip(fresh.arrays, saved.arrays, strict=True):
            array[:] = np.frombuffer(part, array.dtype)
        self._state = fresh
        kept = np.frombuffer(saved.kept, TRADE_BAR)
        self._kept[:] = 0
        self._kept[: len(kept)] = kept

    def _run(self, stop: int, kernel: Any) -> TradeBars:
        # The kernel stops whenever `out` might not hold more, and goes on where it stopped.
        parts, start = [], 0
        while start < stop:
            start, count = kernel(start)
            if count:
                parts.append(self._out[:count].copy())
                self._keep(parts[-1])
        if len(parts) == 1:
            return parts[0]
        return np.concatenate(parts) if parts else np.empty(0, TRADE_BAR)

    def _keep(self, bars: TradeBars) -> None:
        room, total = len(self._kept), self.bar_count
        bars = bars[-room:]
        self._kept[np.arange(total - len(bars), total) % room] = bars

    def _feed(self, source: int) -> None:
        record = self._state.record
        if record["fed_by"][0] not in (0, source):
            raise ConfigurationError("expected trades only or smaller bars only, found both")
        record["fed_by"] = source

    def _require_small(self, timeframe_s: int) -> None:
        kind = self.kind
        if isinstance(kind, _NEVER_FROM_BARS) or getattr(kind, "is_split", False):
            raise ConfigurationError(f"expected trades for {kind}, found smaller bars")
        if getattr(kind, "sign_from", "side") != "side":
            raise ConfigurationError("expected the aggressor's sign for smaller bars")
        seconds = kind.seconds if isinstance(kind, TimeBars) else timeframe_s
        if timeframe_s < 1 or seconds % timeframe_s:
            raise ConfigurationError(
                f"expected smaller bars whose length divides {seconds} s, found {timeframe_s} s"
            )
