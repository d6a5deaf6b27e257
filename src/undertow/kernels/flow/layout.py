"""Record layouts of the flow state: plain arrays, so that a snapshot is a copy of memory.

Every field is an int64 unless it says float. A time of 0 means "never"; a second is a whole second
of event time since 1970. Prices are ticks, quantities lots."""

from typing import Any, TypeAlias

import numpy as np

from undertow.domain.bar import BAR

Record: TypeAlias = Any
"""One element of a record array: numba sees its fields, Python's types do not."""

I64 = np.int64
F64 = np.float64

NS_PER_SECOND = 1_000_000_000
NEVER_HIGH = np.iinfo(np.int64).max
NEVER_LOW = np.iinfo(np.int64).min
MOST_EXACT = 1 << 53
"""Greatest price or quantity accepted: beyond it a float no longer holds every integer."""

SECONDS_KEPT = 900
"""Longest trade window, in seconds; also the longest stretch closed in one go."""

RING = 1024
"""Seconds a ring of buckets has: 900 closed ones, those still open, and a margin."""

FORGET_AHEAD_S = 101
"""On closing a second, the slot of the second this far ahead is declared empty."""

HOLES = 16
"""Stretches of missing trade ids remembered per instrument."""

PROFILE_SLOTS = 18
"""Minutes of volume by price: a quarter of an hour, the minute still open, and a margin."""

PROFILE_MINUTES = 16
"""Minutes that a profile can reach back, the open one included."""

PROFILE_ROWS = 128
"""Rows of price a minute of the price-volume histogram has."""

CLOCK_WINDOW_S = 10
CLOCK_WINDOWS = 31
"""Least delays kept per source: one per 10 s, over about 5 minutes."""

# Constants that are passed on to other kernels are numpy integers: a Python one would be a type of
# its own (a literal), for which the callee would be compiled once more.
NOTHING: Any = np.int64(0)
ONE_S: Any = np.int64(1)
MINUTE_S: Any = np.int64(60)
FIVE_S: Any = np.int64(300)
FIFTEEN_S: Any = np.int64(900)
FROM_NOTHING: Any = np.int64(0)
FROM_QUOTE: Any = np.int64(1)
FROM_BOOK: Any = np.int64(2)

BOOK_INVALID = 0
BOOK_FRESH = 1
BOOK_FOLLOWING = 2

RISES_TO = 1
FALLS_TO = 2
TRAIL_LONG = 3
TRAIL_SHORT = 4

REACHED = 0
WOKE = 1
MORE = 2
INCOMPLETE = 3
OUT_OF_TABLE = 4
"""Why `advance` returned: see there."""

TRADED = np.dtype(
    [
        ("buy_lots", I64),
        ("sell_lots", I64),
        ("buy_trades", I64),
        ("sell_trades", I64),
        ("buy_tick_lots", F64),
        ("sell_tick_lots", F64),
        ("buy_inverse", F64),
        ("sell_inverse", F64),
    ]
)
"""Sums of trades by aggressor. *_tick_lots: of ticks * lots; *_inverse: of lots / ticks, kept for
inverse contracts only.
"""

INSTRUMENT = np.dtype(
    [
        # Read by every trade.
        ("source", I64),
        ("closed_until_s", I64),
        ("is_inverse", I64),
        ("last_event_ns", I64),
        ("last_ticks", I64),
        ("large_above_lots", I64),
        ("watch_high", I64),
        ("watch_low", I64),
        ("bid_ticks", I64),
        ("bid_lots", I64),
        ("ask_ticks", I64),
        ("ask_lots", I64),
        ("first_s", I64),
        ("next_trade_id", I64),
        ("trade_holes", I64),
        ("whale_above_lots", I64),
        ("sample_lots", I64),
        # Totals over everything but the seconds still open.
        ("traded", TRADED),
        ("ofi_lots", I64),
        # Bars.
        ("touched", I64, (RING // 64,)),
        ("has_begun", I64),
        ("close_ticks", I64),
        ("recent_lots", I64),
        ("recent_trades", I64),
        ("bars_1s", I64),
        ("bars_1m", I64),
        ("bars_5m", I64),
        ("bars_15m", I64),
        ("wakes", I64),
        # Best bid and ask, book and quote.
        ("best_from", I64),
        ("quote_bid_ticks", I64),
        ("quote_bid_lots", I64),
        ("quote_ask_ticks", I64),
        ("quote_ask_lots", I64),
        ("has_quote", I64),
        ("book_status", I64),
        ("book_id", I64),
        ("bid_levels", I64),
        ("ask_levels", I64),
        # The venue's other numbers.
        ("mark_e8", I64),
        ("index_e8", I64),
        ("funding_rate_e12", I64),
        ("next_funding_ns", I64),
        ("funding_paid_e12", I64),
        ("funding_paid_ns", I64),
        ("open_interest_lots", I64),
        ("liquidated_buy_lots", I64),
        ("liquidated_sell_lots", I64),
        ("liquidations", I64),
        ("is_lost", I64),
        # Counters of what went wrong, and of book work.
        ("late_trades", I64),
        ("repeated_trades", I64),
        ("renumbered_trades", I64),
        ("refused_rows", I64),
        ("book_updates", I64),
        ("book_gaps", I64),
        ("trade_gaps", I64),
        ("stale_updates", I64),
        ("torn_updates", I64),
        ("crossed_books", I64),
        ("crossed_quotes", I64),
        ("dropped_levels", I64),
        ("unprofiled_lots", I64),
        # Walls that trades must be compared with, and whether the best levels are remembered.
        ("wall_high", I64),
        ("wall_low", I64),
        ("has_best_levels", I64),
        ("touch_high", I64),
        ("touch_low", I64),
        # What befell the minute that is open, and the venue's slow numbers.
        ("minute_flags", I64),
        ("open_interest_ns", I64),
        ("funding_interval_s", I64),
        ("fundings", I64),
        # Whales: worth of one, the rolling day's volume, and what was noted.
        ("whale_worth", F64),
        ("day_sum", F64),
        ("day_weight", F64),
        ("sizes_seen", I64),
        ("whales", I64),
    ]
)
"""One row per instrument.

source: index of the source its trades come from, -1 before any row. closed_until_s: first second
not closed yet, 0 before the source's first event time. first_s: second of the first trade.
next_trade_id: the venue's id of the next trade if none is lost; trade_holes: holes known.
large_above_lots: trades above it are large. watch_high, watch_low: no watch or wall needs a look at
a trade strictly between them. touched: bit s % RING tells that second s has a bucket. wakes: bits
0, 1, 2, 3 = somebody waits for 1s, 1m, 5m, 15m bars, 4 = for given bars of other lengths.
best_from: what the served bid and ask are taken from. wall_high, wall_low: lowest tracked ask wall
and highest tracked bid wall: no trade strictly between them is at a wall. has_best_levels: the
levels remembered for multi-level OFI are those of the synced book. touch_high, touch_low: as
watch_high and watch_low, for watches alone.
minute_flags: MINUTE_* of the open minute so far. open_interest_ns: event time of the open interest
served. funding_interval_s: time between fundings, 0 = not known yet. fundings: payments noted.
whale_above_lots: trades above it are whales'. sample_lots: first trade of the newest second, until
a second closes. whale_worth: worth of a whale in ticks * lots, in lots when inverse. day_sum,
day_weight: weighted lots of minutes, and the weights. sizes_seen, whales: sampled and noted so far.
"""

SOURCE = np.dtype(
    [
        ("progress_ns", I64),
        ("next_roll_ns", I64),
        ("closed_s", I64),
        ("last_receive_ns", I64),
        ("delay_floor_ns", I64),
        ("least_delay_ns", I64),
        ("messages", I64),
        ("extra_rows", I64),
        ("trades", I64),
        ("buy_lots", I64),
        ("sell_lots", I64),
        ("book_updates", I64),
        ("gaps", I64),
        ("late_trades", I64),
        ("repeated_trades", I64),
        ("misdated_rows", I64),
        ("refused_rows", I64),
        ("clock_window", I64),
        ("clock_windows", I64),
        ("clock_offset_ns", I64),
        ("is_down", I64),
        ("silent_from_s", I64),
        ("silent_until_s", I64),
        ("overdue_s", I64),
    ]
)
"""One row per source.

progress_ns: greatest event time seen. next_roll_ns: progress at which the next second closes.
closed_s: first second not closed. least_delay_ns: least receive time less event time of the current
clock window. delay_floor_ns: rows with a smaller delay are misdated. extra_rows: rows beyond the
first of a message. clock_windows: windows finished. silent_from_s, silent_until_s: the last stretch
of event time, longer than the timeout, without a row. overdue_s: what this source has not closed
before this second comes too late for the sums over venues; it never falls.
"""

BUCKET = np.dtype(
    [
        ("open_time_ns", I64),
        ("open_ticks", I64),
        ("high_ticks", I64),
        ("low_ticks", I64),
        ("close_ticks", I64),
        ("traded", TRADED),
        ("open_after_ns", np.int32),
        ("close_after_ns", np.int32),
        ("ofi_lots", I64),
        ("large_buy_lots", I64),
        ("large_sell_lots", I64),
        ("effective_ticks", I64),
        ("effective_trades", I64),
        ("prior_ticks", I64),
    ]
)
"""One second of one instrument.

open_after_ns, close_after_ns: how far into the second the trades were that gave the open and the
close.
effective_ticks: sum of side * (2 * price - bid - ask) over the effective_trades made while bid and
ask were known: twice the aggressor's distance from the middle. prior_ticks: the close before, set
on closing.
"""

PROFILE_MINUTE = np.dtype(
    [
        ("minute", I64),
        ("shift", I64),
        ("most_shift", I64),
        ("first_row", I64),
        ("lots", I64, (PROFILE_ROWS,)),
    ]
)
"""Volume by price of one minute: row r holds prices with ticks >> shift == first_row + r."""

WATCH = np.dtype(
    [
        ("watch_id", I64),
        ("instrument", I64),
        ("kind", I64),
        ("level_ticks", I64),
        ("trail_ppm", I64),
        ("extreme_ticks", I64),
        ("touched_ticks", I64),
        ("touched_ns", I64),
    ]
)
"""One watched price. level_ticks is where it touches (moving for a trail); touched_ns 0 = not yet.
"""

GIVEN_SLOT = -2
"""Slot of a closed bar that lies in no ring: it is the bar that the venue gave."""

CLOSED = np.dtype(
    [
        ("close_s", I64),
        ("instrument", I64),
        ("timeframe_s", I64),
        ("slot", I64),
        ("flat_ticks", I64),
    ]
)
"""A closed bar that somebody waits for: its place in its ring, or -1 and the price of a flat 1s
bar, or `GIVEN_SLOT`.
"""

RUN = np.dtype(
    [
        ("now_ns", I64),
        ("next_sweep_ns", I64),
        ("closed_count", I64),
        ("touched_count", I64),
        ("has_more", I64),
        ("watch_count", I64),
        # Constants of the run.
        ("lateness_ns", I64),
        ("source_timeout_ns", I64),
        ("most_lead_ns", I64),
        ("large_factor", I64),
        ("large_seconds", I64),
        ("large_least_trades", I64),
        ("bars_1m", I64),
        ("bars_5m", I64),
        ("bars_15m", I64),
        ("bars_kept", I64),
        ("instrument_count", I64),
        ("source_count", I64),
        ("book_levels", I64),
        ("watch_room", I64),
        ("closed_room", I64),
        ("wall_slots", I64),
        ("wall_reach_bps", I64),
        ("wall_percentile", I64),
        ("wall_smooth_s", I64),
        ("wall_approach_bps", I64),
        ("wall_forget_s", I64),
        ("heat_columns", I64),
        ("heat_rows", I64),
        ("heat_every_s", I64),
        ("heat_row_bps", I64),
        ("imbalance_levels", I64),
        ("imbalances_kept", I64),
        ("ofi_levels", I64),
        ("ofi_width", I64),
        ("ofi_seconds", I64),
        ("liquidations_kept", I64),
        ("whale_day_ppm", I64),
        ("whale_least_minutes", I64),
        # Where the arrays lie in memory.
        ("instruments_at", I64),
        ("holes_at", I64),
        ("sources_at", I64),
        ("buckets_at", I64),
        ("bars_at", I64),
        ("forming_at", I64),
        ("profile_at", I64),
        ("book_keys_at", I64),
        ("book_lots_at", I64),
        ("delays_at", I64),
        ("watches_at", I64),
        ("closed_at", I64),
        ("samples_at", I64),
        ("walls_at", I64),
        ("sizes_at", I64),
        ("heat_at", I64),
        ("heat_lots_at", I64),
        ("imbalances_at", I64),
        ("best_sizes_at", I64),
        ("best_levels_at", I64),
        ("level_flows_at", I64),
        ("forced_at", I64),
        # Minutes, open interest and funding.
        ("samples_1m", I64),
        ("minute_samples_at", I64),
        ("open_interests_at", I64),
        ("fundings_at", I64),
        ("trade_sizes_at", I64),
        ("whales_at", I64),
        ("given_at", I64),
    ]
)
"""The engine's clock, what the last call found, constants, and the way to every other array.

has_more: bars were handed out in the middle of a message, so its end is a wake.
"""

SAMPLE = np.dtype(
    [
        ("sampled_s", I64),
        ("samples", I64),
        ("wall_lots", F64),
        ("heat_due_s", I64),
        ("heat_columns", I64),
    ]
)
"""What the once-a-second look at a book keeps, one row per instrument.

sampled_s: second of the last look, 0 when the book was not synced then. samples: looks so far.
wall_lots: quantity above which a level is a wall, smoothed over time, 0 before the first look.
heat_due_s: second from which the next column of the heatmap is due. heat_columns: columns so far.
"""

WALL = np.dtype(
    [
        ("ticks", I64),
        ("since_s", I64),
        ("seen_s", I64),
        ("rested_s", I64),
        ("absent_s", I64),
        ("lots", I64),
        ("largest_lots", I64),
        ("peak_lots", I64),
        ("is_resting", I64),
        ("traded_lots", I64),
        ("eaten_lots", I64),
        ("consumed_lots", I64),
        ("cancelled_lots", I64),
        ("near_cancelled_lots", I64),
        ("pulled_lots", I64),
        ("was_near", I64),
        ("first_gap", I64),
        ("gap", I64),
    ]
)
"""A tracked wall; ticks 0 = a free slot. See `kernels.flow.wall_track`.

seen_s: last look at which it rested. peak_lots, eaten_lots: largest quantity since it last began to
rest, and what was traded at its price since then and not refilled. traded_lots: at its price since
the last look. pulled_lots, was_near: what the last look found cancelled, and whether the price was
near. first_gap, gap: |2 * ticks - bid - ask| when it began to rest and at the last look.
"""

HEAT_COLUMN = np.dtype([("sampled_s", I64), ("shift", I64), ("bid_row", I64), ("ask_row", I64)])
"""One column of the heatmap: its bid row r holds ticks >> shift == bid_row - r, its ask row r those
of ask_row + r; bid rows come first.
"""

FORCED = np.dtype([("event_ns", I64), ("side", I64), ("ticks", I64), ("lots", I64)])
"""A forced order of somebody's: +1 = a short was liquidated by buying, -1 = a long by selling."""

MINUTE_FIRST = 1
MINUTE_LATE = 2
MINUTE_SILENT = 4
MINUTE_DOWN = 8
MINUTE_LOST = 16
MINUTE_GAPPED = 32
MINUTE_BOOK = 64
"""Flags of a minute: the instrument's first (it began within), closed too late for the sums over
venues, source silent for longer than the timeout or reported down, feed reported lost, trades lost;
MINUTE_BOOK = a book was synced when it closed."""

MINUTE_SICK = MINUTE_FIRST | MINUTE_LATE | MINUTE_SILENT | MINUTE_DOWN | MINUTE_LOST | MINUTE_GAPPED
"""A minute with any of these does not count in sums over venues."""

MINUTE_SAMPLE = np.dtype(
    [
        ("ofi_lots", I64),
        ("large_buy_lots", I64),
        ("large_sell_lots", I64),
        ("buy_value", F64),
        ("sell_value", F64),
        ("open_interest_lots", I64),
        ("funding_rate_e12", I64),
        ("next_funding_ns", I64),
        ("mark_e8", I64),
        ("index_e8", I64),
        ("bid_ticks", I64),
        ("ask_ticks", I64),
        ("liquidated_buy_lots", I64),
        ("liquidated_sell_lots", I64),
        ("funding_interval_s", np.int32),
        ("flags", np.int16),
        ("silent_s", np.int16),
    ]
)
"""What a closed minute's bar does not hold; the k-th sample belongs to the k-th 1m bar.

ofi_lots, large_*_lots, *_value: sums of the minute. *_value: of ticks * lots, of lots / ticks for
an inverse contract. liquidated_*_lots: running totals. The others: as known when the minute closed,
0 = unknown. silent_s: seconds of it within a silence longer than the timeout.
"""

MINUTE = np.dtype(BAR.descr + MINUTE_SAMPLE.descr)
"""A closed minute as it is read: its bar and its sample side by side."""

OPEN_INTEREST_SLOTS = 256
"""Minutes of open interest kept: a little over four hours."""

OPEN_INTEREST_MINUTE = np.dtype([("minute", I64), ("lots", I64)])
"""The last open interest told of a minute, by its event time."""

FUNDING_SLOTS = 64

FUNDING_PAID = np.dtype([("paid_ns", I64), ("rate_e12", I64)])
"""One funding payment."""

WHALES = 100
"""Whales' trades kept."""

WHALE = np.dtype(
    [
        ("event_ns", I64),
        ("side", I64),
        ("ticks", I64),
        ("lots", I64),
        ("score", F64),
        ("rank", F64),
    ]
)
"""A whale's trade. score: modified z-score of its log size among those before; rank: share of them
that are smaller; NaN = unknown.
"""

TRADE_SIZES = 128
LEAST_SIZES = 20
"""Trade sizes sampled, and how many of them a score needs."""
