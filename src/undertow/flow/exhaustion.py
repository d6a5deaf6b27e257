"""Exhaustion: aggressive volume dries up after a push (FLOW-13).

Compares the rate of the last seconds with the rate of the minutes before them (the recent part is
left out of its own baseline). Looks at trades up to now and closed one-minute bars.
"""

from math import nan

import msgspec

from undertow.domain.side import Side
from undertow.flow.flow_view import FlowView
from undertow.flow.sufficiency import LEAST_TRADES, Shortfall, shortfall

BASELINE_S = 300


class Exhaustion(msgspec.Struct, frozen=True, gc=False):
    """is_exhausted: the push of the asked side has run dry.

    ratio: aggressive volume per second now over before; NaN when insufficient. push_ticks: how far
    the price went in the side's direction over the closed minutes, positive for a push. `shortfall`
    says what was missing, if any.
    """

    is_exhausted: bool
    ratio: float
    push_ticks: int
    is_sufficient: bool
    shortfall: Shortfall | None = None


def exhaustion(
    flow: FlowView,
    side: Side,
    *,
    recent_s: int = 30,
    share: float = 0.5,
    least_push_ticks: int = 1,
) -> Exhaustion:
    """Whether aggressive volume of `side` fell below `share` of its 5-minute rate after a push."""
    bars = flow.bars(60, BASELINE_S // 60)
    recent, whole = flow.window(recent_s), flow.window(BASELINE_S)
    is_buy = side is Side.BUY
    now = recent.buy_lots if is_buy else recent.sell_lots
    before = (whole.buy_lots if is_buy else whole.sell_lots) - now
    trades = (whole.buy_trades if is_buy else whole.sell_trades) - (
        recent.buy_trades if is_buy else recent.sell_trades
    )
    missing = shortfall("closed minutes", len(bars), BASELINE_S // 60)
    missing = missing or shortfall("trades of the side before", trades, LEAST_TRADES)
    missing = missing or shortfall("lots of the side before", before, 1)
    if missing is not None:
        return Exhaustion(False, nan, 0, False, missing)
    push = side * (int(bars["close_ticks"][-1]) - int(bars["open_ticks"][0]))
    ratio = (now / recent_s) / (before / (BASELINE_S - recent_s))
    return Exhaustion(ratio < share and push >= least_push_ticks, ratio, push, True)
