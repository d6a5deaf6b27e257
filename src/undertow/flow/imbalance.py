"""Trade imbalance: aggressive buying against aggressive selling in one window (FLOW-01, FLOW-02).

The ratio b/s is asymmetric and undefined without sells, so decisions compare products
(buy >= threshold * sell) and strength is symmetric in b/s and s/b. Looks at trades up to now only.
"""

from math import inf, log, nan

import msgspec

from undertow.flow.flow_view import FlowView
from undertow.flow.sufficiency import LEAST_TRADES, Shortfall, shortfall, trades_of

FULL_RATIO = 5.0
"""A ratio of 5:1 is full strength."""


class Imbalance(msgspec.Struct, frozen=True, gc=False):
    """side: +1 buyers dominate by the threshold, -1 sellers, 0 neither (or too few trades).

    ratio: buy / sell volume, inf without sells, 0 without buys. log_ratio: its logarithm, the
    symmetric form. imbalance: (b - s) / (b + s), -1 to 1. strength: 0 to 1, min(ratio / 5, 1) of
    the larger over the smaller side. All NaN when `is_sufficient` is False; `shortfall` then says
    what was missing.
    """

    side: int
    ratio: float
    log_ratio: float
    imbalance: float
    strength: float
    trades: int
    is_sufficient: bool
    shortfall: Shortfall | None = None


def volume_ratio(buy_lots: float, sell_lots: float) -> float:
    """buy / sell: inf without sells, 0 without buys, NaN without any."""
    if sell_lots > 0:
        return buy_lots / sell_lots
    return inf if buy_lots > 0 else nan


def ratio_strength(ratio: float) -> float:
    """min(max(ratio, 1/ratio) / 5, 1): the same for 3:1 and 1:3; NaN for NaN."""
    if ratio == 0.0:
        return 1.0
    return min(max(ratio, 1.0 / ratio) / FULL_RATIO, 1.0) if ratio > 0.0 else nan


def dominant_side(buy_lots: float, sell_lots: float, threshold: float) -> int:
    """+1 when buys are at least threshold : 1 of sells, -1 when sells are of buys, else 0."""
    if buy_lots > 0 and buy_lots >= threshold * sell_lots:
        return 1
    if sell_lots > 0 and sell_lots >= threshold * buy_lots:
        return -1
    return 0


def imbalance(
    flow: FlowView,
    seconds: int = 30,
    threshold: float = 2.5,
    *,
    least_trades: int = LEAST_TRADES,
    least_lots: int = 1,
) -> Imbalance:
    """The imbalance of the last `seconds`; `threshold` > 1 is the dominant side's multiple.

    Needs `least_trades` trades and `least_lots` of volume. Default 2.5:1 over 30 s.
    """
    window = flow.window(seconds)
    buy, sell, trades = window.buy_lots, window.sell_lots, trades_of(window)
    missing = shortfall(f"trades in {seconds} s", trades, least_trades)
    missing = missing or shortfall(f"lots in {seconds} s", buy + sell, max(least_lots, 1))
    if missing is not None:
        return Imbalance(0, nan, nan, nan, nan, trades, False, missing)
    ratio = volume_ratio(buy, sell)
    log_ratio = log(buy) - log(sell) if buy and sell else (inf if buy else -inf)
    return Imbalance(
        side=dominant_side(buy, sell, threshold),
        ratio=ratio,
        log_ratio=log_ratio,
        imbalance=(buy - sell) / (buy + sell),
        strength=ratio_strength(ratio),
        trades=trades,
        is_sufficient=True,
    )
