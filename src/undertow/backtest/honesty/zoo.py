"""A zoo of strategies: twenty-two that look ahead, each in its own way, and twenty that do not.

They keep what they were given in `KEPT`, as users do with frames and caches. Those of the first
list must be found out, those of the second must not be accused.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from undertow.backtest.bar_data import bar_data
from undertow.decision.bar_columns import BarColumns
from undertow.decision.context import Context
from undertow.decision.signals import Signals
from undertow.decision.strategy import Answer, Strategy
from undertow.domain.bar import Bar
from undertow.domain.side import Side
from undertow.indicators.averages import Ema, Sma
from undertow.indicators.channels import Bollinger
from undertow.indicators.indicator import Indicator
from undertow.indicators.momentum import Rsi
from undertow.indicators.volatility import Atr
from undertow.timeline.market_data import MarketData

Column = NDArray[np.float64]
BARS = 900
KEPT: dict[str, Any] = {}
"""What strategies remember between calls: columns by name."""


def market(seed: int = 1, bars: int = BARS) -> MarketData:
    """A random walk with fat tails and slow swings, a bar a minute."""
    rng = np.random.Generator(np.random.PCG64(seed))
    steps = rng.standard_t(4, bars) * 0.002 + 0.0015 * np.sin(np.arange(bars) / 25)
    close = 100.0 * np.exp(np.cumsum(steps))
    opened = np.r_[100.0, close[:-1]]
    wick = np.abs(rng.normal(0.0, 0.001, (2, bars)))
    columns = {
        "date": (1_704_067_200 + 60 * np.arange(bars)) * 1_000,
        "open": opened.round(2),
        "high": (np.maximum(opened, close) * (1 + wick[0])).round(2) + 0.01,
        "low": (np.minimum(opened, close) * (1 - wick[1])).round(2) - 0.01,
        "close": close.round(2),
        "volume": rng.uniform(1e4, 1e5, bars).round(0),
    }
    return bar_data(columns, "BTC/USDT:USDT@binance", timeframe="1m")


def _ahead(column: Column, bars: int) -> Column:
    return np.concatenate([column[bars:], np.full(min(bars, len(column)), column[-1])])


def _rolling(column: Column, length: int, what: Any) -> Column:
    windows = np.lib.stride_tricks.sliding_window_view(column, min(length, len(column)))
    return np.concatenate([np.full(len(column) - len(windows), np.nan), what(windows, axis=1)])


def _rises(column: Column) -> NDArray[np.bool_]:
    return np.concatenate([[False], np.diff(column) > 0])


# Those that look ahead, by columns.


class NextClose(Strategy):
    """Buys when the next bar will close higher: shift(-1)."""

    def signals(self, bars: BarColumns) -> Signals:
        rises = _ahead(bars.close, 1) > bars.close
        return Signals(long_entry=rises, long_exit=~rises)


class TwelveAhead(Strategy):
    """Leaves when the price is lower twelve bars later."""

    def signals(self, bars: BarColumns) -> Signals:
        falls = _ahead(bars.close, 12) < bars.close
        return Signals(long_entry=_rises(bars.close), long_exit=falls)


class GlobalScore(Strategy):
    """Normalises by mean and deviation of the whole history."""

    def signals(self, bars: BarColumns) -> Signals:
        score = (bars.close - bars.close.mean()) / bars.close.std()
        return Signals(long_entry=score < -0.5, long_exit=score > 0.5)


class GlobalRange(Strategy):
    """Scales by the lowest and highest price there will ever be."""

    def signals(self, bars: BarColumns) -> Signals:
        place = (bars.close - bars.low.min()) / (bars.high.max() - bars.low.min())
        return Signals(long_entry=place < 0.3, long_exit=place > 0.7)


class GlobalQuantile(Strategy):
    """Calls volume high by a quantile over everything."""

    def signals(self, bars: BarColumns) -> Signals:
        high = bars.volume > np.quantile(bars.volume, 0.8)
        return Signals(long_entry=high, long_exit=~high)


class RepaintingPivot(Strategy):
    """Buys at lows that only the three bars after them make lows."""

    def signals(self, bars: BarColumns) -> Signals:
        low = bars.low
        before = np.array([low[max(0, i - 3) : i].min() if i else np.inf for i in range(len(low))])
        after = np.array(
            [low[i + 1 : i + 4].min() if i + 1 < len(low) else np.inf for i in range(len(low))]
        )
        return Signals(long_entry=(low < before) & (low < after), long_exit=bars.close > bars.open)


class CentredAverage(Strategy):
    """Smooths with a window centred on the bar."""

    def signals(self, bars: BarColumns) -> Signals:
        smooth = np.convolve(bars.close, np.ones(9) / 9.0, mode="same")
        return Signals(long_entry=_rises(smooth), long_exit=~_rises(smooth))


class FutureHour(Strategy):
    """Joins the five-minute bar that a minute lies in, before that bar has closed."""

    def signals(self, bars: BarColumns) -> Signals:
        block = (bars.open_time_ns // (300 * 10**9)).astype(np.int64)
        last = np.searchsorted(block, block, side="right") - 1
        rises = bars.close[last] > bars.close
        return Signals(long_entry=rises, long_exit=~rises)


class SameBarLow(Strategy):
    """Knows at the close before it how low the bar will go."""

    def signals(self, bars: BarColumns) -> Signals:
        dips = _ahead(bars.low, 1) < bars.close * 0.998
        return Signals(long_entry=dips, long_exit=_ahead(bars.high, 1) > bars.close * 1.002)


class BackwardFill(Strategy):
    """Fills gaps of a sparse column from the future."""

    def signals(self, bars: BarColumns) -> Signals:
        sparse = np.where(np.arange(len(bars)) % 10 == 9, bars.close, np.nan)
        places = np.arange(len(bars))
        known = np.flatnonzero(~np.isnan(sparse))
        if not len(known):
            return Signals()
        index = known[np.minimum(np.searchsorted(known, places), len(known) - 1)]
        rises = sparse[index] > bars.close
        return Signals(long_entry=rises, long_exit=~rises)


class Interpolated(Strategy):
    """Draws straight lines between pivots ten bars apart."""

    def signals(self, bars: BarColumns) -> Signals:
        places = np.arange(len(bars))
        line = np.interp(places, places[::10], bars.close[::10])
        return Signals(long_entry=_rises(line), long_exit=~_rises(line))


class Detrended(Strategy):
    """Takes off a straight line fitted to the whole history."""

    def signals(self, bars: BarColumns) -> Signals:
        places = np.arange(len(bars))
        rest = bars.close - np.polyval(np.polyfit(places, bars.close, 1), places)
        return Signals(long_entry=rest < -1.0, long_exit=rest > 1.0)


class Fourier(Strategy):
    """Filters with a transform over everything."""

    def signals(self, bars: BarColumns) -> Signals:
        spectrum = np.fft.rfft(bars.close)
        spectrum[len(spectrum) // 8 :] = 0.0
        smooth = np.fft.irfft(spectrum, len(bars))
        return Signals(long_entry=_rises(smooth), long_exit=~_rises(smooth))


class StopFromTheFuture(Strategy):
    """Enters honestly, but sets the stop below the lowest low of the next ten bars."""

    def signals(self, bars: BarColumns) -> Signals:
        lows = np.array([bars.low[i : i + 10].min() for i in range(len(bars))])
        rises = _rises(bars.close)
        return Signals(long_entry=rises, long_exit=~rises, stop=lows * 0.999)


class SizeFromTheFuture(Strategy):
    """Enters honestly, but larger where it will pay."""

    def signals(self, bars: BarColumns) -> Signals:
        rises = _rises(bars.close)
        size = np.where(_ahead(bars.close, 5) > bars.close, 2.0, 0.5)
        return Signals(long_entry=rises, long_exit=~rises, size=size)


class BestParameter(Strategy):
    """Chooses its own length by what will have earned most."""

    def signals(self, bars: BarColumns) -> Signals:
        change = np.diff(bars.close, prepend=bars.close[0])
        earned = {}
        for length in (3, 5, 8, 13):
            side = np.sign(bars.close - np.roll(bars.close, length))
            earned[length] = float((side[:-1] * change[1:]).sum())
        best = max(earned, key=lambda length: earned[length])
        rises = np.concatenate([np.zeros(best, np.bool_), bars.close[best:] > bars.close[:-best]])
        rises = rises[: len(bars)]
        return Signals(long_entry=rises, long_exit=~rises)


# Those that look ahead from a callback, in what `signals` was given.


class _Keeper(Strategy):
    def signals(self, bars: BarColumns) -> Signals:
        KEPT["time"], KEPT["close"], KEPT["low"] = bars.open_time_ns, bars.close, bars.low
        return Signals()


def _later(name: str, bar: Bar, bars: int) -> float:
    place = int(np.searchsorted(KEPT["time"], bar.open_time_ns))
    column: Column = KEPT[name]
    return float(column[min(place + bars, len(column) - 1)])


class ExitTwelveAhead(_Keeper):
    """Its exit callback reads twelve bars ahead in a kept frame."""

    def on_bar(self, ctx: Context, bar: Bar) -> Answer:
        if ctx.position is not None:
            return ctx.exit("drops") if _later("close", bar, 12) < ctx.price else None
        return ctx.enter(Side.BUY, stop=ctx.price * 0.9) if ctx.can_enter(Side.BUY) else None


class EntryAhead(_Keeper):
    """Its entry callback reads the next bar of a kept frame."""

    def on_bar(self, ctx: Context, bar: Bar) -> Answer:
        if ctx.position is not None:
            return ctx.exit("done")
        rises = _later("close", bar, 1) > ctx.price
        can = rises and ctx.can_enter(Side.BUY)
        return ctx.enter(Side.BUY, stop=ctx.price * 0.9) if can else None


class StopAhead(_Keeper):
    """Places its stop where the kept frame says it will not be hit."""

    def on_bar(self, ctx: Context, bar: Bar) -> Answer:
        if ctx.position is not None:
            return ctx.exit("done") if bar.open_time_ns // (60 * 10**9) % 7 == 0 else None
        low = min(_later("low", bar, i) for i in range(1, 8))
        stop = min(low, ctx.price) * 0.999
        return ctx.enter(Side.BUY, stop=stop) if ctx.can_enter(Side.BUY) else None


class LevelOfTheWhole(_Keeper):
    """Compares with the mean of the kept frame."""

    def on_bar(self, ctx: Context, bar: Bar) -> Answer:
        mean = float(KEPT["close"].mean())
        if ctx.position is not None:
            return ctx.exit("high") if ctx.price > mean else None
        can = ctx.price < mean and ctx.can_enter(Side.BUY)
        return ctx.enter(Side.BUY, stop=ctx.price * 0.9) if can else None


class LengthOfTheFrame(_Keeper):
    """Knows from the frame's length when the data ends, and closes in time."""

    def on_bar(self, ctx: Context, bar: Bar) -> Answer:
        place = int(np.searchsorted(KEPT["time"], bar.open_time_ns))
        if ctx.position is not None:
            return ctx.exit("the end is near") if place > len(KEPT["time"]) - 300 else None
        can = place % 50 == 0 and ctx.can_enter(Side.BUY)
        return ctx.enter(Side.BUY, stop=ctx.price * 0.9) if can else None


class Tossed(Strategy):
    """Tosses a coin of the operating system: no look ahead, but no evidence either."""

    def on_bar(self, ctx: Context, bar: Bar) -> Answer:
        import secrets  # noqa: TID251 - a strategy that no seed governs is what is wanted here

        if ctx.position is not None:
            return ctx.exit("tails") if secrets.randbelow(3) == 0 else None
        can = secrets.randbelow(3) == 0 and ctx.can_enter(Side.BUY)
        return ctx.enter(Side.BUY, stop=ctx.price * 0.9) if can else None


PEEKS: tuple[type[Strategy], ...] = (
    NextClose,
    TwelveAhead,
    GlobalScore,
    GlobalRange,
    GlobalQuantile,
    RepaintingPivot,
    CentredAverage,
    FutureHour,
    SameBarLow,
    BackwardFill,
    Interpolated,
    Detrended,
    Fourier,
    StopFromTheFuture,
    SizeFromTheFuture,
    BestParameter,
    ExitTwelveAhead,
    EntryAhead,
    StopAhead,
    LevelOfTheWhole,
    LengthOfTheFrame,
    Tossed,
)


# Those that do not.


class _Column(Strategy):
    """Long while a column of the past says so."""

    def rule(self, bars: BarColumns) -> NDArray[np.bool_]:
        raise NotImplementedError

    def signals(self, bars: BarColumns) -> Signals:
        wanted = self.rule(bars)
        return Signals(long_entry=wanted, long_exit=~wanted)


class AverageCross(_Column):
    """Two simple averages."""

    def indicators(self) -> Mapping[str, Indicator]:
        return {"fast": Sma(5), "slow": Sma(20)}

    def rule(self, bars: BarColumns) -> NDArray[np.bool_]:
        return np.asarray(bars["fast"] > bars["slow"])


class EmaCrossing(_Column):
    """Two averages that never quite forget."""

    def indicators(self) -> Mapping[str, Indicator]:
        return {"fast": Ema(5), "slow": Ema(20)}

    def rule(self, bars: BarColumns) -> NDArray[np.bool_]:
        return np.asarray(bars["fast"] > bars["slow"])


class RsiLow(_Column):
    """A low relative strength."""

    def indicators(self) -> Mapping[str, Indicator]:
        return {"rsi": Rsi(14)}

    def rule(self, bars: BarColumns) -> NDArray[np.bool_]:
        return np.asarray(bars["rsi"] < 45.0)


class Bands(_Column):
    """Below the lower Bollinger band."""

    def indicators(self) -> Mapping[str, Indicator]:
        return {"bands": Bollinger(20)}

    def rule(self, bars: BarColumns) -> NDArray[np.bool_]:
        return np.asarray(bars.close < bars["bands.lower"])


class Donchian(_Column):
    """Above the highest high of the twenty bars before this one."""

    def rule(self, bars: BarColumns) -> NDArray[np.bool_]:
        highest = np.concatenate([[np.nan], _rolling(bars.high, 20, np.max)[:-1]])
        return np.asarray(bars.close > highest)


class Momentum(_Column):
    """Higher than ten bars ago."""

    def rule(self, bars: BarColumns) -> NDArray[np.bool_]:
        past = np.concatenate([np.full(min(10, len(bars)), np.inf), bars.close[:-10]])
        return np.asarray(bars.close > past[: len(bars)])


class RollingScore(_Column):
    """Normalised by the last fifty bars only."""

    def rule(self, bars: BarColumns) -> NDArray[np.bool_]:
        mean, spread = (_rolling(bars.close, 50, what) for what in (np.mean, np.std))
        return np.asarray((bars.close - mean) < -spread)


class ConfirmedPivot(_Column):
    """A low three bars ago that the bars since have confirmed."""

    def rule(self, bars: BarColumns) -> NDArray[np.bool_]:
        windows = _rolling(bars.low, 7, np.min)
        past = np.concatenate([np.full(min(3, len(bars)), np.nan), bars.low[:-3]])[: len(bars)]
        return np.asarray(past == windows)


class ClosedFive(_Column):
    """The last five-minute bar that had closed."""

    def indicators(self) -> Mapping[str, Indicator]:
        return {"mean": Sma(3), "slow@5m": Sma(4)}

    def rule(self, bars: BarColumns) -> NDArray[np.bool_]:
        return np.asarray(bars["mean"] > bars["slow@5m"])


class VolumeSurge(_Column):
    """Volume above twice the mean of the last thirty bars."""

    def rule(self, bars: BarColumns) -> NDArray[np.bool_]:
        return np.asarray(bars.volume > 1.5 * _rolling(bars.volume, 30, np.mean))


class AtrStop(Strategy):
    """A cross with a stop two ranges below."""

    def indicators(self) -> Mapping[str, Indicator]:
        return {"fast": Ema(8), "slow": Ema(21), "atr": Atr(14)}

    def signals(self, bars: BarColumns) -> Signals:
        above = np.asarray(bars["fast"] > bars["slow"])
        return Signals(long_entry=above, long_exit=~above, stop=bars.close - 2.0 * bars["atr"])


class SizedByVolatility(Strategy):
    """Smaller where it moves more."""

    def indicators(self) -> Mapping[str, Indicator]:
        return {"atr": Atr(14)}

    def signals(self, bars: BarColumns) -> Signals:
        rises = _rises(bars.close)
        return Signals(long_entry=rises, long_exit=~rises, size=0.1 / bars["atr"])


class RunningHighest(_Column):
    """At the highest price so far: a running extreme knows the past only."""

    def rule(self, bars: BarColumns) -> NDArray[np.bool_]:
        return np.asarray(bars.close >= np.maximum.accumulate(bars.close) * 0.995)


class HourOfDay(_Column):
    """Long in the first half of each hour."""

    def rule(self, bars: BarColumns) -> NDArray[np.bool_]:
        return np.asarray(bars.open_time_ns // (60 * 10**9) % 60 < 30)


class BothSides(Strategy):
    """Long above, short below."""

    def indicators(self) -> Mapping[str, Indicator]:
        return {"mean": Sma(30)}

    def signals(self, bars: BarColumns) -> Signals:
        above, below = bars.close > bars["mean"] * 1.001, bars.close < bars["mean"] * 0.999
        return Signals(long_entry=above, long_exit=below, short_entry=below, short_exit=above)


class CallbackCross(Strategy):
    """A cross, bar by bar."""

    def indicators(self) -> Mapping[str, Indicator]:
        return {"fast": Ema(5), "slow": Ema(15)}

    def on_bar(self, ctx: Context, bar: Bar) -> Answer:
        side = ctx.cross("fast", "slow")
        if ctx.position is not None:
            return ctx.exit("crossed") if side is Side.SELL else None
        can = side is Side.BUY and ctx.can_enter(Side.BUY)
        return ctx.enter(Side.BUY, stop=ctx.price * 0.95) if can else None


class CallbackMemory(_Keeper):
    """Keeps a frame too, but reads no further than the bar that has closed."""

    def on_bar(self, ctx: Context, bar: Bar) -> Answer:
        place = int(np.searchsorted(KEPT["time"], bar.open_time_ns))
        past: Column = KEPT["close"][max(0, place - 20) : place + 1]
        if ctx.position is not None:
            return ctx.exit("high") if ctx.price >= past.max() else None
        can = ctx.price <= past.min() and ctx.can_enter(Side.BUY)
        return ctx.enter(Side.BUY, stop=ctx.price * 0.95) if can else None


class CallbackClock(Strategy):
    """In and out by the bars' own time."""

    def on_bar(self, ctx: Context, bar: Bar) -> Answer:
        minute = bar.open_time_ns // (60 * 10**9)
        if ctx.position is not None:
            return ctx.exit("time") if minute % 40 == 20 else None
        can = minute % 40 == 0 and ctx.can_enter(Side.BUY)
        return ctx.enter(Side.BUY, stop=ctx.price * 0.9) if can else None


class CallbackTrail(Strategy):
    """Enters on strength, leaves by a trailing stop at the venue."""

    def indicators(self) -> Mapping[str, Indicator]:
        return {"rsi": Rsi(10)}

    def on_bar(self, ctx: Context, bar: Bar) -> Answer:
        can = ctx["rsi"] > 60.0 and ctx.can_enter(Side.BUY)
        return ctx.enter(Side.BUY, stop=ctx.price * 0.98, trail_ppm=10_000) if can else None


class CallbackShort(Strategy):
    """Sells what has risen, covers what has fallen."""

    def indicators(self) -> Mapping[str, Indicator]:
        return {"bands": Bollinger(20)}

    def on_bar(self, ctx: Context, bar: Bar) -> Answer:
        if ctx.position is not None:
            return ctx.exit("back") if ctx.price < ctx["bands.middle"] else None
        can = ctx.price > ctx["bands.upper"] and ctx.can_enter(Side.SELL)
        return ctx.enter(Side.SELL, stop=ctx.price * 1.05) if can else None


CLEAN: tuple[type[Strategy], ...] = (
    AverageCross,
    EmaCrossing,
    RsiLow,
    Bands,
    Donchian,
    Momentum,
    RollingScore,
    ConfirmedPivot,
    ClosedFive,
    VolumeSurge,
    AtrStop,
    SizedByVolatility,
    RunningHighest,
    HourOfDay,
    BothSides,
    CallbackCross,
    CallbackMemory,
    CallbackClock,
    CallbackTrail,
    CallbackShort,
)
