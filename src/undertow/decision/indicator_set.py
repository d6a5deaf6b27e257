"""The streaming indicators of one strategy on one instrument.

A strategy declares names: "fast" runs on the strategy's own timeframe, "trend@15m" on another one.
Each indicator says which inputs it takes from a bar; prices are in quote units, volumes in the
instrument's own units (coins or contracts). Values of the last `DEPTH` bars are kept, so that a
strategy can look back without state of its own.
"""

import math
from collections.abc import Callable, Mapping

import msgspec

from undertow.decision.timeframe import timeframe_seconds
from undertow.domain.bar import Bar
from undertow.domain.errors import ConfigurationError, UnknownNameError
from undertow.domain.instrument import Instrument
from undertow.domain.suggestion import did_you_mean
from undertow.indicators.indicator import Indicator

DEPTH = 16
"""Bars of history kept per value, the newest included."""

UNDEFINED = float("nan")


class BarNumbers(msgspec.Struct, frozen=True, gc=False):
    """A bar as floats in quote units and venue units. NaN: `previous_close` on the first bar, and
    bought and sold volume and trades where recorded bars do not tell them.
    """

    open: float
    high: float
    low: float
    close: float
    volume: float
    buy_volume: float
    sell_volume: float
    trades: float
    vwap: float
    previous_close: float


def _log_return(bar: BarNumbers) -> float:
    if bar.previous_close > 0.0 and bar.close > 0.0:
        return math.log(bar.close / bar.previous_close)
    return UNDEFINED


INPUTS: Mapping[str, Callable[[BarNumbers], float]] = {
    "open": lambda bar: bar.open,
    "high": lambda bar: bar.high,
    "low": lambda bar: bar.low,
    "close": lambda bar: bar.close,
    "volume": lambda bar: bar.volume,
    "buy_volume": lambda bar: bar.buy_volume,
    "sell_volume": lambda bar: bar.sell_volume,
    "delta": lambda bar: bar.buy_volume - bar.sell_volume,
    "trades": lambda bar: bar.trades,
    "vwap": lambda bar: bar.vwap,
    "hl2": lambda bar: (bar.high + bar.low) / 2.0,
    "hlc3": lambda bar: (bar.high + bar.low + bar.close) / 3.0,
    "log_return": _log_return,
}
"""Inputs that an indicator may ask for. `log_return` skips the first bar, where it is undefined."""


class SeriesSnapshot(msgspec.Struct, frozen=True):
    """One indicator: its own bytes and the recent values of each output, oldest first."""

    state: bytes
    recent: dict[str, list[float]]


class SetSnapshot(msgspec.Struct, frozen=True):
    """All indicators of a set by name, and the last close per timeframe in seconds."""

    series: dict[str, SeriesSnapshot]
    closes: dict[int, float]


class _Series:
    # One running indicator with the recent values of each of its outputs.
    __slots__ = ("indicator", "readers", "recent")

    def __init__(self, name: str, indicator: Indicator) -> None:
        self.indicator = indicator.fresh()
        unknown = [word for word in indicator.inputs if word not in INPUTS]
        if unknown:
            raise ConfigurationError(
                f"expected inputs of {', '.join(INPUTS)} for indicator {name!r}, "
                f"found {unknown[0]!r};{did_you_mean(unknown[0], INPUTS)}"
            )
        self.readers = tuple(INPUTS[word] for word in indicator.inputs)
        self.recent: dict[str, list[float]] = {output: [] for output in indicator.outputs}

    def update(self, numbers: BarNumbers) -> None:
        values = [read(numbers) for read in self.readers]
        if any(value != value for value in values):
            return
        self.indicator.update(*values)
        for output, kept in self.recent.items():
            kept.append(self.indicator.value(output))
            if len(kept) > DEPTH:
                del kept[0]


class IndicatorSet:
    """Runs the declared indicators of one (strategy, instrument) and answers by name.

    A name is the declared one, with ".output" after it for an output other than the first:
    "macd", "macd.signal".
    """

    def __init__(self, declared: Mapping[str, Indicator], timeframe: str) -> None:
        own = timeframe_seconds(timeframe)
        self._series: dict[str, _Series] = {}
        self._by_timeframe: dict[int, list[_Series]] = {}
        self._closes: dict[int, float] = {}
        self._values: dict[str, list[float]] = {}
        for name, indicator in declared.items():
            _, at, other = name.partition("@")
            series = _Series(name, indicator)
            self._series[name] = series
            self._by_timeframe.setdefault(timeframe_seconds(other) if at else own, []).append(
                series
            )
            for position, (output, kept) in enumerate(series.recent.items()):
                self._values[f"{name}.{output}"] = kept
                if position == 0:
                    self._values[name] = kept

    @property
    def timeframes_s(self) -> tuple[int, ...]:
        """Bar lengths that must be delivered, in seconds, ascending."""
        return tuple(sorted(self._by_timeframe))

    def on_bar(self, bar: Bar, instrument: Instrument) -> None:
        """Update the indicators of the bar's timeframe."""
        running = self._by_timeframe.get(bar.timeframe_s)
        if running is None:
            return
        close_before = self._closes.get(bar.timeframe_s, UNDEFINED)
        numbers = bar_numbers(bar, instrument, close_before)
        self._closes[bar.timeframe_s] = numbers.close
        for series in running:
            series.update(numbers)

    def value(self, name: str, bars_ago: int = 0) -> float:
        """The value `bars_ago` bars before the last; NaN where there is none yet.

        Raises `UnknownNameError` with the nearest name, and `ConfigurationError` beyond `DEPTH`.
        """
        kept = self._values.get(name)
        if kept is None:
            raise UnknownNameError(
                f"expected a declared indicator, found {name!r};{did_you_mean(name, self._values)}"
            )
        if not 0 <= bars_ago < DEPTH:
            raise ConfigurationError(f"expected 0 to {DEPTH - 1} bars ago, found {bars_ago}")
        return kept[-1 - bars_ago] if bars_ago < len(kept) else UNDEFINED

    def latest(self) -> dict[str, float]:
        """The last value of every declared indicator's first output, NaN while undefined."""
        return {name: self.value(name) for name in self._series}

    def dump(self) -> SetSnapshot:
        """Everything needed to go on elsewhere."""
        series = {
            name: SeriesSnapshot(
                one.indicator.dump(), {output: list(kept) for output, kept in one.recent.items()}
            )
            for name, one in self._series.items()
        }
        return SetSnapshot(series, dict(self._closes))

    def load(self, snapshot: SetSnapshot) -> None:
        """Go on from a dump of the same declaration; raises `ConfigurationError` for another."""
        if list(snapshot.series) != list(self._series):
            raise ConfigurationError(
                f"expected a snapshot of indicators {list(self._series)}, "
                f"found {list(snapshot.series)}"
            )
        self._closes = dict(snapshot.closes)
        for name, saved in snapshot.series.items():
            series = self._series[name]
            series.indicator.load(saved.state)
            for output, kept in series.recent.items():
                kept[:] = saved.recent[output]


def bar_numbers(bar: Bar, instrument: Instrument, previous_close: float) -> BarNumbers:
    """A bar in quote units and venue units."""
    price = instrument.price_float
    step = instrument.qty_step.float
    lots = bar.volume_lots
    has_sides = bar.buy_trades >= 0
    return BarNumbers(
        open=price(bar.open_ticks),
        high=price(bar.high_ticks),
        low=price(bar.low_ticks),
        close=price(bar.close_ticks),
        volume=step(bar.buy_lots) + step(bar.sell_lots),
        buy_volume=step(bar.buy_lots) if has_sides else UNDEFINED,
        sell_volume=step(bar.sell_lots) if has_sides else UNDEFINED,
        trades=float(bar.buy_trades + bar.sell_trades) if has_sides else UNDEFINED,
        vwap=price(bar.tick_lots / lots) if lots else price(bar.close_ticks),
        previous_close=previous_close,
    )
