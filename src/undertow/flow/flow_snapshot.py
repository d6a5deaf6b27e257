"""The flow state as bytes: only what is filled and alive, canonical, so equal states give equal
bytes.

Left out is what no later step can read: slots of the bucket ring and of the price histogram that
are older than any window, levels beyond a book's count, unfilled slots of bar rings."""

from typing import TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.bar import BAR
from undertow.domain.errors import SnapshotCorrupt
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EVENT, EventArray
from undertow.domain.time import NS_PER_S
from undertow.flow.flow_arrays import FlowArrays
from undertow.flow.flow_config import FlowConfig
from undertow.kernels.flow.layout import (
    BUCKET,
    FORGET_AHEAD_S,
    INSTRUMENT,
    PROFILE_MINUTE,
    PROFILE_MINUTES,
    PROFILE_SLOTS,
    RING,
    SOURCE,
    WATCH,
)

VERSION = 2
_RINGS = ("bars_1m", "bars_5m", "bars_15m")


class FlowIdentity(msgspec.Struct, frozen=True):
    """What a snapshot must have in common with the state that it is restored into."""

    instruments: tuple[str, ...]
    sources: tuple[str, ...]
    config: FlowConfig

    @classmethod
    def of(
        cls, table: InstrumentTable, sources: tuple[str, ...], config: FlowConfig
    ) -> "FlowIdentity":
        """The identity of a state made of these."""
        return cls(tuple(row.instrument_id for row in table), sources, config)


class _Saved(msgspec.Struct, frozen=True, array_like=True):
    version: int
    identity: FlowIdentity
    now_ns: int
    next_sweep_ns: int
    instruments: bytes
    sources: bytes
    delays: bytes
    forming: bytes
    watches: bytes
    bucket_places: bytes
    buckets: bytes
    profile_places: bytes
    profile: bytes
    bars: bytes
    book: bytes
    pending: bytes


def pack_flow(identity: FlowIdentity, arrays: FlowArrays, pending: EventArray | None) -> bytes:
    """Save a state."""
    run = arrays.run[0]
    buckets = _live_buckets(arrays)
    profile = _live_profile(arrays)
    saved = _Saved(
        version=VERSION,
        identity=identity,
        now_ns=int(run["now_ns"]),
        next_sweep_ns=int(run["next_sweep_ns"]),
        instruments=arrays.instruments.tobytes(),
        sources=arrays.sources.tobytes(),
        delays=arrays.delays.tobytes(),
        forming=arrays.forming.tobytes(),
        watches=arrays.watches[: int(run["watch_count"])].tobytes(),
        bucket_places=buckets.astype(np.int32).tobytes(),
        buckets=arrays.buckets.reshape(-1)[buckets].tobytes(),
        profile_places=profile.astype(np.int32).tobytes(),
        profile=arrays.profile.reshape(-1)[profile].tobytes(),
        bars=b"".join(part.view(np.uint8).data for part in _filled_bars(arrays)),
        book=b"".join(part.view(np.uint8).data for part in _filled_levels(arrays)),
        pending=b"" if pending is None else pending.tobytes(),
    )
    return msgspec.msgpack.encode(saved)


def unpack_flow(data: bytes, identity: FlowIdentity, arrays: FlowArrays) -> EventArray | None:
    """Load a state into fresh arrays; returns the rows of an unfinished book update, if any.

    Raises `SnapshotCorrupt` when the bytes are no snapshot, or not one of this identity and
    version."""
    try:
        saved = msgspec.msgpack.decode(data, type=_Saved)
    except msgspec.DecodeError as error:
        raise SnapshotCorrupt(f"expected a snapshot of the flow state, found {error}") from None
    if saved.version != VERSION:
        raise SnapshotCorrupt(f"expected flow version {VERSION}, found {saved.version}")
    if saved.identity != identity:
        raise SnapshotCorrupt("expected the same instruments, sources and flow configuration")
    try:
        _load(saved, arrays)
    except ValueError as error:
        raise SnapshotCorrupt(f"expected whole arrays, found {error}") from None
    return np.frombuffer(saved.pending, EVENT).copy() if saved.pending else None


def _load(saved: _Saved, arrays: FlowArrays) -> None:
    arrays.run["now_ns"] = saved.now_ns
    arrays.run["next_sweep_ns"] = saved.next_sweep_ns
    arrays.instruments[:] = np.frombuffer(saved.instruments, INSTRUMENT)
    arrays.sources[:] = np.frombuffer(saved.sources, SOURCE)
    arrays.delays[:] = np.frombuffer(saved.delays, np.int64).reshape(arrays.delays.shape)
    arrays.forming[:] = np.frombuffer(saved.forming, BAR).reshape(arrays.forming.shape)
    for watch in np.frombuffer(saved.watches, WATCH):
        arrays.make_room_for_watch()
        arrays.watches[int(arrays.run["watch_count"][0])] = watch
        arrays.run["watch_count"] += 1
    places = np.frombuffer(saved.bucket_places, np.int32)
    arrays.buckets.reshape(-1)[places] = np.frombuffer(saved.buckets, BUCKET)
    places = np.frombuffer(saved.profile_places, np.int32)
    arrays.profile.reshape(-1)[places] = np.frombuffer(saved.profile, PROFILE_MINUTE)
    _fill(_filled_bars(arrays), np.frombuffer(saved.bars, BAR))
    _fill(_filled_levels(arrays), np.frombuffer(saved.book, np.int64))
    arrays.make_room_for_closed()


Element = TypeVar("Element", np.void, np.int64)


def _fill(parts: list[NDArray[Element]], values: NDArray[Element]) -> None:
    # The parts are views into the state; they take the values one after the other.
    if sum(map(len, parts)) != len(values):
        raise ValueError(f"{len(values)} elements")
    first = 0
    for part in parts:
        part[:] = values[first : first + len(part)]
        first += len(part)


def _live_buckets(arrays: FlowArrays) -> NDArray[np.intp]:
    # Places of the seconds that a window or the average trade size can still reach.
    oldest_s = arrays.instruments["closed_until_s"] - (RING - FORGET_AHEAD_S)
    known = np.flatnonzero(arrays.instruments["source"] >= 0)
    times = arrays.buckets["open_time_ns"][known]
    is_live = (times > 0) & (times >= (oldest_s[known] * NS_PER_S)[:, None])
    row, slot = np.nonzero(is_live)
    return known[row] * RING + slot


def _live_profile(arrays: FlowArrays) -> NDArray[np.intp]:
    known = np.flatnonzero(arrays.instruments["source"] >= 0)
    progress_ns = arrays.sources["progress_ns"][arrays.instruments["source"][known]]
    oldest = progress_ns // (60 * NS_PER_S) - PROFILE_MINUTES
    minutes = arrays.profile["minute"][known]
    row, slot = np.nonzero((minutes > 0) & (minutes > oldest[:, None]))
    return known[row] * PROFILE_SLOTS + slot


def _filled_bars(arrays: FlowArrays) -> list[NDArray[np.void]]:
    parts = []
    first = 0
    for name in _RINGS:
        room = int(arrays.run[name][0])
        filled = np.minimum(arrays.instruments[name], room)
        parts += [arrays.bars[i, first : first + n] for i, n in enumerate(filled.tolist()) if n]
        first += room
    return parts


def _filled_levels(arrays: FlowArrays) -> list[NDArray[np.int64]]:
    parts: list[NDArray[np.int64]] = []
    for side, name in enumerate(("bid_levels", "ask_levels")):
        for i, count in enumerate(arrays.instruments[name].tolist()):
            if count:
                parts += [arrays.book_keys[i, side, :count], arrays.book_lots[i, side, :count]]
    return parts
