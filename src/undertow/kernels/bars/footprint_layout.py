"""Record layouts of footprints: the state of a builder, and the head of one footprint bar."""

import numpy as np

from undertow.kernels.flow.layout import HOLES

I64 = np.int64

FOOTPRINT = np.dtype(
    [
        # Constants.
        ("instrument", I64),
        ("row_ticks", I64),
        ("length_ns", I64),
        ("lateness_ns", I64),
        ("most_lead_ns", I64),
        # What happened so far.
        ("last_event_ns", I64),
        ("next_trade_id", I64),
        ("trade_holes", I64),
        ("holes", I64, (HOLES, 2)),
        ("next_stretch", I64),
        ("next_close_ns", I64),
        ("delta_lots", I64),
        ("bars", I64),
        # Counters.
        ("trades", I64),
        ("late_trades", I64),
        ("disordered_trades", I64),
        ("repeated_trades", I64),
        ("renumbered_trades", I64),
        ("refused_rows", I64),
        ("misdated_rows", I64),
    ]
)
"""One builder. row_ticks: height of a row wished for. delta_lots: of all closed bars together.
next_stretch, next_close_ns, counters: as of `bar_layout.BUILDER`.
"""

FOOTPRINT_HEAD = np.dtype(
    [
        ("stretch", I64),
        ("row_ticks", I64),
        ("first_row", I64),
        ("open_event_ns", I64),
        ("close_event_ns", I64),
        ("open_ticks", I64),
        ("high_ticks", I64),
        ("low_ticks", I64),
        ("close_ticks", I64),
        ("buy_lots", I64),
        ("sell_lots", I64),
        ("buy_trades", I64),
        ("sell_trades", I64),
        ("max_delta", I64),
        ("min_delta", I64),
        ("cum_delta", I64),
    ]
)
"""What a footprint bar has beside its rows: row r holds prices with ticks // row_ticks ==
first_row + r.

max_delta, min_delta: greatest and least buy less sell lots while the bar grew, 0 at its beginning
included. cum_delta: of this bar and all before it, set on closing.
"""
