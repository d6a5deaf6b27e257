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
WAKE_BAR_OPEN = 3
WAKE_BAR = 4

HIT_FILL = 0
HIT_TRIGGER = 1
HIT_WAITING = 2

RELEASE_WAITING = 2
"""In `release`: a taker that waits for the next trade, or for the next open."""

NEVER_NS = -(1 << 62)

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
        ("waiting", np.int64),
        ("share_ppm", np.int64),
        ("at_share_ppm", np.int64),
        ("volume", np.int64),
        ("has_volume", np.int64),
        ("took_buy", np.int64),
        ("took_sell", np.int64),
        ("made_buy", np.int64),
        ("made_sell", np.int64),
        ("bar_open_ns", np.int64),
        ("bar_at_ns", np.int64),
        ("bar_length_ns", np.int64),
        ("bar_open_ticks", np.int64),
        ("is_in_bar", np.int64),
        ("missed_low", np.int64),
        ("missed_high", np.int64),
        ("missed_ns", np.int64),
        ("wants_spread", np.int64),
        ("spread_e3", np.int64),
        ("pairs", np.int64),
        ("pair_a", np.int64),
        ("pair_b", np.int64),
        ("sum_ab", np.int64),
        ("sum_a", np.int64),
        ("sum_b", np.int64),
        ("sum_spread", np.float64),
        ("bad_rows", np.int64),
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

Where the last trade or bar is all that is known: waiting: own takers that wait for the next one.
share_ppm, at_share_ppm: see `ExchangeConfig`. volume: lots of the last trade, or of the last closed
bar; has_volume: the data has told a volume. took_*, made_*: what our takers and makers had of it on
each side. bar_open_ns .. bar_open_ticks: open time by the venue's clock, the same as it happened,
length and open of the bar in progress (is_in_bar) or the last one. missed_*: lowest and highest
price of the last bar after an entry was filled inside it, and when. wants_spread: the spread is to
be estimated; spread_e3: in 1/1000 ticks, -1 unknown; pairs .. sum_spread: what the estimate is made
of. bad_rows: rows that cannot be true, passed over.
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
        ("entered_ns", np.int64),
    ]
)
"""One own order at rest, rows in arrival order without holes.

ahead: lots of strangers before us at our price (`AHEAD_UNKNOWN` where the feed does not show it).
shown, traded: displayed lots at our price at the last book update and lots traded there since.
reflected_ns: venue time up to which trades are already in `ahead`. release: 0 for a limit order;
for a trigger +1 when it waits for the last price to rise to `ticks`, -1 when to fall to it;
`RELEASE_WAITING` for a taker that waits. entered_ns: venue time at which it came to rest.
"""
