"""Record layouts of the bar builders: a bar of trades, and the state of one that is being built.

Prices are ticks, quantities lots, times nanoseconds of event time. Quantities of bars are floats
because a bar of exactly so much money holds a fraction of a lot; whole lots are exact up to 2^53.
"""

from typing import Any, TypeAlias

import numpy as np

from undertow.kernels.flow.layout import HOLES

Record: TypeAlias = Any
"""One element of a record array: numba sees its fields, Python's types do not."""

I64 = np.int64
F64 = np.float64

MOST_EXACT = 1 << 53
"""Greatest price or quantity accepted: beyond it a float no longer holds every integer."""

MOST_PER_TRADE = 1000
"""Bars that one trade may close; one that would close more is refused as absurd."""

MOST_FLAT = 100_000
"""Empty stretches that time bars fill with flat bars; a longer hole is left out and counted."""

BY_TRADES = 0
BY_LOTS = 1
BY_VALUE = 2
"""What a trade adds to a bar's measure: 1, its lots, or its value."""

BY_SIDE = 0
BY_TICK_RULE = 1
"""Where the sign of a trade comes from: its aggressor, or the last change of the price."""

TRADE_BAR = np.dtype(
    [
        ("open_time_ns", I64),
        ("close_time_ns", I64),
        ("open_ticks", I64),
        ("high_ticks", I64),
        ("low_ticks", I64),
        ("close_ticks", I64),
        ("buy_trades", I64),
        ("sell_trades", I64),
        ("buy_lots", F64),
        ("sell_lots", F64),
        ("tick_lots", F64),
        ("value", F64),
        ("vwap_ticks", F64),
        ("theta", F64),
        ("expected_trades", F64),
        ("expected_imbalance", F64),
    ]
)
"""A bar of trades; buys and sells are the aggressor's.

open_time_ns, close_time_ns: event times of its first and of its closing trade; of a time bar, the
borders of its stretch (the second not included). tick_lots: sum of ticks * lots. value: quote
money. vwap_ticks: tick_lots over lots, NaN without volume. theta: accumulated imbalance at the
close (runs: the larger side, negative for sells; fixed imbalance too), in trades, lots or quote
money. expected_trades, expected_imbalance: what theta was held against; NaN where a kind has none.
"""

BUILDER = np.dtype(
    [
        # Constants of the kind.
        ("instrument", I64),
        ("measure", I64),
        ("sign_from", I64),
        ("is_split", I64),
        ("is_signed", I64),
        ("is_inverse", I64),
        ("is_constant", I64),
        ("threshold", F64),
        ("value_unit", F64),
        ("first_trades", F64),
        ("least_trades", F64),
        ("most_trades", F64),
        ("brick_ticks", I64),
        ("reversal_bricks", I64),
        ("length_ns", I64),
        ("lateness_ns", I64),
        ("most_lead_ns", I64),
        # What happened so far.
        ("last_event_ns", I64),
        ("next_trade_id", I64),
        ("trade_holes", I64),
        ("holes", I64, (HOLES, 2)),
        ("closed_ns", I64),
        ("last_ticks", I64),
        ("tick_sign", I64),
        ("progress", F64),
        ("sell_progress", F64),
        ("values", I64),
        ("sell_values", I64),
        ("expected_trades", F64),
        ("expected_imbalance", F64),
        ("expected_sell", F64),
        ("buy_share", F64),
        ("up_trades", I64),
        ("brick_close", I64),
        ("brick_side", I64),
        ("next_stretch", I64),
        ("next_close_ns", I64),
        ("close_ticks", I64),
        ("bars", I64),
        ("fed_by", I64),
        # Counters.
        ("trades", I64),
        ("late_trades", I64),
        ("disordered_trades", I64),
        ("repeated_trades", I64),
        ("renumbered_trades", I64),
        ("refused_rows", I64),
        ("misdated_rows", I64),
        ("oversized_trades", I64),
        ("long_holes", I64),
        # The unfinished bar; its value is not scaled yet.
        ("forming", TRADE_BAR),
    ]
)
"""One bar builder.

threshold: in trades, lots, or ticks * lots (inverse contracts: lots) by `measure`. value_unit:
quote money of one of the latter. is_signed: the measure adds with the sign of the trade.
next_trade_id, trade_holes, holes: as of `kernels.flow.trade_ids`.
most_lead_ns: a row dated further ahead of its receipt is misdated. progress, sell_progress:
measure since the bar began. values: measures remembered so far (for runs those of buys).
next_stretch, next_close_ns: number of the first time bar not closed, and the event time that closes
it. close_ticks: close of the last bar. fed_by: 0 nothing yet, 1 trades, 2 bars. trades: trades
accepted. late_trades: older than the last closed bar. disordered_trades: older than another trade
that came before (late ones included).
"""
