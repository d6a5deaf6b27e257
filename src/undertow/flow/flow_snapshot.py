"""The flow state as bytes: a header, then the stretches of its arrays that are in use, as they are.

Every stretch is copied once, straight from the state into the bytes and back, so a snapshot costs
what its memory costs to copy. Left out is what was never written: levels beyond a book's count,
unfilled slots of bar rings, rings of instruments that never traded. Equal histories give equal
bytes, snapshots and restores in between included.
"""

from hashlib import blake2b
from itertools import pairwise
from math import prod
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import SnapshotCorrupt
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EVENT, EventArray
from undertow.flow.flow_arrays import FlowArrays
from undertow.flow.flow_config import FlowConfig
from undertow.kernels.flow.layout import WATCH
from undertow.timeline.snapshot import PartBytes

VERSION = 3
_HEAD = 8

_WHOLE = ("instruments", "holes", "sources", "delays", "forming", "given", "samples")
_RINGS = ("bars_1m", "bars_5m", "bars_15m")
_SLOTS = (
    ("buckets", "open_time_ns"),
    ("profile", "minute"),
    ("open_interests", "minute"),
    ("fundings", "paid_ns"),
)
"""Arrays of (instrument, slot) and the field that is zero in a slot never used."""

Bytes = NDArray[np.uint8]


class Measures(msgspec.Struct, frozen=True, array_like=True):
    """What ticks and lots of an instrument mean; sums of them are worth nothing under others."""

    instrument_id: str
    kind: MarketKind
    price_step: str
    qty_step: str
    contract_size: str

    @classmethod
    def of(cls, instrument: Instrument) -> "Measures":
        """The measures of an instrument."""
        steps = (instrument.price_step, instrument.qty_step, instrument.contract_size)
        return cls(instrument.instrument_id, instrument.kind, *(step.text(1) for step in steps))


class FlowIdentity(msgspec.Struct, frozen=True):
    """What a snapshot must have in common with the state that it is restored into."""

    instruments: tuple[Measures, ...]
    sources: tuple[str, ...]
    config: FlowConfig

    @classmethod
    def of(
        cls, table: InstrumentTable, sources: tuple[str, ...], config: FlowConfig
    ) -> "FlowIdentity":
        """The identity of a state made of these."""
        return cls(tuple(map(Measures.of, table)), sources, config)

    def difference(self, found: "FlowIdentity") -> str:
        """The first thing in which a saved identity is another one, in words; empty if none."""
        for name in ("instruments", "sources"):
            mine, other = getattr(self, name), getattr(found, name)
            if len(mine) != len(other):
                return f"expected {len(mine)} {name}, found {len(other)}"
            for one, two in zip(mine, other, strict=True):
                if one != two:
                    return f"expected {one}, found {two}"
        return "" if self.config == found.config else "expected the same flow configuration"


class _Header(msgspec.Struct, frozen=True, array_like=True):
    version: int
    layout: str
    identity: FlowIdentity
    now_ns: int
    next_sweep_ns: int
    watches: bytes
    pending: bytes
    wide: bytes
    extents: bytes


def layout_digest(arrays: FlowArrays) -> str:
    """A name for the layouts of all records: bytes of other layouts mean something else."""
    records = [
        (name, array.dtype.descr)
        for name, array in sorted(vars(arrays).items())
        if isinstance(array, np.ndarray)
    ]
    return blake2b(repr(records).encode(), digest_size=8).hexdigest()


def pack_flow(
    identity: FlowIdentity, arrays: FlowArrays, pending: EventArray | None, wide: bytes
) -> memoryview:
    """Save a state, in memory of its own. `wide`: the snapshot of its wide bars."""
    run = arrays.run[0]
    extents = _used_slots(arrays)
    header = _Header(
        version=VERSION,
        layout=layout_digest(arrays),
        identity=identity,
        now_ns=int(run["now_ns"]),
        next_sweep_ns=int(run["next_sweep_ns"]),
        watches=arrays.watches[: int(run["watch_count"])].tobytes(),
        pending=b"" if pending is None else pending.tobytes(),
        wide=wide,
        extents=extents.tobytes(),
    )
    head = msgspec.msgpack.encode(header)
    parts = [np.frombuffer(len(head).to_bytes(_HEAD, "little") + head, np.uint8)]
    parts += [_flat(getattr(arrays, name)) for name in _WHOLE]
    parts += _stretches(arrays, extents)
    # An array of numpy's gets large pages, which makes room several times faster than bytes do.
    return np.concatenate(parts).data


def unpack_flow(
    data: PartBytes, identity: FlowIdentity, arrays: FlowArrays
) -> tuple[EventArray | None, bytes]:
    """Load a state into fresh arrays; returns the rows of an unfinished book update, if any, and
    the snapshot of the wide bars.

    Raises `SnapshotCorrupt` when the bytes are no snapshot, or not one of this identity and
    version."""
    length = int.from_bytes(data[:_HEAD], "little")
    try:
        header = msgspec.msgpack.decode(data[_HEAD : _HEAD + length], type=_Header)
    except msgspec.DecodeError as error:
        raise SnapshotCorrupt(f"expected a snapshot of the flow state, found {error}") from None
    if header.version != VERSION:
        raise SnapshotCorrupt(f"expected flow version {VERSION}, found {header.version}")
    if header.layout != layout_digest(arrays):
        raise SnapshotCorrupt(
            "expected a snapshot of this version's record layouts, found one of others"
        )
    if difference := identity.difference(header.identity):
        raise SnapshotCorrupt(f"a snapshot of another flow state: {difference}")
    try:
        _load(header, np.frombuffer(data, np.uint8)[_HEAD + length :], arrays)
    except (ValueError, IndexError) as error:
        raise SnapshotCorrupt(f"expected whole arrays, found {error}") from None
    pending = np.frombuffer(header.pending, EVENT).copy() if header.pending else None
    return pending, header.wide


def _load(header: _Header, body: Bytes, arrays: FlowArrays) -> None:
    arrays.run["now_ns"] = header.now_ns
    arrays.run["next_sweep_ns"] = header.next_sweep_ns
    for watch in np.frombuffer(header.watches, WATCH):
        arrays.make_room_for_watch()
        arrays.watches[int(arrays.run["watch_count"][0])] = watch
        arrays.run["watch_count"] += 1
    body = _fill([_flat(getattr(arrays, name)) for name in _WHOLE], body)
    extents = np.frombuffer(header.extents, np.int32).reshape(len(_SLOTS), -1, 2)
    if len(_fill(_stretches(arrays, extents), body)):
        raise ValueError("more bytes than the arrays have")
    arrays.make_room_for_closed()


def _fill(parts: list[Bytes], body: Bytes) -> Bytes:
    # The parts are views into the state; they take the bytes one after the other.
    length = sum(map(len, parts))
    if length > len(body):
        raise ValueError(f"{len(body)} bytes where {length} belong")
    first = 0
    for part in parts:
        part[:] = body[first : first + len(part)]
        first += len(part)
    return body[first:]


def _flat(array: NDArray[Any]) -> Bytes:
    return array.reshape(-1).view(np.uint8)


def _used_slots(arrays: FlowArrays) -> NDArray[np.int32]:
    # Per array of slots and instrument: from the first slot that was ever used to after the last.
    extents = np.zeros((len(_SLOTS), len(arrays.instruments), 2), np.int32)
    for extent, (name, field) in zip(extents, _SLOTS, strict=True):
        is_used = getattr(arrays, name)[field] != 0
        has_any = is_used.any(axis=1)
        extent[:, 0] = np.where(has_any, is_used.argmax(axis=1), 0)
        extent[:, 1] = np.where(has_any, is_used.shape[1] - is_used[:, ::-1].argmax(axis=1), 0)
    return extents


def _stretches(arrays: FlowArrays, extents: NDArray[np.int32]) -> list[Bytes]:
    # Views of everything in use, in an order that the instruments' own counts decide.
    parts: list[Bytes] = []
    for (name, _), extent in zip(_SLOTS, extents.tolist(), strict=True):
        array = getattr(arrays, name)
        parts += _rows(array, [(i, first, stop) for i, (first, stop) in enumerate(extent)])
    edges = [0, *np.cumsum([int(arrays.run[name][0]) for name in _RINGS]).tolist()]
    for name, (first, stop) in zip(_RINGS, pairwise(edges), strict=True):
        filled = np.minimum(arrays.instruments[name], stop - first).tolist()
        parts += _rows(arrays.bars, [(i, first, first + n) for i, n in enumerate(filled)])
    filled = np.minimum(arrays.instruments["bars_1m"], arrays.minute_samples.shape[1]).tolist()
    parts += _rows(arrays.minute_samples, [(i, 0, n) for i, n in enumerate(filled)])
    for side, name in enumerate(("bid_levels", "ask_levels")):
        levels = arrays.instruments[name].tolist()
        for array in (arrays.book_keys, arrays.book_lots):
            table = array.reshape(-1, array.shape[2])
            parts += _rows(table, [(2 * i + side, 0, n) for i, n in enumerate(levels)])
    return parts + _book_stretches(arrays)


def _book_stretches(arrays: FlowArrays) -> list[Bytes]:
    # What was seen of the books; counts say how much of each ring is filled.
    counts, samples = arrays.instruments, arrays.samples
    rings = (
        (arrays.heat, samples["heat_columns"]),
        (arrays.heat_lots, samples["heat_columns"]),
        (arrays.imbalances, samples["samples"]),
        (arrays.best_sizes, samples["samples"]),
        (arrays.forced, counts["liquidations"]),
        (arrays.trade_sizes, counts["sizes_seen"]),
        (arrays.whales, counts["whales"]),
    )
    flagged = (
        (arrays.walls, samples["samples"] > 0),
        (arrays.best_levels, counts["has_best_levels"] > 0),
        (arrays.level_flows, counts["book_updates"] > 0),
    )
    used = [
        (array, np.minimum(count, array.shape[1]) * prod(array.shape[2:])) for array, count in rings
    ]
    used += [(array, is_used * prod(array.shape[1:])) for array, is_used in flagged]
    parts: list[Bytes] = []
    for array, lengths in used:
        table = array.reshape(len(array), -1)
        parts += _rows(table, [(i, 0, n) for i, n in enumerate(lengths.tolist())])
    return parts


def _rows(table: NDArray[Any], stretches: list[tuple[int, int, int]]) -> list[Bytes]:
    flat, width, size = _flat(table), table.shape[1], table.dtype.itemsize
    if any(not 0 <= first <= stop <= width for _, first, stop in stretches):
        raise ValueError("a stretch outside its row")
    return [
        flat[(row * width + first) * size : (row * width + stop) * size]
        for row, first, stop in stretches
        if first < stop
    ]
