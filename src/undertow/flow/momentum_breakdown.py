"""Momentum breakdown against a position: failing structure, or a swing point or support lost with
volume (FLOW-35). Closed bars only, swing points only once confirmed.
"""

from collections.abc import Iterable
from math import nan

import msgspec

from undertow.domain.side import Side
from undertow.flow.flow_view import Bars
from undertow.flow.swings import swings
from undertow.flow.volume_spike import volume_spike


class MomentumBreakdown(msgspec.Struct, frozen=True, gc=False):
    """is_broken: either sign is there. run: bars in a row with a lower high and a lower low (of a
    long; higher ones of a short). lost_ticks: the swing point that the last close went beyond, else
    the support, 0 when none. volume_ratio: of the last bar, NaN without a baseline.
    """

    is_broken: bool
    run: int
    lost_ticks: int
    volume_ratio: float
    is_sufficient: bool


def momentum_breakdown(
    bars: Bars,
    side: Side,
    *,
    least_run: int = 3,
    strength: int = 2,
    volume_threshold: float = 1.5,
    period: int = 20,
    supports: Iterable[int] = (),
) -> MomentumBreakdown:
    """Whether one-minute momentum broke against a position of `side`.

    Broken by `least_run` bars in a row, or, with volume >= `volume_threshold` times the mean of
    `period` bars, by a close beyond the last confirmed swing point on the position's losing side or
    by one that crosses a price of `supports` (of a short: resistances), such as a zone's far edge.
    """
    if len(bars) < least_run + 1:
        return MomentumBreakdown(False, 0, 0, nan, False)
    run = _adverse_run(bars, side)
    spike = volume_spike(bars, period)
    points = [point for point in swings(bars, strength) if point.side == -side]
    close = int(bars["close_ticks"][-1])
    lost = [point.ticks for point in points[-1:] if side * (close - point.ticks) < 0]
    before = int(bars["close_ticks"][-2])
    crossed = (t for t in supports if side * (close - t) < 0 <= side * (before - t))
    lost += sorted(crossed, reverse=side is Side.BUY)
    is_lost = bool(lost) and spike >= volume_threshold
    is_broken = run >= least_run or is_lost
    return MomentumBreakdown(is_broken, run, lost[0] if is_lost else 0, spike, True)


def _adverse_run(bars: Bars, side: Side) -> int:
    highs, lows = bars["high_ticks"].tolist(), bars["low_ticks"].tolist()
    run = 0
    for i in range(len(highs) - 1, 0, -1):
        if side * (highs[i] - highs[i - 1]) >= 0 or side * (lows[i] - lows[i - 1]) >= 0:
            break
        run += 1
    return run
