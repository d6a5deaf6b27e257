"""Absorption or breakout: what heavy aggressive volume achieves at a level (FLOW-27).

Heavy: the aggressor's volume of the last seconds is at or above a quantile of its own earlier
windows of the same length. Absorbed: the price is not past the level by more than a tenth of the
ATR and did not move with the aggressor by more than that. Broken: it is past the level. Closed
one-second bars only.
"""

from enum import StrEnum
from math import nan

import msgspec
import numpy as np

from undertow.domain.errors import CallerError
from undertow.flow.flow_view import Bars, FlowView
from undertow.flow.sufficiency import Shortfall, shortfall

LEAST_WINDOWS = 10


class AbsorptionOutcome(StrEnum):
    """What became of the attack on the level."""

    NONE = "none"
    ABSORBED = "absorbed"
    BROKEN = "broken"


class Absorption(msgspec.Struct, frozen=True, gc=False):
    """side: where the price is expected to go: against the aggressor when absorbed, with it when
    broken, 0 for NONE. heaviness: aggressive volume over its quantile, 1 and more is heavy; NaN
    when insufficient. move_atr: move of the last seconds in ATR, signed by price. `shortfall` says
    what was missing, if any.
    """

    outcome: AbsorptionOutcome
    side: int
    heaviness: float
    move_atr: float
    is_sufficient: bool
    shortfall: Shortfall | None = None


def absorption(
    flow: FlowView,
    level_ticks: int,
    atr_ticks: float,
    *,
    window_s: int = 30,
    baseline_s: int = 900,
    quantile: float = 0.9,
    tolerance_atr: float = 0.1,
) -> Absorption:
    """What the last `window_s` did at `level_ticks`; needs ten earlier windows and an ATR.

    The quantile is over non-overlapping windows before the judged one, linear interpolation
    (type 7).
    """
    if not 0.0 <= quantile <= 1.0:
        raise CallerError(f"expected a quantile of 0 to 1, found {quantile}")
    bars = flow.bars(1, window_s + baseline_s)
    recent, earlier = bars[-window_s:], bars[:-window_s]
    missing = shortfall("earlier seconds", len(earlier), LEAST_WINDOWS * window_s)
    missing = missing or shortfall("ATR of the minutes", int(atr_ticks > 0.0), 1)
    if missing is not None:
        return Absorption(AbsorptionOutcome.NONE, 0, nan, nan, False, missing)
    buy, sell = int(recent["buy_lots"].sum()), int(recent["sell_lots"].sum())
    aggressor = (buy > sell) - (buy < sell)
    typical = _typical_lots(earlier, aggressor, window_s, quantile)
    close, opened = int(recent["close_ticks"][-1]), int(recent["open_ticks"][0])
    move = (close - opened) / atr_ticks
    if aggressor == 0:
        return Absorption(AbsorptionOutcome.NONE, 0, nan, move, True)
    if typical <= 0.0:
        missing = Shortfall("lots of the aggressor's side before", 0, 1)
        return Absorption(AbsorptionOutcome.NONE, 0, nan, move, False, missing)
    heaviness = max(buy, sell) / typical
    past = aggressor * (close - level_ticks) / atr_ticks
    reached = (
        int(recent["low_ticks"].min()) - tolerance_atr * atr_ticks <= level_ticks
        and int(recent["high_ticks"].max()) + tolerance_atr * atr_ticks >= level_ticks
    )
    outcome, side = AbsorptionOutcome.NONE, 0
    if heaviness >= 1.0 and reached and past > tolerance_atr:
        outcome, side = AbsorptionOutcome.BROKEN, aggressor
    elif heaviness >= 1.0 and reached and aggressor * move <= tolerance_atr:
        outcome, side = AbsorptionOutcome.ABSORBED, -aggressor
    return Absorption(outcome, side, heaviness, move, True)


def _typical_lots(earlier: Bars, aggressor: int, window_s: int, quantile: float) -> float:
    if aggressor == 0:
        return nan
    column = earlier["buy_lots" if aggressor > 0 else "sell_lots"]
    count = len(column) // window_s
    sums = column[len(column) - count * window_s :].reshape(count, window_s).sum(axis=1)
    return _quantile(np.sort(sums).tolist(), quantile)


def _quantile(ordered: list[int], quantile: float) -> float:
    # Type 7, rounded as numpy.quantile does, which takes 50 us for thirty numbers.
    place = (len(ordered) - 1) * quantile
    below = min(int(place), len(ordered) - 2)
    low, high, share = ordered[below], ordered[below + 1], place - below
    step = high - low
    return float(low + step * share if share < 0.5 else high - step * (1.0 - share))
