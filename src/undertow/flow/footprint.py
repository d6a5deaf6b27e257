"""Footprints of one instrument: volume at price by aggressor, bar by bar, from market rows.

A function of the sequence of rows only, however it is split into calls. Memory is bounded: the last
`kept` stretches of so many rows of price. A bar is published once, closed, and never changes.
"""

from collections.abc import Iterator

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import ConfigurationError, SnapshotCorrupt
from undertow.domain.market_event import EventArray
from undertow.domain.time import NS_PER_S
from undertow.flow.footprint_bar import FootprintBar
from undertow.flow.readable_rows import readable_rows, trade_rows
from undertow.kernels.bars.footprint_layout import FOOTPRINT, FOOTPRINT_HEAD
from undertow.kernels.bars.footprint_rows import push_footprint, roll_footprint

VERSION = 1
_COUNTERS = (
    "trades",
    "late_trades",
    "disordered_trades",
    "repeated_trades",
    "renumbered_trades",
    "refused_rows",
    "misdated_rows",
)


class FootprintConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """seconds: length of a bar, whole minutes. row_ticks: height of a row. rows: most rows of a bar
    (when its prices need more, its rows double in height). kept: stretches of time remembered.
    lateness_ns: how far trades may be out of order. most_lead_ns: a row dated further ahead of its
    receipt is misdated and left out.
    """

    seconds: int = 60
    row_ticks: int = 1
    rows: int = 256
    kept: int = 60
    lateness_ns: int = NS_PER_S
    most_lead_ns: int = 10 * NS_PER_S

    def __post_init__(self) -> None:
        if self.seconds < 60 or self.seconds % 60:
            raise ConfigurationError(f"expected seconds in whole minutes, found {self.seconds}")
        for name, least in (("row_ticks", 1), ("rows", 8), ("kept", 1), ("most_lead_ns", 0)):
            if getattr(self, name) < least:
                found = getattr(self, name)
                raise ConfigurationError(f"expected {name} of at least {least}, found {found}")
        if not 0 <= self.lateness_ns <= 60 * NS_PER_S:
            raise ConfigurationError(f"expected lateness_ns of 0 .. 60 s, found {self.lateness_ns}")


DEFAULT_FOOTPRINT = FootprintConfig()
"""One-minute bars with rows of one tick."""


class _Saved(msgspec.Struct, frozen=True, array_like=True):
    version: int
    index: int
    config: FootprintConfig
    state: bytes
    heads: bytes
    lots: bytes


class FootprintBuilder:
    """Footprints of the trades of instrument `index`; other rows are passed over."""

    def __init__(self, config: FootprintConfig = DEFAULT_FOOTPRINT, index: int = 0) -> None:
        self.config = config
        self._index = index
        slots = config.kept + config.lateness_ns // (config.seconds * NS_PER_S) + 2
        self._state = np.zeros(1, FOOTPRINT)
        self._heads = np.zeros(slots, FOOTPRINT_HEAD)
        self._lots = np.zeros((slots, config.rows, 2), np.int64)
        self._state["instrument"] = index
        self._state["length_ns"] = config.seconds * NS_PER_S
        for name in ("row_ticks", "lateness_ns", "most_lead_ns"):
            self._state[name] = getattr(config, name)

    # Input.

    def push(self, rows: EventArray) -> int:
        """Apply `EVENT` rows; returns how many bars they closed. `bars` has the last of them."""
        return self._push(readable_rows(rows), 0, is_stopping=False)[1]

    def walk(self, rows: EventArray) -> Iterator[FootprintBar]:
        """Apply rows and yield every bar as it closes, before the row that closed it counts.

        Rows count as far as the iteration goes.
        """
        ready, i = readable_rows(rows), 0
        while i < len(ready):
            before = int(self._state["next_stretch"][0])
            i, _ = self._push(ready, i, is_stopping=True)
            yield from self._between(before, int(self._state["next_stretch"][0]))

    def push_columns(
        self, time_ns: ArrayLike, price_ticks: ArrayLike, qty_lots: ArrayLike, side: ArrayLike
    ) -> int:
        """`push` for trades in columns, of a builder of index 0."""
        return sum(map(self.push, trade_rows(time_ns, price_ticks, qty_lots, side)))

    def advance_to(self, event_time_ns: int) -> list[FootprintBar]:
        """Let event time pass without trades; returns the bars that are over by now."""
        if not self._state["last_event_ns"][0]:
            return []
        before = int(self._state["next_stretch"][0])
        roll_footprint(self._state[0], self._heads, event_time_ns)
        return self._between(before, int(self._state["next_stretch"][0]))

    # Output.

    @property
    def bar_count(self) -> int:
        """Bars closed so far, ever."""
        return int(self._state["bars"][0])

    @property
    def counters(self) -> dict[str, int]:
        """Trades taken, and what was out of order, late or left out, by name."""
        return {name: int(self._state[name][0]) for name in _COUNTERS}

    def bars(self, count: int | None = None) -> tuple[FootprintBar, ...]:
        """The last `count` closed bars (all without a count) of the stretches kept."""
        stop = int(self._state["next_stretch"][0])
        found = self._between(stop - self.config.kept, stop)
        return tuple(found if count is None else found[max(0, len(found) - max(count, 0)) :])

    def forming(self) -> tuple[FootprintBar, ...]:
        """The unfinished bars, oldest first: two while the first waits for late trades."""
        first = int(self._state["next_stretch"][0])
        found: list[FootprintBar] = []
        total = int(self._state["delta_lots"][0])
        for bar in self._between(first, first + len(self._heads) - self.config.kept):
            total += bar.delta_lots
            found.append(msgspec.structs.replace(bar, cum_delta=total))
        return tuple(found)

    # Persistence.

    def snapshot(self) -> bytes:
        """The whole state; equal histories give equal bytes."""
        first = int(self._state["next_stretch"][0]) - self.config.kept
        is_live = self._heads["stretch"] >= first
        heads = np.where(is_live, self._heads, np.zeros(1, FOOTPRINT_HEAD))
        lots = np.where(is_live[:, None, None], self._lots, 0)
        parts = (self._state.tobytes(), heads.tobytes(), lots.tobytes())
        return msgspec.msgpack.encode(_Saved(VERSION, self._index, self.config, *parts))

    def restore(self, data: bytes) -> None:
        """Become the builder that was saved; raises `SnapshotCorrupt` when it was another one."""
        try:
            saved = msgspec.msgpack.decode(data, type=_Saved)
        except msgspec.DecodeError as error:
            raise SnapshotCorrupt(f"expected a snapshot of footprints, found {error}") from None
        if (saved.version, saved.index, saved.config) != (VERSION, self._index, self.config):
            raise SnapshotCorrupt("expected the same version, instrument and configuration")
        arrays: tuple[tuple[NDArray[np.void] | NDArray[np.int64], bytes], ...] = (
            (self._state, saved.state),
            (self._heads, saved.heads),
            (self._lots, saved.lots),
        )
        if any(array.nbytes != len(part) for array, part in arrays):
            raise SnapshotCorrupt("expected whole arrays in the snapshot of footprints")
        for array, part in arrays:
            array[...] = np.frombuffer(part, array.dtype).reshape(array.shape)

    def _push(self, rows: EventArray, start: int, *, is_stopping: bool) -> tuple[int, int]:
        arrays = (self._state, self._heads, self._lots)
        return push_footprint(*arrays, rows, start, int(is_stopping))

    def _between(self, first: int, stop: int) -> list[FootprintBar]:
        stretch = self._heads["stretch"]
        has_traded = self._heads["buy_trades"] + self._heads["sell_trades"] > 0
        slots = np.flatnonzero(has_traded & (stretch >= first) & (stretch < stop))
        return [self._bar(int(slot)) for slot in slots[np.argsort(stretch[slots])]]

    def _bar(self, slot: int) -> FootprintBar:
        names = FOOTPRINT_HEAD.names or ()
        head = dict(zip(names, self._heads[slot].item(), strict=True))
        height, first = head["row_ticks"], head["first_row"]
        low, high = head["low_ticks"] // height, head["high_ticks"] // height
        lots = self._lots[slot, low - first : high - first + 1].copy()
        return FootprintBar(
            open_time_ns=head["stretch"] * self.config.seconds * NS_PER_S,
            seconds=self.config.seconds,
            row_ticks=height,
            rows=np.arange(low, high + 1, dtype=np.int64) * height,
            buys=lots[:, 0],
            sells=lots[:, 1],
            **{name: head[name] for name in _SAME},
        )


_SAME = (
    "open_ticks",
    "high_ticks",
    "low_ticks",
    "close_ticks",
    "buy_trades",
    "sell_trades",
    "max_delta",
    "min_delta",
    "cum_delta",
)
