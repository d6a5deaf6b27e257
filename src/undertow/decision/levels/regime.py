"""Level 1: trend and regime (DEC-11, DEC-12; C-30, U-02 .. U-05, D-140).

Everything here is read from closed bars of one timeframe, once per bar: a rejection between two
closes costs a look-up.
"""

from enum import StrEnum
from typing import ClassVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.decision.conditions import above, at_least, below, equal, noted, verdict
from undertow.decision.context import Context
from undertow.decision.flow_readings import column, last
from undertow.decision.timeframe import timeframe_seconds
from undertow.domain.intent import Verdict
from undertow.domain.side import Side
from undertow.flow.volume_spike import volume_trend
from undertow.indicators.hurst import ONE_SIDED_80_PERCENT, Hurst
from undertow.indicators.mean_reversion_strength import mean_reversion_strength
from undertow.indicators.swing_trend import swing_trend
from undertow.indicators.trend import adx
from undertow.indicators.trend_structure import trend_structure
from undertow.indicators.volatility import atr

Column = NDArray[np.float64]


class Structure(StrEnum):
    """What a trend's structure is told by (U-04).

    BARS: each of the last bars has a higher high and a higher low than the one before. SWINGS: the
    last two confirmed swing highs and lows rise.
    """

    BARS = "bars"
    SWINGS = "swings"


class RegimeReading(msgspec.Struct, frozen=True, gc=False):
    """The regime of an instrument after its last closed bar; NaN where history is too short.

    structure: +1 higher highs and lows, -1 lower ones, 0 neither. persistence_error: standard error
    of the Hurst estimate before caution. atr_bps: average true range over
    the last close. atr_rank: share of its own history that it exceeds, 0..1.
    """

    structure: float
    adx: float
    persistence: float
    persistence_error: float
    reversion: float
    volume_trend: float
    atr_bps: float
    atr_rank: float


class RegimeLevel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Trade only a clear trend, and only its way.

    timeframe: bars it is read from. structure, structure_bars: how the trend is told, and by how
    many bars (BARS) or bars on each side of a swing (SWINGS). adx_period, min_adx.
    persistence_bars, min_persistence, caution: Hurst exponent of that many closes, moved toward 0.5
    by `caution` standard errors (D-140). reversion_bars, max_reversion: mean-reversion strength.
    min_volume_trend. atr_period, history_bars, min_atr_rank: the ATR against its own history;
    min_atr_costs: the ATR over the taker fees of a round trip (U-05). Between the bands there is no
    trade (C-30).
    """

    name: ClassVar[str] = "regime"
    timeframe: str = "15m"
    structure: Structure = Structure.BARS
    structure_bars: int = 3
    adx_period: int = 14
    min_adx: float = 25.0
    persistence_bars: int = 100
    min_persistence: float = 0.55
    caution: float = ONE_SIDED_80_PERCENT
    reversion_bars: int = 100
    max_reversion: float = 0.6
    min_volume_trend: float = 0.0
    atr_period: int = 14
    history_bars: int = 96
    min_atr_rank: float = 0.2
    min_atr_costs: float = 1.0

    def direction(self, ctx: Context) -> Side | None:
        """The side the structure allows, None without one."""
        structure = self.read(ctx).structure
        if structure > 0.0:
            return Side.BUY
        return Side.SELL if structure < 0.0 else None

    def judge(self, ctx: Context, side: Side) -> Verdict:
        """Judge the regime for one side; worked out once per closed bar."""
        timeframe_s = timeframe_seconds(self.timeframe)
        return ctx.cached((self, side), timeframe_s, lambda: self._judge(ctx, side))

    def read(self, ctx: Context) -> RegimeReading:
        """The numbers themselves, once per closed bar."""
        timeframe_s = timeframe_seconds(self.timeframe)
        return ctx.cached(self, timeframe_s, lambda: self._read(ctx, timeframe_s))

    def _judge(self, ctx: Context, side: Side) -> Verdict:
        reading = self.read(ctx)
        fees_bps = 2 * ctx.instrument.fees.taker_ppm / 100
        checks = (
            equal("structure", reading.structure, float(side)),
            at_least("adx", reading.adx, self.min_adx),
            above("persistence", reading.persistence, self.min_persistence),
            below("reversion", reading.reversion, self.max_reversion),
            at_least("volume_trend", reading.volume_trend, self.min_volume_trend),
            at_least("atr_rank", reading.atr_rank, self.min_atr_rank),
            at_least("atr_bps", reading.atr_bps, self.min_atr_costs * fees_bps),
            noted("persistence_error", reading.persistence_error),
        )
        return verdict(self.name, checks, strength=reading.adx / 50.0)

    def _read(self, ctx: Context, timeframe_s: int) -> RegimeReading:
        bars = ctx.flow.bars(timeframe_s, self._bars_wanted)
        highs, lows, closes = (
            column(bars, name) for name in ("high_ticks", "low_ticks", "close_ticks")
        )
        hurst = Hurst(self.persistence_bars, self.caution).batch(closes[-self.persistence_bars :])
        ranges_bps = atr(highs, lows, closes, self.atr_period) / closes * 1e4
        reverting = closes[-self.reversion_bars :]
        return RegimeReading(
            structure=self._structure(highs, lows),
            adx=last(adx(highs, lows, closes, self.adx_period)),
            persistence=last(hurst["value"]),
            persistence_error=last(hurst["standard_error"]),
            reversion=last(mean_reversion_strength(reverting, self.reversion_bars)),
            volume_trend=volume_trend(bars),
            atr_bps=last(ranges_bps),
            atr_rank=rank_share(ranges_bps[-self.history_bars :]),
        )

    @property
    def _bars_wanted(self) -> int:
        return max(
            self.persistence_bars,
            self.reversion_bars,
            self.history_bars + self.atr_period,
            8 * self.adx_period,
        )

    def _structure(self, highs: Column, lows: Column) -> float:
        if self.structure is Structure.SWINGS:
            return last(swing_trend(highs, lows, self.structure_bars))
        kept = self.structure_bars
        return last(trend_structure(highs[-kept:], lows[-kept:], kept))


def rank_share(values: Column) -> float:
    """Share of the defined values before the last that lie below it; NaN without any."""
    if len(values) < 2 or np.isnan(values[-1]):
        return float("nan")
    before = values[:-1][~np.isnan(values[:-1])]
    if not len(before):
        return float("nan")
    return float(np.count_nonzero(before < values[-1])) / len(before)
