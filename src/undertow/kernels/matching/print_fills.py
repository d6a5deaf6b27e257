"""Own orders and a stranger's trade, where trades are all that is known.

A trade through a resting limit order's price fills it, one exactly at the price gives it a share;
both at the order's own price and never more lots than `share_ppm` of the trade. Takers wait for the
next trade. With no quotes, the spread is estimated by Roll (1984): 2 sqrt(-cov(d_t, d_t-1)) of
successive price changes d, over blocks of trades.
"""

import math

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled
from undertow.kernels.matching.queue_position import best_crossed, release_triggers
from undertow.kernels.matching.venue_state import HIT_FILL, HIT_WAITING, RELEASE_WAITING

PPM = 1_000_000
ROLL_BLOCK = 256
"""Pairs of successive price changes that one estimate is made of."""


@compiled
def fill_by_print(
    instrument: int,
    side: int,
    aggressor: int,
    ticks: int,
    lots: int,
    market: np.void,
    count: int,
    resting: NDArray[np.void],
    found: int,
    hits: NDArray[np.int64],
) -> int:
    """Own limit orders on one side that a trade reaches, by price and time; returns the hits."""
    left = lots * market["share_ppm"] // PPM
    left_at = min(left, lots * market["at_share_ppm"] // PPM)
    while left > 0:
        k = best_crossed(instrument, side, ticks, count, resting)
        if k < 0:
            return found
        order = resting[k]
        part = min(order["remaining"], left)
        if order["ticks"] == ticks:
            # The trade of an aggressor on our own side was not with us.
            part = 0 if side == aggressor else min(part, left_at)
            left_at -= part
            if part == 0:
                return found
        order["remaining"] -= part
        left -= part
        hits[found, 0] = k
        hits[found, 1] = part
        hits[found, 2] = HIT_FILL
        found += 1
        if order["remaining"] > 0:
            return found
    return found


@compiled
def wake_waiting(
    instrument: int, count: int, resting: NDArray[np.void], found: int, hits: NDArray[np.int64]
) -> int:
    """Takers that waited for this trade, in order of arrival; returns the number of hits."""
    for k in range(count):
        if resting[k]["instrument"] == instrument and resting[k]["release"] == RELEASE_WAITING:
            hits[found, 0] = k
            hits[found, 1] = 0
            hits[found, 2] = HIT_WAITING
            found += 1
    return found


@compiled
def on_print(
    instrument: int,
    aggressor: int,
    ticks: int,
    lots: int,
    markets: NDArray[np.void],
    count: int,
    resting: NDArray[np.void],
    hits: NDArray[np.int64],
) -> int:
    """What a trade does to own orders; returns the number of hits. Called after `note_print`."""
    market = markets[instrument]
    found = 0
    if market["limits"] > 0:
        for side in (1, -1):
            found = fill_by_print(
                instrument, side, aggressor, ticks, lots, market, count, resting, found, hits
            )
    if market["waiting"] > 0:
        found = wake_waiting(instrument, count, resting, found, hits)
    if market["triggers"] > 0:
        found = release_triggers(instrument, ticks, count, resting, found, hits)
    return found


@compiled
def note_print(ticks: int, last_ticks: int, lots: int, market: np.void) -> None:
    """A trade of `lots` at `ticks` after one at `last_ticks` (0: none): what may be ours of it, and
    its part in the estimate of the spread.
    """
    market["volume"] = lots
    market["has_volume"] = 1
    market["took_buy"] = 0
    market["took_sell"] = 0
    if last_ticks == 0 or market["wants_spread"] == 0:
        return
    change = ticks - last_ticks
    before = market["pair_a"]
    market["pair_a"] = change
    if market["pair_b"] == 0:
        # The first change has no predecessor.
        market["pair_b"] = 1
        return
    market["sum_ab"] += change * before
    market["sum_a"] += change
    market["sum_b"] += before
    market["pairs"] += 1
    if market["pairs"] == ROLL_BLOCK:
        settle_roll(market)


@compiled
def settle_roll(market: np.void) -> None:
    """A block is whole: a new estimate, or the old one where the covariance is not negative."""
    n = market["pairs"]
    scaled = n * market["sum_ab"] - market["sum_a"] * market["sum_b"]
    if scaled < 0:
        market["spread_e3"] = math.ceil(2_000.0 * math.sqrt(-scaled / (n * (n - 1))))
    market["pairs"] = 0
    market["sum_ab"] = 0
    market["sum_a"] = 0
    market["sum_b"] = 0
