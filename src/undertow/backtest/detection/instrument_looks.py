"""Looks at one instrument's flow: cascade, exhaustion, absorption, large trades, whales, sweep."""

from collections.abc import Callable
from math import inf

import numpy as np
from numpy.typing import NDArray

from undertow.backtest.detection.detector import Look, Scene, Sign
from undertow.domain.side import Side
from undertow.domain.time import NS_PER_S
from undertow.flow.absorption import AbsorptionOutcome, absorption
from undertow.flow.cascade import cascade
from undertow.flow.exhaustion import exhaustion
from undertow.flow.flow_view import Bars
from undertow.flow.large_trades import large_trades
from undertow.flow.sweep import sweep
from undertow.flow.whale_trades import ALERT_SCORE

ATR_BARS = 14
LOOSEST_RATIO = 1.25
LOOSEST_SHARE = 1.0
ATTACK_S = 30
LOOSEST_SWEEP = 2.0
SWEEP_BARS = 306
WHALE_NS = 10 * NS_PER_S


def look_for_cascade(scene: Scene) -> Look:
    """FLOW-22; the score is the last minute's ratio of the dominant side."""
    flow = scene.flow[scene.focus]

    def look(_now_ns: int) -> Sign | None:
        found = cascade(flow, threshold=LOOSEST_RATIO)
        if not found.side:
            return None
        ratio = found.ratio_1m
        if ratio <= 0.0:
            return Sign(found.side, inf)
        return Sign(found.side, max(ratio, 1.0 / ratio))

    return look


def look_for_exhaustion(scene: Scene) -> Look:
    """FLOW-13; the score is the rate of the last 30 s over that of the 270 s before."""
    flow = scene.flow[scene.focus]

    def look(_now_ns: int) -> Sign | None:
        for side in (Side.BUY, Side.SELL):
            found = exhaustion(flow, side, share=LOOSEST_SHARE)
            if found.is_exhausted:  # only one side can have pushed
                return Sign(int(side), found.ratio)
        return None

    return look


def look_for_absorption(scene: Scene) -> Look:
    """FLOW-27 at the extreme of the last 30 s; the score is the attack's heaviness."""
    flow = scene.flow[scene.focus]

    def look(_now_ns: int) -> Sign | None:
        atr = mean_true_range(flow.bars(60, ATR_BARS + 1))
        window = flow.window(ATTACK_S)
        aggressor = (window.buy_lots > window.sell_lots) - (window.buy_lots < window.sell_lots)
        if not aggressor or not atr > 0.0:
            return None
        seconds = flow.bars(1, ATTACK_S)
        level = int(seconds["high_ticks"].max() if aggressor > 0 else seconds["low_ticks"].min())
        found = absorption(flow, level, atr)
        if found.outcome is not AbsorptionOutcome.ABSORBED:
            return None
        return Sign(found.side, found.heaviness)

    return look


def look_for_large_trades(scene: Scene) -> Look:
    """FLOW-12 over 10 s; the score is the share of large trades in the side's volume."""
    flow = scene.flow[scene.focus]

    def look(_now_ns: int) -> Sign | None:
        found = large_trades(flow, 10)
        if not found.side or not found.is_sufficient:
            return None
        return Sign(found.side, found.buy_share if found.side > 0 else found.sell_share)

    return look


def look_for_sweep(scene: Scene) -> Look:
    """A sweep of the last six closed seconds; the score is its run in usual ranges."""
    flow = scene.flow[scene.focus]

    def look(_now_ns: int) -> Sign | None:
        found = sweep(flow.bars(1, SWEEP_BARS), 6, least_multiple=LOOSEST_SWEEP)
        return Sign(found.side, found.multiple) if found.side else None

    return look


def look_for_whale(scene: Scene) -> Look:
    """FLOW-11, the largest unusual trade of the last 10 s; the score is its size in millionths of
    the rolling day's volume.
    """
    return _whale_look(scene, np.max)


def look_for_whale_burst(scene: Scene) -> Look:
    """FLOW-11, all unusual trades of the last 10 s together; the score is their size in millionths
    of the rolling day's volume.
    """
    return _whale_look(scene, np.sum)


def _whale_look(scene: Scene, size: Callable[[NDArray[np.int64]], np.int64]) -> Look:
    flow = scene.flow[scene.focus]

    def look(now_ns: int) -> Sign | None:
        rows = flow.whales()
        unit = flow.whale_above_lots  # one millionth: `simulated_day.FLOW`
        rows = rows[(rows["event_ns"] > now_ns - WHALE_NS) & (rows["score"] > ALERT_SCORE)]
        if not len(rows) or unit < 1:
            return None
        by_side = [rows["lots"][rows["side"] == side] for side in (1, -1)]
        bought, sold = (int(size(lots)) if len(lots) else 0 for lots in by_side)
        if bought == sold:
            return None
        return Sign(1 if bought > sold else -1, max(bought, sold) / unit)

    return look


def mean_true_range(bars: Bars) -> float:
    """Mean true range of the bars after the first, in ticks; NaN with fewer than 15."""
    if len(bars) <= ATR_BARS:
        return float("nan")
    close = bars["close_ticks"][:-1]
    high = np.maximum(bars["high_ticks"][1:], close)
    low = np.minimum(bars["low_ticks"][1:], close)
    return float(np.mean(high - low))
