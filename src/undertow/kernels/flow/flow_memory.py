"""The arrays of the flow state, reached from one record.

A kernel that took a dozen arrays would pay for them at every call: some 90 machine words, and two
atomic counts of references each. So kernels take the RUN record alone (one pointer) and open the
arrays they need, which costs a few loads. Who owns the arrays (`flow.flow_arrays`) writes their
addresses and sizes into the record and keeps them alive; nothing here checks either.
"""

from typing import Any

import numpy as np
from numba import from_dtype, types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import make_array, populate_array

from undertow.domain.bar import BAR
from undertow.kernels.flow.layout import (
    BUCKET,
    CLOCK_WINDOWS,
    CLOSED,
    FORCED,
    FUNDING_PAID,
    FUNDING_SLOTS,
    HEAT_COLUMN,
    HOLES,
    INSTRUMENT,
    MINUTE_SAMPLE,
    OPEN_INTEREST_MINUTE,
    OPEN_INTEREST_SLOTS,
    PROFILE_MINUTE,
    PROFILE_SLOTS,
    RING,
    SAMPLE,
    SOURCE,
    TRADE_SIZES,
    WALL,
    WATCH,
    WHALE,
    WHALES,
)

_make_array: Any = make_array
_populate_array: Any = populate_array
_pack_array: Any = cgutils.pack_array


def _opener(address: str, layout: Any, *shape: str | int) -> Any:
    # A function of a RUN record, usable inside kernels, that returns the array whose address is in
    # the record's field `address`. Each extent is a field of the record or a number. It is emitted
    # in place: a kernel of its own for each array would cost a compilation.
    element = from_dtype(np.dtype(layout))

    def opener(typingctx: Any, run: Any) -> Any:
        opened = types.Array(element, len(shape), "C")

        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            def field(name: str) -> Any:
                get = context.get_getattr(run, name)
                return get(context, builder, run, args[0], name)

            def number(value: int) -> Any:
                return context.get_constant(types.intp, value)

            extents = [field(e) if isinstance(e, str) else number(e) for e in shape]
            item_size = number(np.dtype(layout).itemsize)
            strides = [item_size]
            for extent in extents[:0:-1]:
                strides.insert(0, builder.mul(strides[0], extent))
            array = _make_array(opened)(context, builder)
            data = builder.inttoptr(field(address), array.data.type)
            _populate_array(
                array,
                data=data,
                shape=_pack_array(builder, extents),
                strides=_pack_array(builder, strides),
                itemsize=item_size,
                meminfo=None,
            )
            return array._getvalue()

        return opened(run), codegen

    return intrinsic(opener)


instruments_of = _opener("instruments_at", INSTRUMENT, "instrument_count")
"""(n,) INSTRUMENT."""

sources_of = _opener("sources_at", SOURCE, "source_count")
"""(m,) SOURCE."""

holes_of = _opener("holes_at", np.int64, "instrument_count", HOLES, 2)
"""(n, HOLES, 2) int64: first and last id of each stretch of missing trades, oldest first."""

buckets_of = _opener("buckets_at", BUCKET, "instrument_count", RING)
"""(n, RING) BUCKET: second s in slot s % RING."""

bars_of = _opener("bars_at", BAR, "instrument_count", "bars_kept")
"""(n, bars_kept) BAR: the rings of 1m, 5m and 15m bars side by side."""

forming_of = _opener("forming_at", BAR, "instrument_count", 3)
"""(n, 3) BAR: the closed part of the unfinished 1m, 5m and 15m bars."""

given_of = _opener("given_at", BAR, "instrument_count")
"""(n,) BAR: the bar that the venue gives, while it is open and until the next one opens."""

profile_of = _opener("profile_at", PROFILE_MINUTE, "instrument_count", PROFILE_SLOTS)
"""(n, PROFILE_SLOTS) PROFILE_MINUTE: minute m in slot m % PROFILE_SLOTS."""

book_keys_of = _opener("book_keys_at", np.int64, "instrument_count", 2, "book_levels")
"""(n, 2, book_levels) int64: side 0 = bids, keys = side * ticks ascending, the best last."""

book_lots_of = _opener("book_lots_at", np.int64, "instrument_count", 2, "book_levels")
"""(n, 2, book_levels) int64: quantities at the keys."""

delays_of = _opener("delays_at", np.int64, "source_count", CLOCK_WINDOWS)
"""(m, CLOCK_WINDOWS) int64: least delays of the last clock windows."""

watches_of = _opener("watches_at", WATCH, "watch_room")
"""(watch_room,) WATCH: the first `watch_count` are in use."""

closed_of = _opener("closed_at", CLOSED, "closed_room")
"""(closed_room,) CLOSED: the first `closed_count` are of the last call."""

samples_of = _opener("samples_at", SAMPLE, "instrument_count")
"""(n,) SAMPLE."""

walls_of = _opener("walls_at", WALL, "instrument_count", 2, "wall_slots")
"""(n, 2, wall_slots) WALL: side 0 = bids; slots in no order, free ones anywhere."""

sizes_of = _opener("sizes_at", np.int64, 2, "book_levels")
"""(2, book_levels) int64: room to sort in; nothing in it outlives a call."""

heat_of = _opener("heat_at", HEAT_COLUMN, "instrument_count", "heat_columns")
"""(n, heat_columns) HEAT_COLUMN: column c in slot c % heat_columns."""

heat_lots_of = _opener("heat_lots_at", np.float32, "instrument_count", "heat_columns", "heat_rows")
"""(n, heat_columns, heat_rows) float32: resting lots, the bid rows first."""

imbalances_of = _opener("imbalances_at", np.float32, "instrument_count", "imbalances_kept")
"""(n, imbalances_kept) float32: book imbalance of look i in slot i % imbalances_kept."""

best_sizes_of = _opener("best_sizes_at", np.float32, "instrument_count", "imbalances_kept")
"""(n, imbalances_kept) float32: mean lots at the best bid and ask of the same looks."""

best_levels_of = _opener("best_levels_at", np.int64, "instrument_count", 4, "ofi_levels")
"""(n, 4, ofi_levels) int64: keys and lots of the best bids, keys and lots of the best asks."""

level_flows_of = _opener("level_flows_at", np.int64, "instrument_count", "ofi_seconds", "ofi_width")
"""(n, ofi_seconds, 1 + ofi_levels) int64: second s in slot s % ofi_seconds, its number first."""

forced_of = _opener("forced_at", FORCED, "instrument_count", "liquidations_kept")
"""(n, liquidations_kept) FORCED: number i, counted by `liquidations`, in slot i % kept."""

minute_samples_of = _opener("minute_samples_at", MINUTE_SAMPLE, "instrument_count", "samples_1m")
"""(n, samples_1m) MINUTE_SAMPLE: the k-th closed minute in slot k % samples_1m."""

open_interests_of = _opener(
    "open_interests_at", OPEN_INTEREST_MINUTE, "instrument_count", OPEN_INTEREST_SLOTS
)
"""(n, OPEN_INTEREST_SLOTS) OPEN_INTEREST_MINUTE: minute m in slot m % OPEN_INTEREST_SLOTS."""

fundings_of = _opener("fundings_at", FUNDING_PAID, "instrument_count", FUNDING_SLOTS)
"""(n, FUNDING_SLOTS) FUNDING_PAID: the k-th payment in slot k % FUNDING_SLOTS."""

trade_sizes_of = _opener("trade_sizes_at", np.int64, "instrument_count", TRADE_SIZES)
"""(n, TRADE_SIZES) int64: lots of sampled trades, number i in slot i % TRADE_SIZES."""

whales_of = _opener("whales_at", WHALE, "instrument_count", WHALES)
"""(n, WHALES) WHALE: number i, counted by `whales`, in slot i % WHALES."""
