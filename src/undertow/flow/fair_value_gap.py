"""Fair value gaps: prices that three bars jumped over, until they are filled (FLOW-33).

Bullish: the third bar's low is above the first bar's high; bearish mirrored. An open gap supports
trades in its own direction while the price is at it, and is a target while the price is far from
it. It ends when it is filled or after 24 hours. Whether gaps tend to fill is for the user to
measure; nothing here assumes it. Closed bars only; a gap is known at the close of its third bar.
"""

import msgspec
import numpy as np

from undertow.domain.side import Side
from undertow.domain.time import NS_PER_DAY
from undertow.flow.bar_length import bar_length_ns
from undertow.flow.flow_view import Bars


class FairValueGap(msgspec.Struct, frozen=True, gc=False):
    """side: +1 bullish, -1 bearish. The gap is low_ticks to high_ticks; `filled_share` of it, from
    the edge that the price left (0 untouched, below 1 while open), has been traded back.
    """

    side: int
    low_ticks: int
    high_ticks: int
    created_ns: int
    filled_share: float


def find_fair_value_gaps(
    bars: Bars, least_gap: float = 0.002, *, most_age_ns: int = NS_PER_DAY
) -> tuple[FairValueGap, ...]:
    """Open gaps as of the close of the last bar, oldest first.

    `least_gap`: height as a fraction of the middle bar's close (0.2 %).
    """
    if len(bars) < 3:
        return ()
    length = bar_length_ns(bars)
    now_ns = int(bars["open_time_ns"][-1]) + length
    high, low = bars["high_ticks"], bars["low_ticks"]
    least = least_gap * np.abs(bars["close_ticks"][1:-1])
    found = []
    for side, bottom, top in ((1, high[:-2], low[2:]), (-1, high[2:], low[:-2])):
        height = top - bottom
        for i in np.flatnonzero((height > 0) & (height >= least)).tolist():
            created_ns = int(bars["open_time_ns"][i + 2]) + length
            edges = (int(bottom[i]), int(top[i]))
            share = _filled_share(bars[i + 3 :], side, edges)
            if share < 1.0 and now_ns - created_ns < most_age_ns:
                found.append(FairValueGap(side, *edges, created_ns, share))
    return tuple(sorted(found, key=lambda gap: (gap.created_ns, gap.low_ticks)))


def _filled_share(later: Bars, side: int, edges: tuple[int, int]) -> float:
    low, high = edges
    if not len(later):
        return 0.0
    depth = (
        high - int(later["low_ticks"].min()) if side > 0 else int(later["high_ticks"].max()) - low
    )
    return min(max(depth, 0) / (high - low), 1.0)


def gap_at(
    gaps: tuple[FairValueGap, ...], ticks: float, side: Side, tolerance_ticks: float = 0.0
) -> FairValueGap | None:
    """The open gap of the trade's own direction that holds the price, the newest one."""
    near = [
        gap
        for gap in gaps
        if gap.side == side
        and gap.low_ticks - tolerance_ticks <= ticks <= gap.high_ticks + tolerance_ticks
    ]
    return max(near, key=lambda gap: gap.created_ns) if near else None


def gap_ahead(gaps: tuple[FairValueGap, ...], ticks: float, side: Side) -> FairValueGap | None:
    """The nearest open gap, of either direction, wholly beyond the price in the trade's direction:
    a target.
    """
    ahead = [gap for gap in gaps if side * (_near_edge(gap, side) - ticks) > 0]
    return min(ahead, key=lambda gap: abs(_near_edge(gap, side) - ticks)) if ahead else None


def _near_edge(gap: FairValueGap, side: Side) -> int:
    return gap.low_ticks if side is Side.BUY else gap.high_ticks
