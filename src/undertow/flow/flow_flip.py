"""Order-flow flip: one-sided flow turns to the other side (FLOW-24).

Compares the last `seconds` with the `seconds` before them, which do not overlap. Looks at trades
up to now only.
"""

from math import nan

import msgspec

from undertow.flow.flow_view import FlowView
from undertow.flow.imbalance import dominant_side, ratio_strength, volume_ratio
from undertow.flow.sufficiency import LEAST_TRADES, Shortfall, shortfall, trades_of


class FlowFlip(msgspec.Struct, frozen=True, gc=False):
    """side: +1 flow turned from selling to buying, -1 from buying to selling, 0 no flip.

    Ratios are buy / sell; strength 0 to 1 is that of the new side. `shortfall` says what was
    missing, if any.
    """

    side: int
    before_ratio: float
    after_ratio: float
    strength: float
    is_sufficient: bool
    shortfall: Shortfall | None = None


def flow_flip(
    flow: FlowView,
    seconds: int = 30,
    threshold: float = 2.5,
    *,
    least_trades: int = LEAST_TRADES,
) -> FlowFlip:
    """Whether both halves of the last 2 * `seconds` are one-sided by `threshold`, oppositely.

    Both halves need `least_trades` trades; at most 450 s.
    """
    after, both = flow.window(seconds), flow.window(2 * seconds)
    buy, sell = both.buy_lots - after.buy_lots, both.sell_lots - after.sell_lots
    trades_after = trades_of(after)
    fewest = min(trades_after, trades_of(both) - trades_after)
    missing = shortfall(f"trades in each of two times {seconds} s", fewest, least_trades)
    if missing is not None:
        return FlowFlip(0, nan, nan, nan, False, missing)
    then = dominant_side(buy, sell, threshold)
    now = dominant_side(after.buy_lots, after.sell_lots, threshold)
    side = now if now == -then else 0
    after_ratio = volume_ratio(after.buy_lots, after.sell_lots)
    strength = ratio_strength(after_ratio) if side else 0.0
    return FlowFlip(side, volume_ratio(buy, sell), after_ratio, strength, True)
