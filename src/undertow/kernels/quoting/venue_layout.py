"""The arrays of the venue that a compiled quoter meets.

All integers: prices ticks, quantities lots, times nanoseconds, cash ticks times lots.
"""

from typing import Final

import numpy as np

COUNT, BEST, WORST, EATEN, TOUCHED = 0, 1, 2, 3, 4
SIDE_SIZE: Final = 5
"""Of each side: displayed levels, places of the best and the worst, the worst place that trades
took from since the book last caught up with them (`NOT_EATEN` when none), and whether any level may
have less left than it shows.
"""

VENUE: Final = np.dtype(
    [
        ("instrument", np.int64),
        ("floor_ticks", np.int64),
        ("width", np.int64),
        ("is_widest", np.int64),
        ("far_levels", np.int64),
        ("sync", np.int64),
        ("is_valid", np.int64),
        ("update", np.int64),
        ("book_id", np.int64),
        ("book_event_ns", np.int64),
        ("eaten_event_ns", np.int64),
        ("last_ticks", np.int64),
        ("last_side", np.int64),
        ("mark_e8", np.int64),
        ("row", np.int64),
        ("resting", np.int64),
        ("own_bid", np.int64),
        ("own_ask", np.int64),
        ("position", np.int64),
        ("cash", np.int64),
        ("fills", np.int64),
        ("fundings", np.int64),
        ("first_command", np.int64),
        ("end_command", np.int64),
        ("last_arrival_ns", np.int64),
        ("first_report", np.int64),
        ("end_report", np.int64),
        ("last_heard_ns", np.int64),
        ("orders", np.int64),
        ("cancels", np.int64),
        ("amends", np.int64),
        ("expired", np.int64),
        ("rejected", np.int64),
    ]
)
"""One row. floor_ticks, width: the window of ticks that levels are kept for; a level outside stops
the run for a wider one (`STOP_WINDOW`) until it is the widest, then it is passed over and counted
in far_levels. row: the first row not applied. own_bid, own_ask: best prices of own orders at rest,
0 and `NO_ASK` for none. first/end: ends of the rings, ever rising."""

MODELS: Final = np.dtype(
    [
        ("feed_ns", np.int64),
        ("order_ns", np.int64),
        ("response_ns", np.int64),
        ("queue", np.int64),
        ("band_ppm", np.int64),
        ("cap_ppm", np.int64),
        ("min_lots", np.int64),
        ("max_lots", np.int64),
        ("min_value", np.int64),
        ("is_inverse", np.int64),
        ("tick_e8_numerator", np.int64),
        ("tick_e8_denominator", np.int64),
        ("wake_every_ns", np.int64),
        ("mark_every_ns", np.int64),
    ]
)
"""The assumptions. min_value: least ticks times lots of an order (inverse: least lots).
wake_every_ns: 0 wakes at each new book. mark_every_ns: how often the price is noted for the equity
curve."""

OWN: Final = np.dtype(
    [
        ("id", np.int64),
        ("is_open", np.int64),
        ("side", np.int64),
        ("ticks", np.int64),
        ("lots", np.int64),
        ("filled", np.int64),
        ("how", np.int64),
        ("reference", np.int64),
    ]
)
"""An own order as the venue knows it, by slot of the desk."""

COMMAND: Final = np.dtype(
    [
        ("arrival_ns", np.int64),
        ("what", np.int64),
        ("slot", np.int64),
        ("id", np.int64),
        ("side", np.int64),
        ("how", np.int64),
        ("ticks", np.int64),
        ("lots", np.int64),
        ("reference", np.int64),
    ]
)

REPORT: Final = np.dtype(
    [
        ("heard_ns", np.int64),
        ("what", np.int64),
        ("slot", np.int64),
        ("id", np.int64),
        ("ticks", np.int64),
        ("lots", np.int64),
    ]
)

ACCEPTED, REJECTED, FILLED_PART, ENDED, STAYED, AMENDED, UNCHANGED = 1, 2, 3, 4, 5, 6, 7
"""ENDED: canceled or expired. STAYED: a cancel had no effect. UNCHANGED: an amendment had none."""

FILL: Final = np.dtype(
    [
        ("at_ns", np.int64),
        ("id", np.int64),
        ("side", np.int64),
        ("ticks", np.int64),
        ("lots", np.int64),
        ("is_maker", np.int64),
        ("reference2", np.int64),
    ]
)
"""reference2: best bid plus best ask as seen when the order was sent."""

FUNDING: Final = np.dtype(
    [("at_ns", np.int64), ("mark_e8", np.int64), ("rate_e12", np.int64), ("position", np.int64)]
)

MARK: Final = np.dtype([("at_ns", np.int64), ("ticks2", np.int64)])
"""Twice the price: best bid plus best ask at the venue, else twice the last trade."""

RING: Final = 1 << 12
"""Commands and reports that may be under way at once."""

ROOM: Final = 1 << 12
"""Free rows of the fill table that one row or command may need."""

STOP_NONE, STOP_ROOM, STOP_WINDOW, STOP_RING = 0, 1, 2, 3
"""Why the loop gave back before its time: a table is full, the window too narrow, a ring full."""

NO_ASK: Final = 1 << 62
NOT_EATEN: Final = 1 << 62
NEVER_NS: Final = 1 << 62
REFUSALS: Final = (
    "off_grid",
    "below_min_lots",
    "above_max_lots",
    "below_min_notional",
    "no_book",
    "price_band",
    "post_only_would_take",
)
"""Why orders were refused, by place in the count of refusals."""
