"""Institutional exit: large trades carry the selling while the flow turns over (FLOW-44, U-24).

The mark of somebody with size leaving: within the last minute more than a share of the aggressive
selling came in large trades (those over ten times the average size of the moment), and the flow
flipped from buying to selling. Mirrored for the covering of shorts. Trades up to now only.
"""

from math import nan

import msgspec

from undertow.domain.side import Side
from undertow.flow.flow_flip import FlowFlip, flow_flip
from undertow.flow.flow_view import FlowView
from undertow.flow.sufficiency import Shortfall, trades_shortfall


class InstitutionalExit(msgspec.Struct, frozen=True, gc=False):
    """is_exit: both marks are there. side: of the trades that leave (SELL = longs leave), else 0.

    large_share: large lots over all lots of that side, 0 to 1; NaN when insufficient. strength:
    large_share where it is an exit, else 0. `shortfall` says what was missing, if any.
    """

    is_exit: bool
    side: int
    large_share: float
    flip: FlowFlip
    strength: float
    is_sufficient: bool
    shortfall: Shortfall | None = None


def institutional_exit(
    flow: FlowView,
    side: Side = Side.SELL,
    *,
    seconds: int = 60,
    share: float = 0.3,
    flip_seconds: int = 30,
    threshold: float = 2.5,
) -> InstitutionalExit:
    """Whether holders of size leave by aggressive trades of `side` (SELL: longs, BUY: shorts).

    share: of the side's lots in the last `seconds` that must be large. flip_seconds, threshold: of
    `flow_flip`. Insufficient with fewer than 5 trades of the window or of either half of the flip.
    """
    window, flip = flow.window(seconds), flow_flip(flow, flip_seconds, threshold)
    large = window.large_sell_lots if side is Side.SELL else window.large_buy_lots
    total = window.sell_lots if side is Side.SELL else window.buy_lots
    missing = trades_shortfall(flow, seconds) or flip.shortfall
    if missing is not None:
        return InstitutionalExit(False, 0, nan, flip, 0.0, False, missing)
    large_share = large / total if total else 0.0
    is_exit = large_share > share and flip.side == int(side)
    return InstitutionalExit(
        is_exit=is_exit,
        side=int(side) if is_exit else 0,
        large_share=large_share,
        flip=flip,
        strength=large_share if is_exit else 0.0,
        is_sufficient=True,
    )
