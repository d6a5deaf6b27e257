"""The arrays of the flow state, reached from one record.

A kernel that took a dozen arrays would pay for them at every call: some 90 machine words, and two
atomic counts of references each. So kernels take the RUN record alone (one pointer) and open the
arrays they need, which costs a few loads. Who owns the arrays (`flow.flow_arrays`) writes their
addresses and sizes into the record and keeps them alive; nothing here checks either.

Shapes, for n instruments and m sources: instruments (n,), sources (m,), buckets (n, RING) with
second s in slot s % RING, bars (n, all capacities) with the rings of 1m, 5m and 15m bars side by
side, forming (n, 3) with the closed part of the unfinished 1m, 5m and 15m bars, profile (n,
PROFILE_SLOTS), book keys and lots (n, 2, levels) with side 0 = bids, delays (m, CLOCK_WINDOWS),
watches (w,), closed (c,)."""

from typing import Any

import numpy as np
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.numpy_support import carray
from numpy.typing import NDArray

from undertow.domain.bar import BAR
from undertow.kernels.compiled import compiled
from undertow.kernels.flow.layout import (
    BUCKET,
    CLOCK_WINDOWS,
    CLOSED,
    INSTRUMENT,
    PROFILE_MINUTE,
    PROFILE_SLOTS,
    RING,
    SOURCE,
    WATCH,
    Record,
)


def _pointer(typingctx: Any, address: Any) -> Any:
    # What numba needs to turn an integer into a pointer: its type, and the instruction.
    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.inttoptr(args[0], cgutils.voidptr_t)

    return types.voidptr(types.int64), codegen


pointer: Any = intrinsic(_pointer)


@compiled
def instruments_of(run: Record) -> NDArray[np.void]:
    """(n,) INSTRUMENT."""
    return carray(pointer(run.instruments_at), (run.instrument_count,), INSTRUMENT)


@compiled
def sources_of(run: Record) -> NDArray[np.void]:
    """(m,) SOURCE."""
    return carray(pointer(run.sources_at), (run.source_count,), SOURCE)


@compiled
def buckets_of(run: Record) -> NDArray[np.void]:
    """(n, RING) BUCKET."""
    return carray(pointer(run.buckets_at), (run.instrument_count, RING), BUCKET)


@compiled
def bars_of(run: Record) -> NDArray[np.void]:
    """(n, bars_1m + bars_5m + bars_15m) BAR."""
    width = run.bars_1m + run.bars_5m + run.bars_15m
    return carray(pointer(run.bars_at), (run.instrument_count, width), BAR)


@compiled
def forming_of(run: Record) -> NDArray[np.void]:
    """(n, 3) BAR."""
    return carray(pointer(run.forming_at), (run.instrument_count, 3), BAR)


@compiled
def profile_of(run: Record) -> NDArray[np.void]:
    """(n, PROFILE_SLOTS) PROFILE_MINUTE."""
    return carray(pointer(run.profile_at), (run.instrument_count, PROFILE_SLOTS), PROFILE_MINUTE)


@compiled
def book_keys_of(run: Record) -> NDArray[np.int64]:
    """(n, 2, book_levels) int64."""
    shape = (run.instrument_count, 2, run.book_levels)
    return carray(pointer(run.book_keys_at), shape, np.int64)


@compiled
def book_lots_of(run: Record) -> NDArray[np.int64]:
    """(n, 2, book_levels) int64."""
    shape = (run.instrument_count, 2, run.book_levels)
    return carray(pointer(run.book_lots_at), shape, np.int64)


@compiled
def delays_of(run: Record) -> NDArray[np.int64]:
    """(m, CLOCK_WINDOWS) int64."""
    return carray(pointer(run.delays_at), (run.source_count, CLOCK_WINDOWS), np.int64)


@compiled
def watches_of(run: Record) -> NDArray[np.void]:
    """(watch_room,) WATCH; the first `watch_count` are in use."""
    return carray(pointer(run.watches_at), (run.watch_room,), WATCH)


@compiled
def closed_of(run: Record) -> NDArray[np.void]:
    """(closed_room,) CLOSED; the first `closed_count` are of the last call."""
    return carray(pointer(run.closed_at), (run.closed_room,), CLOSED)
