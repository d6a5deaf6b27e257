"""Volume reversal against a position: the other side takes over bar by bar, or one violent bar
(FLOW-37). Closed bars only.
"""

from math import nan

import msgspec

from undertow.domain.side import Side
from undertow.flow.flow_view import Bars
from undertow.flow.sufficiency import Shortfall, shortfall
from undertow.flow.volume_spike import volume_spike


class VolumeReversal(msgspec.Struct, frozen=True, gc=False):
    """is_reversed: either sign is there. run: bars in a row whose adverse volume is at least the
    ratio times the other. volume_ratio: of the last bar against the bars before it, NaN without a
    baseline. move: of the last bar from the close before it, as a fraction, signed by price.
    `shortfall` says what was missing, if any.
    """

    is_reversed: bool
    run: int
    volume_ratio: float
    move: float
    is_sufficient: bool
    shortfall: Shortfall | None = None


def volume_reversal(
    bars: Bars,
    side: Side,
    *,
    adverse_ratio: float = 1.5,
    least_run: int = 3,
    volume_threshold: float = 3.0,
    least_move: float = 0.003,
    period: int = 20,
) -> VolumeReversal:
    """Whether volume turned against a position of `side` on one-minute bars.

    Of a long: sell volume >= 1.5 times buy volume for 3 bars in a row, or a bar of 3 times the
    mean volume that falls by more than 0.3 %; mirrored for a short. Bars without trades end a run.
    """
    missing = shortfall("closed bars", len(bars), least_run + 1)
    if missing is not None:
        return VolumeReversal(False, 0, nan, nan, False, missing)
    run = _adverse_run(bars, side, adverse_ratio)
    spike = volume_spike(bars, period)
    before, close = int(bars["close_ticks"][-2]), int(bars["close_ticks"][-1])
    move = (close - before) / abs(before) if before else nan
    is_violent = spike >= volume_threshold and -side * move > least_move
    return VolumeReversal(run >= least_run or is_violent, run, spike, move, True)


def _adverse_run(bars: Bars, side: Side, adverse_ratio: float) -> int:
    against = bars["sell_lots" if side is Side.BUY else "buy_lots"].tolist()
    along = bars["buy_lots" if side is Side.BUY else "sell_lots"].tolist()
    run = 0
    for bad, good in zip(reversed(against), reversed(along), strict=True):
        if bad <= 0 or bad < adverse_ratio * good:
            break
        run += 1
    return run
