"""The arrays a simulated venue lives in, and the codes its loop speaks.

Everything is int64, so that a snapshot is a copy and a restart is a load. Prices are ticks,
quantities lots, times nanoseconds, marks 1e-8 of the quote unit.
"""

import numpy as np

# Columns of EVENT rows (`domain.market_event`); a test keeps the two lists equal.
ROW_TRADE = 1
ROW_BOOK_BEGIN = 2
ROW_BOOK_LEVEL = 3
ROW_BOOK_END = 4
ROW_QUOTE = 5
ROW_MARK_PRICE = 6
ROW_FUNDING = 9
ROW_GAP = 10
ROW_STATUS = 11
ROW_BAR_OPEN = 12
ROW_BAR = 14
ROW_SNAPSHOT = 1
ROW_GAP_BOOK = 1
ROW_STATUS_LOST = 0

FIDELITY_BOOK = 0
FIDELITY_QUOTES = 1
FIDELITY_TRADES = 2
FIDELITY_BARS = 3

QUEUE_PESSIMISTIC = 0
QUEUE_PROPORTIONAL = 1
QUEUE_OPTIMISTIC = 2
QUEUE_RISK_AVERSE = 3
QUEUE_LOGARITHM = 4
QUEUE_POWER = 1_000
"""QUEUE_POWER + exponent in thousandths."""

SYNC_LOST = 0
SYNC_FOLLOWING = 1
SYNC_FRESH = 2

UPDATE_NONE = 0
UPDATE_DELTA = 1
UPDATE_SNAPSHOT = 2
UPDATE_SKIPPED = 3

WAKE_NONE = 0
WAKE_GUARD = 1
WAKE_FUNDING = 2

HIT_FILL = 0
HIT_TRIGGER = 1

AHEAD_UNKNOWN = 1 << 62
"""Queue ahead of an order at a price that the feed does not show."""

NOT_EATEN = 1 << 62
"""No trade has taken from that side since its book was last confirmed."""

NO_GUARD_LOW = -(1 << 62)
NO_GUARD_HIGH = 1 << 62

VENUE_MARKET = np.dtype(
    [
        ("book", np.int64),
        ("bid_count", np.int64),
        ("ask_count", np.int64),
        ("sync", np.int64),
        ("is_valid", np.int64),
        ("update", np.int64),
        ("book_id", np.int64),
        ("book_event_ns", np.int64),
        ("eaten_bid", np.int64),
        ("eaten_ask", np.int64),
        ("eaten_event_ns", np.int64),
        ("last_ticks", np.int64),
        ("last_side", np.int64),
        ("mark_e8", np.int64),
        ("tick_e8_numerator", np.int64),
        ("tick_e8_denominator", np.int64),
        ("guard_low_e8", np.int64),
        ("guard_high_e8", np.int64),
        ("has_position", np.int64),
        ("limits", np.int64),
        ("triggers", np.int64),
        ("second", np.int64),
        ("second_high", np.int64),
        ("second_low", np.int64),
        ("range_ticks", np.int64),
    ]
)
"""One row per instrument of the run's table.

book: row pair of the ladders, -1 when the instrument is of another venue. sync: `SYNC_*` of the
book stream. is_valid: the displayed book or quote can be traded on (known, not crossed). update:
`UPDATE_*` of the book update being read. eaten_bid, eaten_ask: worst ladder key that trades took
from since the book last caught up with them, `NOT_EATEN` when none; eaten_event_ns: venue time of
the last such trade. mark_e8: 0 until the first mark price; till then trades stand in for it at
tick * numerator // denominator. guard_low_e8, guard_high_e8: marks at or beyond which the account
must be looked at. limits, triggers: how many own orders rest. second .. range_ticks: highest and
lowest trade of the current second of venue time, and the range of the last second that had trades.
"""

RESTING = np.dtype(
    [
        ("instrument", np.int64),
        ("side", np.int64),
        ("ticks", np.int64),
        ("remaining", np.int64),
        ("ahead", np.int64),
        ("shown", np.int64),
        ("traded", np.int64),
        ("reflected_ns", np.int64),
        ("release", np.int64),
    ]
)
"""One own order at rest, rows in arrival order without holes.

ahead: lots of strangers before us at our price (`AHEAD_UNKNOWN` where the feed does not show it).
shown, traded: displayed lots at our price at the last book update and lots traded there since.
reflected_ns: venue time up to which trades are already in `ahead`. release: 0 for a limit order;
for a trigger +1 when it waits for the last price to rise to `ticks`, -1 when to fall to it.
"""
