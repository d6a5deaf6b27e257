"""The order-flow state of a run: market rows in, windows, bars, books and wakes out.

A function of the sequence of rows, clock advances, subscriptions and watches only: however the rows
are split into calls, the state (`digest`) and the wakes are the same."""

from collections.abc import Sequence
from hashlib import blake2b
from struct import Struct
from typing import NoReturn, SupportsIndex

import numpy as np
from numpy.typing import NDArray

from undertow.domain.bar import BAR, TIMEFRAMES_S, Bar
from undertow.domain.errors import (
    ConfigurationError,
    InvariantBroken,
    MalformedMessage,
    UnknownNameError,
)
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EVENT, EventArray
from undertow.domain.suggestion import did_you_mean
from undertow.domain.time import NS_PER_S
from undertow.flow.asset_flow import AssetFlow
from undertow.flow.flow_arrays import GIVEN_WAKES, FlowArrays
from undertow.flow.flow_config import DEFAULT_FLOW_CONFIG, FlowConfig
from undertow.flow.flow_snapshot import FlowIdentity, pack_flow, unpack_flow
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.flow.look_ahead import LookAhead
from undertow.flow.record_words import record_words, word_places
from undertow.flow.source_flow import SourceFlow
from undertow.flow.watch import Touch, WatchKind
from undertow.flow.watch_list import WatchList
from undertow.flow.wide_bars import WideBars, only
from undertow.kernels.flow.advance import advance
from undertow.kernels.flow.layout import (
    GIVEN_SLOT,
    INCOMPLETE,
    MINUTE_DOWN,
    MORE,
    OUT_OF_TABLE,
    RUN,
    SECONDS_KEPT,
)
from undertow.kernels.flow.second_sums import ofi_of_all
from undertow.kernels.flow.source_time import sweep_all
from undertow.kernels.flow.venue_facts import withdraw_best
from undertow.timeline.snapshot import PartBytes

_PLACES = word_places(RUN)
_CLOSED_COUNT, _TOUCHED_COUNT = _PLACES["closed_count"], _PLACES["touched_count"]
_NOW, _NEXT_SWEEP = _PLACES["now_ns"], _PLACES["next_sweep_ns"]
_BAR_FIELDS = Struct("=9qd")  # BAR


def _bar_order(bar: Bar) -> tuple[int, int, int]:
    return bar.close_time_ns, bar.instrument, bar.timeframe_s


class FlowState:
    """Flow of every instrument of a table, fed by the named sources.

    Rows carry indexes into `table` and `sources`. Views (`self[i]`, `asset`, `source`) are made
    once and always show the present. Copying is refused (kernels hold addresses): use `snapshot`.
    """

    def __init__(
        self,
        table: InstrumentTable,
        sources: Sequence[str],
        config: FlowConfig = DEFAULT_FLOW_CONFIG,
    ) -> None:
        if len(set(sources)) != len(sources) or not sources:
            raise ConfigurationError(f"expected one or more different sources, found {sources}")
        self._table = table
        self._config = config
        self._identity = FlowIdentity.of(table, tuple(sources), config)
        self._sources = tuple(SourceFlow(i, name) for i, name in enumerate(sources))
        self._wide = WideBars()
        self._subscribed: set[tuple[int, int]] = set()
        self._flows = tuple(
            InstrumentFlow(i, instrument, self._sources, config, self._wide)
            for i, instrument in enumerate(table)
        )
        self._assets = {
            name: AssetFlow(name, tuple(self._flows[i] for i in table.of_asset(name)), config)
            for name in table.assets
        }
        self._closed: list[Bar] = []
        self._touched: list[Touch] = []
        self._pending: EventArray | None = None
        self._read_last = self._rows_last = np.empty(0, EVENT)
        self._attach(FlowArrays(table, len(sources), config))

    def _attach(self, arrays: FlowArrays) -> None:
        self._arrays = arrays
        self._run = arrays.run
        self._counts = record_words(arrays.run, 0)  # cheap scalar reads
        self._watches = WatchList(arrays)
        self._bars_of_one = arrays.bars.shape[1]
        self._bar_bytes = arrays.bars.view(np.uint8).reshape(-1).data
        for source in self._sources:
            source.attach(arrays)
        for flow in self._flows:
            flow.attach(arrays)

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise InvariantBroken("expected a snapshot of the flow state, found an attempt to copy it")

    # Views.

    @property
    def now_ns(self) -> int:
        """The engine's clock: greatest receive time or clock advance so far; 0 before any."""
        return self._counts[_NOW]

    @property
    def config(self) -> FlowConfig:
        """The numbers this state runs with."""
        return self._config

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays of the state; it never grows but for watches set."""
        return self._arrays.nbytes

    def __getitem__(self, index: int) -> InstrumentFlow:
        return self._flows[index]

    def __len__(self) -> int:
        return len(self._flows)

    def asset(self, base: str) -> AssetFlow:
        """Flow of a base coin; raises `UnknownNameError` with the nearest name."""
        found = self._assets.get(base)
        if found is None:
            hint = did_you_mean(base, self._assets)
            raise UnknownNameError(f"expected an asset of this run, found {base!r};{hint}")
        return found

    def source(self, source: int) -> SourceFlow:
        """One source by its index."""
        return self._sources[source]

    def ofi_lots(self, seconds: int) -> NDArray[np.int64]:
        """`InstrumentFlow.ofi_lots(seconds)` of every instrument at once, (instruments,) lots: for
        who samples them many times a second."""
        if not 1 <= seconds <= SECONDS_KEPT:
            raise ConfigurationError(
                f"expected a window of 1 .. {SECONDS_KEPT} seconds, found {seconds}"
            )
        out = np.empty(len(self), np.int64)
        ofi_of_all(self._run, seconds, out)
        return out

    # Wakes.

    def subscribe_bars(self, index: int, timeframe_s: int) -> None:
        """Wake after rows that close a bar of this length; `domain.bar.TIMEFRAME_NAMES` has all.

        Bars of a length that no ring keeps are made from now on, and can be read like the others.
        """
        part_s = timeframe_s
        if timeframe_s not in TIMEFRAMES_S:
            part_s = self._wide.subscribe(index, timeframe_s)
            self._arrays.instruments["wakes"][index] |= GIVEN_WAKES
        self._subscribed.add((index, timeframe_s))
        self._arrays.instruments["wakes"][index] |= 1 << TIMEFRAMES_S.index(part_s)
        self._arrays.make_room_for_closed()

    def watch(
        self, index: int, watch_id: int, kind: WatchKind, level_ticks: int, trail_ppm: int = 0
    ) -> None:
        """Wake after a trade that touches a price; `watch.WatchKind` says when that is.

        RISES_TO, FALLS_TO: `level_ticks` is the price. Trails: it is the extreme to start from, 0 =
        the last trade (or the next, when there is none), and `trail_ppm` how far the price must
        come back, 1 .. 1 000 000 (which never touches, and only follows the extreme). Late and
        misdated trades touch nothing. Ids are the caller's; one in use raises `ConfigurationError`.
        """
        self._watches.add(index, watch_id, kind, level_ticks, trail_ppm)

    def unwatch(self, watch_id: int) -> None:
        """Remove a watch; nothing happens when it was touched or removed before."""
        self._watches.remove(watch_id)

    def extreme(self, watch_id: int) -> int:
        """Best trade price since a trail was set (its start before any trade), in ticks.

        Raises `UnknownNameError` when there is no such trail; a touched one has its extreme in
        `Touch`."""
        return self._watches.extreme(watch_id)

    def closed_bars(self) -> list[Bar]:
        """Awaited bars closed by the last call, by (close time, instrument, timeframe)."""
        return self._closed

    def touched(self) -> list[Touch]:
        """Watches touched by the last call, in the order in which they were set."""
        return self._touched

    # Input.

    def advance(self, events: EventArray, start: int, stop: int, timer_due_ns: int) -> int:
        """Apply rows [start, stop) of `EVENT`s; returns the index of the first row not applied.

        Stops before a row received at or after `timer_due_ns`, after a row that closed an awaited
        bar or touched a watch, and at `stop`. Of a book update cut by `stop` the rows count as
        applied but take effect with its last row in a later call. Raises `MalformedMessage` at a
        row whose instrument or source is not of this run; rows before it are applied."""
        if not 0 <= start <= stop <= len(events):
            raise InvariantBroken(f"expected rows within {len(events)}, found [{start}, {stop})")
        self._begin()
        i = start
        if self._pending is not None and start < stop:
            i = self._resume(events, start, stop, timer_due_ns)
            if self._closed or self._touched:
                return i
        rows = self._readable(events)
        i, why = self._loop(rows, i, stop, timer_due_ns, 0)
        if why == INCOMPLETE:
            self._pending = rows[i:stop].copy()
            return stop
        if why == OUT_OF_TABLE:
            self._refuse(rows[i])
        return i

    def advance_clock(self, now_ns: int) -> None:
        """Let time pass without rows: sources may fall silent. No bar closes by the clock alone.

        Time never goes back: an earlier `now_ns` changes nothing.
        """
        self._begin()
        counts = self._counts
        if now_ns >= counts[_NEXT_SWEEP]:
            sweep_all(self._run, now_ns)
        if now_ns > counts[_NOW]:
            counts[_NOW] = now_ns

    def set_source_health(self, source: int, *, is_healthy: bool) -> None:
        """A driver saw a connection go down (books and quotes are withdrawn) or come back."""
        self._arrays.sources["is_down"][source] = not is_healthy
        if is_healthy:
            return
        for index in np.flatnonzero(self._arrays.instruments["source"] == source):
            self._arrays.instruments["minute_flags"][index] |= MINUTE_DOWN
            withdraw_best(self._arrays.instruments[index])

    def look_ahead(self) -> LookAhead | None:
        """A way to run ahead and come back; None while a book update is unfinished or wide bars are
        made. Valid until the next restore.
        """
        if self._pending is not None or not self._wide.is_empty:
            return None
        return LookAhead(self._arrays)

    def readable(self, events: EventArray) -> EventArray:
        """The rows as the kernels take them."""
        return self._readable(events)

    def _begin(self) -> None:
        # New lists: the caller may have kept the last ones.
        self._closed = []
        self._touched = []

    def _loop(
        self, rows: EventArray, start: int, stop: int, timer_due_ns: int, first_timed: int
    ) -> tuple[int, int]:
        while True:
            i, why = advance(self._run, rows, start, stop, timer_due_ns, first_timed)
            self._collect()
            if why != MORE:
                break
            start = i
        if len(self._closed) > 1:
            self._closed.sort(key=_bar_order)
        if self._closed and not self._wide.is_empty:
            self._widen()
        return i, why

    def _widen(self) -> None:
        # Closed parts become wider bars; parts that nobody waits for are not told, and a given bar
        # of a length that is not kept is told as the wide bar that it becomes.
        wider = [wide for part in self._closed for wide in self._wide.take(part)]
        kept = [part for part in self._closed if part.timeframe_s in TIMEFRAMES_S]
        self._closed = only([*kept, *wider], self._subscribed)
        self._closed.sort(key=_bar_order)

    def _resume(self, events: EventArray, start: int, stop: int, timer_due_ns: int) -> int:
        # Continues a book update that an earlier call's rows ended in; the timer let it begin then.
        pending = self._pending
        assert pending is not None
        known = len(pending)
        missing = int(pending[0]["qty_lots"]) + 2 - known
        taken = min(missing, stop - start)
        joined = np.concatenate((pending, events[start : start + taken]))
        i, why = self._loop(self._readable(joined), 0, len(joined), timer_due_ns, 1)
        if why == INCOMPLETE and i == 0:
            self._pending = joined
            return start + taken
        self._pending = None
        assert i >= known
        if why == OUT_OF_TABLE:
            self._refuse(joined[i])
        return start + i - known

    def _readable(self, events: EventArray) -> EventArray:
        # Always one array type for the kernel, or it would compile anew: read-only, contiguous.
        if events is self._read_last:
            return self._rows_last
        if events.dtype != EVENT:
            raise MalformedMessage(f"expected EVENT rows, found an array of {events.dtype}")
        rows = np.ascontiguousarray(events).view()
        rows.flags.writeable = False
        if events.flags.c_contiguous:
            self._read_last, self._rows_last = events, rows
        return rows

    def _refuse(self, row: np.void) -> None:
        raise MalformedMessage(
            f"expected an instrument below {len(self._flows)} and a source below"
            f" {len(self._sources)}, found {row['instrument']} and {row['source']}"
        )

    def _collect(self) -> None:
        count = self._counts[_CLOSED_COUNT]
        if count:
            self._closed += [self._bar(*note) for note in self._arrays.closed[:count].tolist()]
            self._counts[_CLOSED_COUNT] = 0
        if self._counts[_TOUCHED_COUNT]:
            self._touched += self._watches.take_touched()

    def _bar(self, close_s: int, index: int, timeframe_s: int, slot: int, flat_ticks: int) -> Bar:
        if slot == GIVEN_SLOT:
            return Bar(index, timeframe_s, *self._arrays.given[index].item())
        if timeframe_s > 1:
            place = (index * self._bars_of_one + slot) * BAR.itemsize
            return Bar(index, timeframe_s, *_BAR_FIELDS.unpack_from(self._bar_bytes, place))
        if slot < 0:
            open_time_ns = (close_s - 1) * NS_PER_S
            prices = (flat_ticks, flat_ticks, flat_ticks, flat_ticks)
            return Bar(index, 1, open_time_ns, *prices, 0, 0, 0, 0, 0.0)
        time_ns, opened, high, low, close, traded = self._arrays.buckets[index, slot].item()[:6]
        volumes = (*traded[:4], traded[4] + traded[5])
        return Bar(index, 1, time_ns, opened, high, low, close, *volumes)

    # Persistence.

    def snapshot(self) -> memoryview:
        """Everything but the bars and touches of the last call, which the caller has taken."""
        wide = b"" if self._wide.is_empty else self._wide.snapshot()
        return pack_flow(self._identity, self._arrays, self._pending, wide)

    def restore(self, data: PartBytes) -> None:
        """Become the state that was saved; raises `SnapshotCorrupt` when it is not of this run."""
        arrays = FlowArrays(self._table, len(self._sources), self._config)
        self._pending, wide = unpack_flow(data, self._identity, arrays)
        self._wide.restore(wide)
        self._begin()
        self._attach(arrays)

    def digest(self) -> bytes:
        """32 bytes that are equal for equal histories, however these were split into calls."""
        return blake2b(self.snapshot(), digest_size=32).digest()
