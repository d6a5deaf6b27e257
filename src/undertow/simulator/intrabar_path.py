"""In which order a bar's prices are assumed to have come, between its open and its close.

A bar says how far the price went, not when. Each policy turns a bar into a path of points, along
which orders are met one after the other: what fills early changes what is possible later. All paths
begin at the open, touch both extremes, and end at the close.

* `worst_case` (default): the extreme that hurts the open position comes first, so of a stop and a
  target inside one bar the stop is hit. Without a position, a breakout entry (a stop to buy above
  or to sell below) is filled first. An entry inside the bar has the whole bar still before it, the
  extreme that hurts it first: its own stop inside the same bar counts as hit, before its target.
* `best_case`: the opposite. A bound from above.
* `nearest_extreme`: the extreme nearer to the open first (low first on a tie), as most candle
  engines draw it.
* `high_first` and `low_first`: always O-H-L-C, always O-L-H-C.

Wrong whenever the price crossed a level twice inside a bar; finer bars leave less to assume.
"""

from enum import StrEnum


class IntrabarPath(StrEnum):
    """See the head of this module."""

    WORST_CASE = "worst_case"
    BEST_CASE = "best_case"
    NEAREST_EXTREME = "nearest_extreme"
    HIGH_FIRST = "high_first"
    LOW_FIRST = "low_first"


def comes_low_first(
    path: IntrabarPath, open_ticks: int, low_ticks: int, high_ticks: int, *, low_hurts: bool
) -> bool:
    """True when a bar's low is assumed to have come before its high.

    low_hurts: that order is the one that hurts what is held or about to be entered.
    """
    match path:
        case IntrabarPath.WORST_CASE:
            return low_hurts
        case IntrabarPath.BEST_CASE:
            return not low_hurts
        case IntrabarPath.NEAREST_EXTREME:
            return open_ticks - low_ticks <= high_ticks - open_ticks
        case IntrabarPath.HIGH_FIRST | IntrabarPath.LOW_FIRST:
            return path is IntrabarPath.LOW_FIRST
