"""Sweep: within one second one side's orders take the price through many levels.

Measured on closed one-second bars: how far the bar's extreme lies from the close before it, in mean
ranges of the seconds that traded before, while nearly all of the second's volume is of that side.
No requirement gives numbers for it; the defaults are ours.
"""

from math import nan

import msgspec
import numpy as np

from undertow.flow.flow_view import Bars
from undertow.flow.sufficiency import Shortfall, shortfall

LEAST_SECONDS = 30


class Sweep(msgspec.Struct, frozen=True, gc=False):
    """side: +1 asks were swept, -1 bids, 0 none. run_ticks: from the close before to the extreme.

    multiple: the run in mean ranges of the baseline, NaN without one. lots: volume of the second.
    open_time_ns: when it began. `shortfall` says what was missing, if any.
    """

    side: int
    run_ticks: int
    multiple: float
    lots: int
    open_time_ns: int
    is_sufficient: bool
    shortfall: Shortfall | None = None


NO_SWEEP = Sweep(0, 0, 0.0, 0, 0, True)


def sweep(
    bars: Bars, seconds: int = 5, *, least_multiple: float = 8.0, least_share: float = 0.8
) -> Sweep:
    """The strongest sweep of the last `seconds` one-second bars; the bars before are the baseline.

    Needs 30 baseline seconds with trades; their mean range counts as at least one tick.
    """
    earlier, recent = bars[:-seconds], bars[-seconds:]
    has_traded = earlier["buy_lots"] + earlier["sell_lots"] > 0
    ranges = (earlier["high_ticks"] - earlier["low_ticks"])[has_traded]
    missing = shortfall("earlier seconds with trades", len(ranges), LEAST_SECONDS)
    if missing is not None:
        return Sweep(0, 0, nan, 0, 0, False, missing)
    usual = max(1.0, float(np.mean(ranges)))
    before = bars["close_ticks"][-seconds - 1 : -1]
    lots = recent["buy_lots"] + recent["sell_lots"]
    best = NO_SWEEP
    for side, runs, share in (
        (1, recent["high_ticks"] - before, recent["buy_lots"]),
        (-1, before - recent["low_ticks"], recent["sell_lots"]),
    ):
        is_one_sided = (lots > 0) & (share >= least_share * lots)
        run = int(np.max(np.where(is_one_sided, runs, 0)))
        if run < least_multiple * usual or run <= best.run_ticks:
            continue
        at = int(np.argmax(np.where(is_one_sided, runs, 0)))
        opened = int(recent["open_time_ns"][at])
        best = Sweep(side, run, run / usual, int(lots[at]), opened, True)
    return best
