"""Where an own resting order stands in the queue at its price, and what reaches it.

Every function works on `RESTING` rows [0, count) of one venue and writes to `hits`, one row
(place of the order, lots, `HIT_*`) per order that something happened to.
"""

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled
from undertow.kernels.matching.ladder import KEY, LEFT, TAKEN, best_left, shown_at
from undertow.kernels.matching.venue_state import (
    AHEAD_UNKNOWN,
    HIT_FILL,
    HIT_TRIGGER,
    QUEUE_LOGARITHM,
    QUEUE_OPTIMISTIC,
    QUEUE_PESSIMISTIC,
    QUEUE_POWER,
    QUEUE_PROPORTIONAL,
    QUEUE_RISK_AVERSE,
    RELEASE_WAITING,
)


@compiled
def fill_through(
    instrument: int,
    ticks: int,
    event_ns: int,
    count: int,
    resting: NDArray[np.void],
    found: int,
    hits: NDArray[np.int64],
) -> tuple[int, int]:
    """A trade at `ticks` fills whatever of ours rests at a better price, whole.

    Returns the new number of hits and the lots filled.
    """
    lots = 0
    for k in range(count):
        order = resting[k]
        if order["instrument"] != instrument or order["release"] != 0:
            continue
        if order["side"] * (order["ticks"] - ticks) > 0 and event_ns > order["reflected_ns"]:
            hits[found, 0] = k
            hits[found, 1] = order["remaining"]
            hits[found, 2] = HIT_FILL
            found += 1
            lots += order["remaining"]
            order["remaining"] = 0
    return found, lots


@compiled
def fill_at(
    instrument: int,
    aggressor: int,
    ticks: int,
    lots: int,
    rest: int,
    event_ns: int,
    count: int,
    resting: NDArray[np.void],
    found: int,
    hits: NDArray[np.int64],
) -> int:
    """A trade of `lots` at our price eats the queue ahead, then us, in order of arrival.

    rest: lots of the trade that were not spent on own orders at better prices.
    """
    for k in range(count):
        order = resting[k]
        if order["instrument"] != instrument or order["release"] != 0:
            continue
        if order["ticks"] != ticks or order["side"] == aggressor:
            continue
        if order["ahead"] == AHEAD_UNKNOWN or event_ns <= order["reflected_ns"]:
            continue
        order["traded"] += lots
        eaten = min(order["ahead"], rest)
        order["ahead"] -= eaten
        part = min(rest - eaten, order["remaining"])
        if part > 0:
            order["remaining"] -= part
            rest -= part
            hits[found, 0] = k
            hits[found, 1] = part
            hits[found, 2] = HIT_FILL
            found += 1
    return found


@compiled
def release_triggers(
    instrument: int,
    ticks: int,
    count: int,
    resting: NDArray[np.void],
    found: int,
    hits: NDArray[np.int64],
) -> int:
    """Triggers that the last price `ticks` releases, in order of arrival."""
    for k in range(count):
        order = resting[k]
        if order["instrument"] != instrument or order["release"] == 0:
            continue
        if order["release"] == RELEASE_WAITING:
            continue
        if order["release"] * (ticks - order["ticks"]) >= 0:
            hits[found, 0] = k
            hits[found, 1] = 0
            hits[found, 2] = HIT_TRIGGER
            found += 1
    return found


@compiled
def ahead_after_cancels(ahead: int, shown: int, traded: int, now_shown: int, model: int) -> int:
    """Lots ahead after a displayed level went from `shown` to `now_shown` > 0 with `traded` traded.

    What went without a trade was cancelled: pessimistic takes none of it from ahead of us, risk
    averse only what nobody behind us can have cancelled, proportional its share rounded down,
    optimistic all; logarithm and power a share f(ahead) / (f(ahead) + f(behind)) rounded down, and
    what those behind do not have (Rigtorp 2013).
    """
    if model == QUEUE_PESSIMISTIC:
        return ahead
    if model == QUEUE_RISK_AVERSE:
        return min(ahead, now_shown)
    rest = shown - traded
    canceled = rest - now_shown
    if canceled <= 0:
        return ahead
    if model == QUEUE_PROPORTIONAL:
        # canceled < rest, so no more than `ahead` goes.
        return ahead - min(canceled, int(ahead * (canceled / rest)))
    if model == QUEUE_OPTIMISTIC:
        return ahead - min(ahead, canceled)
    behind = max(0, rest - ahead)
    share = int(canceled * ahead_share(ahead, behind, model))
    return ahead - min(ahead, max(share, canceled - behind))


@compiled
def ahead_share(ahead: int, behind: int, model: int) -> float:
    """Probability that a cancelled lot was ahead: f(ahead) / (f(ahead) + f(behind))."""
    if ahead == 0:
        return 0.0
    if model == QUEUE_LOGARITHM:
        f_ahead = np.log1p(np.float64(ahead))
        return float(f_ahead / (f_ahead + np.log1p(np.float64(behind))))
    # Of the ratio, so that no power overflows.
    exponent = (model - QUEUE_POWER) / 1_000.0
    return float(1.0 / (1.0 + (behind / ahead) ** exponent))


@compiled
def keep_arrival_order(k: int, resting: NDArray[np.void]) -> None:
    """No own order has fewer lots ahead than one that came earlier to the same price.

    Needed where the share of cancels grows faster than the lots ahead.
    """
    order = resting[k]
    for j in range(k):
        early = resting[j]
        if early["instrument"] != order["instrument"] or early["side"] != order["side"]:
            continue
        if early["ticks"] == order["ticks"] and early["release"] == 0:
            order["ahead"] = max(order["ahead"], early["ahead"])


@compiled
def move_queues(
    instrument: int,
    event_ns: int,
    model: int,
    bid_count: int,
    ask_count: int,
    bids: NDArray[np.int64],
    asks: NDArray[np.int64],
    count: int,
    resting: NDArray[np.void],
) -> None:
    """The displayed book changed: learn or correct the queue ahead of each resting limit order.

    A level that is gone had nobody left before us, whatever the model.
    """
    for k in range(count):
        order = resting[k]
        if order["instrument"] != instrument or order["release"] != 0:
            continue
        if order["side"] > 0:
            shown = shown_at(bids, bid_count, order["ticks"])
        else:
            shown = shown_at(asks, ask_count, -order["ticks"])
        if shown < 0:
            continue
        ahead = order["ahead"]
        if ahead == AHEAD_UNKNOWN or (shown == 0 and ahead > 0):
            order["reflected_ns"] = event_ns
            order["ahead"] = shown
        elif shown > 0:
            order["ahead"] = ahead_after_cancels(
                ahead, order["shown"], order["traded"], shown, model
            )
        order["shown"] = shown
        order["traded"] = 0
        if model >= QUEUE_LOGARITHM:
            keep_arrival_order(k, resting)


@compiled
def best_crossed(
    instrument: int,
    side: int,
    opposite_ticks: int,
    count: int,
    resting: NDArray[np.void],
) -> int:
    """The own order first in price and time that an opposite level at that price reaches, or -1."""
    best = -1
    for k in range(count):
        order = resting[k]
        if order["instrument"] != instrument or order["release"] != 0 or order["side"] != side:
            continue
        if order["remaining"] == 0 or side * (order["ticks"] - opposite_ticks) < 0:
            continue
        if best < 0 or side * (order["ticks"] - resting[best]["ticks"]) > 0:
            best = k
    return best


@compiled
def fill_crossed(
    instrument: int,
    side: int,
    opposite_count: int,
    opposite: NDArray[np.int64],
    count: int,
    resting: NDArray[np.void],
    found: int,
    hits: NDArray[np.int64],
) -> int:
    """Opposite levels displayed at our price or through it have met us: they fill us, once each.

    `opposite` is the ladder of the other side; what fills us is taken from it.
    """
    while True:
        level = best_left(opposite, opposite_count)
        if level < 0:
            return found
        k = best_crossed(instrument, side, -side * opposite[KEY, level], count, resting)
        if k < 0:
            return found
        part = min(resting[k]["remaining"], opposite[LEFT, level])
        resting[k]["remaining"] -= part
        opposite[TAKEN, level] += part
        opposite[LEFT, level] -= part
        if found > 0 and hits[found - 1, 0] == k:
            hits[found - 1, 1] += part
        else:
            hits[found, 0] = k
            hits[found, 1] = part
            hits[found, 2] = HIT_FILL
            found += 1
