"""The streaming indicators of one strategy on one instrument.

A strategy declares names: "fast" runs on the strategy's own timeframe, "trend@15m" on another one.
Each indicator says which inputs it takes from a bar; prices are in quote units, volumes in the
instrument's own units (coins or contracts). Values of the last `DEPTH` bars are kept, so that a
strategy can look back without state of its own.
"""

import math
from collections import deque
from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.decision.timeframe import timeframe_seconds
from undertow.domain.bar import Bar
from undertow.domain.errors import ConfigurationError, UnknownNameError
from undertow.domain.fixed import Step, power_of_ten
from undertow.domain.instrument import Instrument
from undertow.domain.suggestion import did_you_mean
from undertow.indicators.compiled_indicator import CompiledIndicator
from undertow.indicators.indicator import Indicator

DEPTH = 16
"""Bars of history kept per value, the newest included."""

UNDEFINED = float("nan")


class BarNumbers:
    """A bar as floats in quote units and venue units, worked out where somebody asks.

    NaN: `previous_close` on the first bar, and bought and sold volume and trades where recorded
    bars do not tell them.
    """

    __slots__ = ("_bar", "_instrument", "close", "previous_close")

    def __init__(self, bar: Bar, instrument: Instrument, previous_close: float) -> None:
        self._bar = bar
        self._instrument = instrument
        self.close = instrument.price_float(bar.close_ticks)
        self.previous_close = previous_close

    @property
    def open(self) -> float:
        """First price."""
        return self._instrument.price_float(self._bar.open_ticks)

    @property
    def high(self) -> float:
        """Highest price."""
        return self._instrument.price_float(self._bar.high_ticks)

    @property
    def low(self) -> float:
        """Lowest price."""
        return self._instrument.price_float(self._bar.low_ticks)

    @property
    def volume(self) -> float:
        """Both sides together."""
        step = self._instrument.qty_step.float
        return step(self._bar.buy_lots) + step(self._bar.sell_lots)

    @property
    def buy_volume(self) -> float:
        """Bought by the aggressor."""
        bar = self._bar
        return self._instrument.qty_step.float(bar.buy_lots) if bar.has_sides else UNDEFINED

    @property
    def sell_volume(self) -> float:
        """Sold by the aggressor."""
        bar = self._bar
        return self._instrument.qty_step.float(bar.sell_lots) if bar.has_sides else UNDEFINED

    @property
    def delta(self) -> float:
        """Bought less sold."""
        return self.buy_volume - self.sell_volume

    @property
    def trades(self) -> float:
        """Number of trades."""
        bar = self._bar
        return float(bar.buy_trades + bar.sell_trades) if bar.has_sides else UNDEFINED

    @property
    def vwap(self) -> float:
        """Mean price by volume; the close of a bar without any."""
        lots = self._bar.volume_lots
        return self._instrument.price_float(self._bar.tick_lots / lots) if lots else self.close

    @property
    def hl2(self) -> float:
        """Middle of the range."""
        return (self.high + self.low) / 2.0

    @property
    def hlc3(self) -> float:
        """Typical price."""
        return (self.high + self.low + self.close) / 3.0

    @property
    def log_return(self) -> float:
        """Logarithm of close over previous close; NaN on the first bar."""
        if self.previous_close > 0.0 and self.close > 0.0:
            return math.log(self.close / self.previous_close)
        return UNDEFINED


INPUTS: Mapping[str, Callable[[BarNumbers], float]] = {
    name: attrgetter(name)
    for name in (
        "open", "high", "low", "close", "volume", "buy_volume", "sell_volume", "delta", "trades",
        "vwap", "hl2", "hlc3", "log_return",
    )
}  # fmt: skip
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
    __slots__ = ("first", "indicator", "others", "readers", "recent")

    def __init__(self, name: str, indicator: Indicator) -> None:
        self.indicator = indicator.fresh()
        unknown = [word for word in indicator.inputs if word not in INPUTS]
        if unknown:
            raise ConfigurationError(
                f"expected inputs of {', '.join(INPUTS)} for indicator {name!r}, "
                f"found {unknown[0]!r};{did_you_mean(unknown[0], INPUTS)}"
            )
        self.readers = tuple(INPUTS[word] for word in indicator.inputs)
        self.recent = {output: deque[float](maxlen=DEPTH) for output in indicator.outputs}
        (_, self.first), *self.others = self.recent.items()

    def update(self, numbers: BarNumbers) -> None:
        values = [read(numbers) for read in self.readers]
        for value in values:
            if value != value:
                return
        newest = self.indicator.update(*values)
        if newest != newest:
            # Also the answer to a number that is not finite, which changes nothing.
            newest = self.indicator.value(self.indicator.outputs[0])
        self.first.append(newest)
        for output, kept in self.others:
            kept.append(self.indicator.value(output))


FORESEEN_INPUTS = frozenset({"open", "high", "low", "close", "volume", "hl2", "hlc3"})
"""Inputs that are known of every bar."""


class ForeseenRun(NamedTuple):
    """One indicator over bars to come: what it is given, its outputs, the memory at the end."""

    series: _Series
    given: tuple[NDArray[np.float64], ...]
    out: NDArray[np.float64]
    memory: NDArray[np.float64]

    @property
    def indicator(self) -> CompiledIndicator:
        """The running indicator."""
        found = self.series.indicator
        assert isinstance(found, CompiledIndicator), "foreseen ones are compiled"
        return found


class ForeseenSeries(NamedTuple):
    """Values by name, the last `DEPTH` known ones first (NaN where there were fewer), then one for
    each bar to come. defined: bars before the first with an undefined indicator.
    """

    values: dict[str, list[float]]
    runs: list[ForeseenRun]
    closes: NDArray[np.float64]
    defined: int


def foreseen_columns(
    bars: NDArray[np.void], instrument: Instrument, words: frozenset[str]
) -> dict[str, NDArray[np.float64]]:
    """The numbers of `BarNumbers` for many bars, bit for bit: the close, and those of the words,
    which must be of `FORESEEN_INPUTS`.
    """
    needed = {"close", *words} | {part for word in words for part in _PARTS.get(word, ())}
    columns: dict[str, NDArray[np.float64]] = {
        name: _counted(bars[f"{name}_ticks"], instrument.price_step)
        for name in ("open", "high", "low", "close")
        if name in needed
    }
    if "volume" in needed:
        bought, sold = (_counted(bars[name], instrument.qty_step) for name in _SIDES)
        columns["volume"] = bought + sold
    if "hl2" in needed:
        columns["hl2"] = (columns["high"] + columns["low"]) / 2.0
    if "hlc3" in needed:
        columns["hlc3"] = (columns["high"] + columns["low"] + columns["close"]) / 3.0
    return columns


_PARTS = {"hl2": ("high", "low"), "hlc3": ("high", "low", "close")}
_SIDES = ("buy_lots", "sell_lots")


def _counted(counts: NDArray[np.int64], step: Step) -> NDArray[np.float64]:
    whole = counts if step.coefficient == 1 else counts * step.coefficient
    found: NDArray[np.float64] = whole / power_of_ten(step.digits)
    return found


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
        self._values: dict[str, deque[float]] = {}
        self._words: frozenset[str] | None = None
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
        numbers = BarNumbers(bar, instrument, close_before)
        self._closes[bar.timeframe_s] = numbers.close
        for series in running:
            series.update(numbers)

    @property
    def is_foreseeable(self) -> bool:
        """Whether all of them are compiled, on one timeframe, and take nothing but prices and
        volume: then `foresee` can say what many bars will make of them.
        """
        return len(self._by_timeframe) <= 1 and all(
            isinstance(one.indicator, CompiledIndicator)
            and set(one.indicator.inputs) <= FORESEEN_INPUTS
            for one in self._series.values()
        )

    def foresee(self, bars: NDArray[np.void], instrument: Instrument) -> "ForeseenSeries":
        """The values that closed bars (`BAR` rows) will give; nothing changes."""
        if self._words is None:
            self._words = frozenset(
                word for one in self._series.values() for word in one.indicator.inputs
            )
        columns = foreseen_columns(bars, instrument, self._words)
        series: dict[str, list[float]] = {}
        runs: list[ForeseenRun] = []
        defined = len(bars)
        for name, one in self._series.items():
            indicator = one.indicator
            assert isinstance(indicator, CompiledIndicator), "asked for what is foreseeable"
            given = tuple(columns[word] for word in indicator.inputs)
            out, memory = indicator.foresee(given)
            runs.append(ForeseenRun(one, given, out, memory))
            if out[0].sum() != out[0].sum():  # quicker than a look at each
                defined = min(defined, int(np.isnan(out[0]).argmax()))
            for place, (output, kept) in enumerate(one.recent.items()):
                values = [UNDEFINED] * (DEPTH - len(kept)) + [*kept, *out[place].tolist()]
                series[f"{name}.{output}"] = values
                if place == 0:
                    series[name] = values
        return ForeseenSeries(series, runs, columns["close"], defined)

    def go_to(self, foreseen: "ForeseenSeries", count: int) -> None:
        """Be where the first `count` of the foreseen bars lead."""
        if not count:
            return
        for run in foreseen.runs:
            out, memory = run.out, run.memory
            if count < out.shape[1]:
                given = tuple(np.ascontiguousarray(column[:count]) for column in run.given)
                out, memory = run.indicator.foresee(given)
            run.indicator.go_to(memory, out[:, -1])
            for place, kept in enumerate(run.series.recent.values()):
                kept.extend(out[place, -DEPTH:].tolist())
        for timeframe_s in self._by_timeframe:
            self._closes[timeframe_s] = float(foreseen.closes[count - 1])

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

    def undefined(self) -> list[str]:
        """Names of declared indicators whose first output is undefined."""
        return [
            name
            for name, series in self._series.items()
            if not series.first or series.first[-1] != series.first[-1]
        ]

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
                kept.clear()
                kept.extend(saved.recent[output])
