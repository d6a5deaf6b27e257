"""Rows of bars: what they say of a market, and whether any own order or position must be looked at.

The loop passes bars over until one can reach a resting order, wakes a waiting one, or brings its
worst price to a guard; the path inside such a bar is walked by `simulator.bar_play`. A bar that
cannot be true (prices below a tick, the close outside its range, a negative volume) is passed over
and counted.

The spread is estimated from pairs of successive bars by Corwin and Schultz (2012): with
beta = ln(H1/L1)^2 + ln(H2/L2)^2, gamma = ln(max H / min L)^2, k = 3 - 2 sqrt 2 and
alpha = (sqrt(2 beta) - sqrt beta) / k - sqrt(gamma / k), S = 2 (e^alpha - 1) / (e^alpha + 1),
negative values as 0, the mean over blocks of pairs.
"""

import math

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled
from undertow.kernels.matching.venue_state import (
    RELEASE_WAITING,
    ROW_BAR,
    ROW_BAR_OPEN,
    WAKE_BAR,
    WAKE_BAR_OPEN,
)

NS_PER_S = 1_000_000_000
HIGH_LOW_BLOCK = 64
"""Pairs of bars that one estimate is made of."""


@compiled
def is_reached(low: int, high: int, m: int, count: int, resting: NDArray[np.void]) -> bool:
    """True when prices from `low` to `high` touch a resting order of instrument m."""
    for k in range(count):
        order = resting[k]
        if order["instrument"] != m or order["release"] == RELEASE_WAITING:
            continue
        needs_low = order["side"] > 0 if order["release"] == 0 else order["release"] < 0
        if low <= order["ticks"] if needs_low else high >= order["ticks"]:
            return True
    return False


@compiled
def is_guard_reached(low: int, high: int, market: np.void) -> bool:
    """True when, without mark prices, a price from `low` to `high` is at or beyond a guard."""
    if market["mark_e8"] != 0 or market["has_position"] == 0:
        return False
    numerator = market["tick_e8_numerator"]
    denominator = market["tick_e8_denominator"]
    return bool(
        low * numerator // denominator <= market["guard_low_e8"]
        or high * numerator // denominator >= market["guard_high_e8"]
    )


@compiled
def begin_bar(open_ns: int, at_ns: int, ticks: int, market: np.void) -> None:
    """A bar has begun at this price; nothing of its volume is ours yet."""
    market["is_in_bar"] = 1
    market["bar_open_ns"] = open_ns
    market["bar_at_ns"] = at_ns
    market["bar_open_ticks"] = ticks
    market["took_buy"] = 0
    market["took_sell"] = 0
    market["made_buy"] = 0
    market["made_sell"] = 0


@compiled
def open_row(
    row: np.void,
    feed_ns: int,
    count: int,
    markets: NDArray[np.void],
    resting: NDArray[np.void],
    wake: NDArray[np.int64],
) -> None:
    """A BAR_OPEN row."""
    m = row["instrument"]
    market = markets[m]
    ticks = row["price_ticks"]
    if ticks < 1 or row["qty_lots"] < 1:
        market["bad_rows"] += 1
        return
    begin_bar(row["sequence"], row["receive_time_ns"] - feed_ns, ticks, market)
    market["bar_length_ns"] = row["qty_lots"] * NS_PER_S
    market["last_ticks"] = ticks
    market["last_side"] = 0
    is_met = market["waiting"] > 0
    if not is_met and market["limits"] + market["triggers"] > 0:
        is_met = is_reached(ticks, ticks, m, count, resting)
    if is_met or is_guard_reached(ticks, ticks, market):
        wake[0] = WAKE_BAR_OPEN


@compiled
def bar_row(
    row: np.void,
    feed_ns: int,
    count: int,
    markets: NDArray[np.void],
    resting: NDArray[np.void],
    wake: NDArray[np.int64],
) -> None:
    """A BAR row. Where its BAR_OPEN is missing, the last price stands in for the open."""
    m = row["instrument"]
    market = markets[m]
    close = row["price_ticks"]
    high = row["price_b"]
    low = row["qty_b"]
    length = row["event_time_ns"] - row["sequence"]
    if not (0 < low <= close <= high and row["qty_lots"] >= 0 and length > 0):
        market["bad_rows"] += 1
        return
    if market["bar_open_ns"] != row["sequence"] or market["is_in_bar"] == 0:
        at_ns = row["receive_time_ns"] - feed_ns - length
        first = market["last_ticks"] if market["last_ticks"] > 0 else close
        begin_bar(row["sequence"], at_ns, first, market)
    market["bar_open_ticks"] = min(high, max(low, market["bar_open_ticks"]))
    market["bar_length_ns"] = length
    market["is_in_bar"] = 0
    market["volume"] = row["qty_lots"]
    if row["qty_lots"] > 0:
        market["has_volume"] = 1
    if market["wants_spread"] != 0:
        note_high_low(high, low, close, market)
    market["range_ticks"] = math.ceil((high - low) / math.sqrt(length / NS_PER_S))
    market["last_ticks"] = close
    market["last_side"] = 0
    is_met = False
    if market["limits"] + market["triggers"] > 0:
        is_met = is_reached(low, high, m, count, resting)
    if is_met or is_guard_reached(low, high, market):
        wake[0] = WAKE_BAR


@compiled
def any_bar_row(
    row: np.void,
    feed_ns: int,
    count: int,
    markets: NDArray[np.void],
    resting: NDArray[np.void],
    wake: NDArray[np.int64],
) -> None:
    """A row of bars-only data; bought and sold volumes say nothing about fills."""
    if row["kind"] == ROW_BAR_OPEN:
        open_row(row, feed_ns, count, markets, resting, wake)
    elif row["kind"] == ROW_BAR:
        bar_row(row, feed_ns, count, markets, resting, wake)


@compiled
def note_high_low(high: int, low: int, close: int, market: np.void) -> None:
    """A bar's part in the estimate of the spread."""
    last_high = market["pair_a"]
    last_low = market["pair_b"]
    market["pair_a"] = high
    market["pair_b"] = low
    if last_low == 0:
        return
    market["sum_spread"] += high_low_spread(last_high, last_low, high, low)
    market["pairs"] += 1
    if market["pairs"] == HIGH_LOW_BLOCK:
        mean = market["sum_spread"] / HIGH_LOW_BLOCK
        market["spread_e3"] = math.ceil(1_000.0 * mean * close)
        market["pairs"] = 0
        market["sum_spread"] = 0.0


@compiled
def high_low_spread(high_a: int, low_a: int, high_b: int, low_b: int) -> float:
    """Corwin-Schultz spread of one pair of bars as a share of the price, at least 0."""
    k = 3.0 - 2.0 * math.sqrt(2.0)
    beta = math.log(high_a / low_a) ** 2 + math.log(high_b / low_b) ** 2
    gamma = math.log(max(high_a, high_b) / min(low_a, low_b)) ** 2
    alpha = (math.sqrt(2.0 * beta) - math.sqrt(beta)) / k - math.sqrt(gamma / k)
    if alpha <= 0.0:
        return 0.0
    grown = math.exp(alpha)
    return 2.0 * (grown - 1.0) / (grown + 1.0)
