"""Price and volume behaviour of an instrument from its trades alone, no book needed (VEN-40).

Spread proxies, what aggressors paid, who presses, and whether the last minute's move and volume are
out of the ordinary. Closed bars only; the judged minute is never part of its own baseline.
"""

from math import nan

import msgspec
import numpy as np

from undertow.domain.errors import ConfigurationError
from undertow.flow.flow_view import Bars, FlowView
from undertow.flow.volume_spike import volume_spike
from undertow.stats.corwin_schultz import high_low_spread
from undertow.stats.robust import modified_z_score
from undertow.stats.roll_estimator import roll_spread

LEAST_SECONDS = 30
LEAST_MINUTES = 20


class Behaviour(msgspec.Struct, frozen=True, gc=False):
    """Every number is NaN when it is not known; none needs another.

    roll_bps: Roll's spread over closes of seconds with trades. high_low_bps: Corwin and Schultz's
    over one-minute highs and lows. slippage_bps: what aggressors paid beyond the price before
    theirs, see `realised_slippage_bps`. pressure: delta over volume of the seconds, -1 to 1.
    volume_lots, trades: of the seconds. move_bps: change of the last closed minute. move_score: its
    modified z-score among the minutes before. is_abnormal_move: beyond 3.5 either way.
    volume_ratio: last minute's volume over the mean of the 20 before. is_volume_spike: 2 or more.
    """

    roll_bps: float
    high_low_bps: float
    slippage_bps: float
    pressure: float
    volume_lots: int
    trades: int
    move_bps: float
    move_score: float
    is_abnormal_move: bool
    volume_ratio: float
    is_volume_spike: bool


def behaviour(
    flow: FlowView,
    seconds: int = 300,
    minutes: int = 60,
    *,
    abnormal_score: float = 3.5,
    spike_ratio: float = 2.0,
) -> Behaviour:
    """The instrument's behaviour over its last closed `seconds` (spreads, slippage, pressure) and
    `minutes` (high-low spread, moves, volume).
    """
    if seconds < 1 or minutes < 2:
        raise ConfigurationError(
            f"expected 1 second and 2 minutes or more, found {seconds} and {minutes}"
        )
    fine, coarse = flow.bars(1, seconds), flow.bars(60, minutes)
    buys, sells = int(fine["buy_lots"].sum()), int(fine["sell_lots"].sum())
    move, score = _move(coarse)
    ratio = volume_spike(coarse)
    return Behaviour(
        roll_bps=_roll_bps(fine),
        high_low_bps=_high_low_bps(coarse),
        slippage_bps=realised_slippage_bps(fine),
        pressure=(buys - sells) / (buys + sells) if buys + sells else nan,
        volume_lots=buys + sells,
        trades=int(fine["buy_trades"].sum() + fine["sell_trades"].sum()),
        move_bps=move,
        move_score=score,
        is_abnormal_move=abs(score) > abnormal_score,
        volume_ratio=ratio,
        is_volume_spike=ratio >= spike_ratio,
    )


def realised_slippage_bps(bars: Bars) -> float:
    """What aggression cost beyond the price that stood before it, in bps of that price.

    Over bars with a delta: sign of the delta * (VWAP - close of the bar before) / that close,
    weighted by |delta| in lots. Positive: aggressors paid away from the price. One-second bars make
    it a measure of sweeps; the first bar has no price before it. NaN without such bars.
    """
    if len(bars) < 2:
        return nan
    before = bars["close_ticks"][:-1].astype(np.float64)
    later = bars[1:]
    delta = (later["buy_lots"] - later["sell_lots"]).astype(np.float64)
    pressed = delta != 0.0
    if not np.any(pressed):
        return nan
    lots = (later["buy_lots"] + later["sell_lots"])[pressed]
    vwap = later["tick_lots"][pressed] / lots
    cost = np.sign(delta[pressed]) * (vwap - before[pressed]) / np.abs(before[pressed])
    weight = np.abs(delta[pressed])
    return float(np.sum(cost * weight) / np.sum(weight)) * 1e4


def _roll_bps(bars: Bars) -> float:
    traded = bars[bars["buy_trades"] + bars["sell_trades"] > 0]
    if len(traded) <= LEAST_SECONDS:
        return nan
    closes = traded["close_ticks"].astype(np.float64)
    return roll_spread(closes) / abs(float(closes[-1])) * 1e4


def _high_low_bps(bars: Bars) -> float:
    traded = bars[bars["buy_trades"] + bars["sell_trades"] > 0]
    if len(traded) < LEAST_MINUTES:
        return nan
    return high_low_spread(traded["high_ticks"], traded["low_ticks"]) * 1e4


def _move(bars: Bars) -> tuple[float, float]:
    # Log change of the last minute in bps, and its score among those before.
    if len(bars) < 2:
        return nan, nan
    moves = np.diff(np.log(bars["close_ticks"].astype(np.float64))) * 1e4
    last = float(moves[-1])
    return last, modified_z_score(last, moves[:-1], least=LEAST_MINUTES)
