"""Order-flow cascade: the imbalance accelerates from the long window to the short one (FLOW-22).

Long: ratio 1m > 5m > 15m and 1m >= threshold; short: its mirror with 1 / threshold. Each window is
its own (never one window under three names). They are nested: the last minute is inside the last
five, which damps the differences; `is_disjoint` compares the last minute, the four minutes before
it and the ten before those. Looks at trades up to now only.
"""

from enum import StrEnum
from math import nan

import msgspec

from undertow.domain.errors import CallerError
from undertow.domain.side import Side
from undertow.flow.flow_view import FlowView
from undertow.flow.imbalance import dominant_side, ratio_strength, volume_ratio
from undertow.flow.sufficiency import LEAST_TRADES, Shortfall, shortfall, trades_of

CASCADE_WINDOWS_S = (60, 300, 900)
MICRO_WINDOWS_S = (15, 75, 225)
"""A faster triple for exits."""


class CascadeMode(StrEnum):
    """ACCELERATE: each window more one-sided than the longer one; ALL_ABOVE: all over the
    threshold, in any order.
    """

    ACCELERATE = "accelerate"
    ALL_ABOVE = "all_above"


class Cascade(msgspec.Struct, frozen=True, gc=False):
    """side: +1 buying cascade, -1 selling, 0 none. Ratios are buy / sell of each window (inf
    without sells, NaN where the window has too few trades). strength: 0 to 1, of the short window,
    0 without a cascade. Without enough trades in every window `is_sufficient` is False, side 0, and
    `shortfall` names the shortest window that has too few.
    """

    side: int
    ratio_1m: float
    ratio_5m: float
    ratio_15m: float
    is_sufficient: bool
    strength: float
    shortfall: Shortfall | None = None


class _Sides(msgspec.Struct, frozen=True, gc=False):
    buy: int
    sell: int
    trades: int

    def less(self, inner: "_Sides") -> "_Sides":
        return _Sides(self.buy - inner.buy, self.sell - inner.sell, self.trades - inner.trades)


def _sides(flow: FlowView, seconds: int) -> _Sides:
    window = flow.window(seconds)
    return _Sides(window.buy_lots, window.sell_lots, trades_of(window))


def _windows(flow: FlowView, windows_s: tuple[int, int, int], *, is_disjoint: bool) -> list[_Sides]:
    if not 0 < windows_s[0] < windows_s[1] < windows_s[2]:
        raise CallerError(f"expected three growing windows in seconds, found {windows_s}")
    near, middle, far = (_sides(flow, seconds) for seconds in windows_s)
    if is_disjoint:
        return [near, middle.less(near), far.less(middle)]
    return [near, middle, far]


def _is_more_bought(a: _Sides, b: _Sides) -> bool:
    # a.buy / a.sell > b.buy / b.sell without dividing; a window without sells is above any other.
    return a.buy * b.sell > b.buy * a.sell


def cascade(
    flow: FlowView,
    mode: CascadeMode = CascadeMode.ACCELERATE,
    threshold: float = 2.0,
    *,
    windows_s: tuple[int, int, int] = CASCADE_WINDOWS_S,
    least_trades: int = LEAST_TRADES,
    is_disjoint: bool = False,
) -> Cascade:
    """Whether aggressive flow cascades, and to which side.

    `threshold`: multiple of the dominant side in the shortest window (2.0; 2.5 is the stricter
    preset, usual with ALL_ABOVE). The fields 1m, 5m, 15m are the three `windows_s` in order.
    """
    found = _windows(flow, windows_s, is_disjoint=is_disjoint)
    near, middle, far = (
        volume_ratio(sides.buy, sides.sell) if sides.trades >= least_trades else nan
        for sides in found
    )
    for seconds, sides in zip(windows_s, found, strict=True):
        missing = shortfall(f"trades in the window to {seconds} s", sides.trades, least_trades)
        if missing is not None:
            return Cascade(0, near, middle, far, False, nan, missing)
    leads = [dominant_side(sides.buy, sides.sell, threshold) for sides in found]
    side = leads[0]
    if mode is CascadeMode.ALL_ABOVE:
        side = side if leads == [side] * 3 else 0
    elif not _is_accelerating(found, side):
        side = 0
    strength = ratio_strength(near) if side else 0.0
    return Cascade(side, near, middle, far, is_sufficient=True, strength=strength)


def _is_accelerating(found: list[_Sides], side: int) -> bool:
    near, middle, far = found
    if side > 0:
        return _is_more_bought(near, middle) and _is_more_bought(middle, far)
    return _is_more_bought(middle, near) and _is_more_bought(far, middle)


def cascade_reversal(
    flow: FlowView,
    side: Side,
    threshold: float = 2.0,
    *,
    windows_s: tuple[int, int, int] = CASCADE_WINDOWS_S,
    least_trades: int = LEAST_TRADES,
) -> Cascade:
    """Whether the flow cascades against a position of `side` (FLOW-23).

    Of a long: 1m <= 1 / threshold and 1m < 5m < 15m; mirrored for a short. `side` of the answer
    is the flow's (opposite to the position's), 0 when there is no reversal.
    """
    found = cascade(flow, threshold=threshold, windows_s=windows_s, least_trades=least_trades)
    if found.is_sufficient and found.side != side.opposite:
        return msgspec.structs.replace(found, side=0, strength=0.0)
    return found
