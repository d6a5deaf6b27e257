"""Closed bars of one instrument as columns, with declared indicators by name."""

from collections.abc import Callable, Mapping
from typing import Final, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.decision.timeframe import timeframe_seconds
from undertow.domain.bar import bar_open_s
from undertow.domain.errors import CallerError, ConfigurationError, UnknownNameError
from undertow.domain.suggestion import did_you_mean
from undertow.domain.time import NS_PER_S
from undertow.indicators.indicator import Column, Indicator

PRICES: Final = ("open", "high", "low", "close")
_SUMS: Final = ("volume", "buy_volume", "sell_volume", "trades")


def _log_return(columns: Mapping[str, Column]) -> Column:
    close = columns["close"]
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.log(close[1:] / close[:-1])
    return np.concatenate([[np.nan], change])[: len(close)]


_MADE: Final[Mapping[str, Callable[[Mapping[str, Column]], Column]]] = {
    "hl2": lambda of: (of["high"] + of["low"]) / 2.0,
    "hlc3": lambda of: (of["high"] + of["low"] + of["close"]) / 3.0,
    "delta": lambda of: of["buy_volume"] - of["sell_volume"],
    "log_return": _log_return,
}


class BarColumns:
    """Bars of one length, oldest first, closed ones only; prices in quote units.

    `bars.close` or `bars.column("close")` is a column, `bars["fast"]` a declared indicator of the
    strategy at each bar's close, NaN while undefined; `bars["macd.signal"]` another output of one.
    An indicator on another timeframe, declared as "trend@15m", has at each bar the value that a
    handler would see there: of longer bars, those that closed before this one did.
    """

    __slots__ = ("_computed", "_declared", "_other", "columns", "open_time_ns", "timeframe_s")

    def __init__(
        self, open_time_ns: ArrayLike, columns: Mapping[str, ArrayLike], timeframe: str = "1m"
    ) -> None:
        """open_time_ns: shape (n,), rising. columns: open, high, low, close, and further ones.

        Raises `CallerError` for columns that cannot be bars.
        """
        self.timeframe_s = timeframe_seconds(timeframe)
        self.open_time_ns = np.ascontiguousarray(open_time_ns, np.int64)
        self.columns: dict[str, Column] = {
            name: np.ascontiguousarray(column, np.float64) for name, column in columns.items()
        }
        self._declared: Mapping[str, Indicator] = {}
        self._computed: dict[tuple[object, ...], Column] = {}
        self._other: dict[int, BarColumns] = {}
        self._check()

    def __len__(self) -> int:
        return len(self.open_time_ns)

    def __getattr__(self, name: str) -> Column:
        # Only names that are no attribute come here.
        if name.startswith("_"):
            raise AttributeError(name)
        return self.column(name)

    def __getitem__(self, name: str) -> Column:
        """A declared indicator; raises `UnknownNameError` with the nearest name."""
        word, _, output = name.partition(".")
        indicator = self._declared.get(word)
        outputs = indicator.outputs if indicator else ()
        if indicator is None or (output or outputs[0]) not in outputs:
            known = [
                f"{each}.{one}" if place else each
                for each, declared in self._declared.items()
                for place, one in enumerate(declared.outputs)
            ]
            raise UnknownNameError(
                f"expected a declared indicator, found {name!r};{did_you_mean(name, known)}"
            )
        return self._value(word, indicator, output or outputs[0])

    @property
    def close_time_ns(self) -> NDArray[np.int64]:
        """When each bar was known."""
        return self.open_time_ns + self.timeframe_s * NS_PER_S

    def column(self, name: str) -> Column:
        """A column of the bars, or made of them; raises `UnknownNameError` for one not there."""
        if name in self.columns:
            return self.columns[name]
        make = _MADE.get(name)
        if make is None:
            known = [*self.columns, *_MADE]
            raise UnknownNameError(
                f"expected a column of the bars, found {name!r};{did_you_mean(name, known)}"
            )
        try:
            self.columns[name] = make(self.columns)
        except KeyError as missing:
            raise UnknownNameError(f"expected bars with {missing} for {name!r}") from missing
        return self.columns[name]

    def declare(self, declared: Mapping[str, Indicator]) -> Self:
        """The same bars for a strategy with these indicators.

        What was computed is shared between all of them: an indicator with the same parameters is
        computed once, however many strategies declare it.
        """
        twin = self._empty()
        twin._declared = declared
        return twin

    def head(self, count: int) -> "BarColumns":
        """The first `count` bars, nothing computed: what was known at the last one's close."""
        part = self._empty()
        part.open_time_ns = self.open_time_ns[:count]
        made = {name: column[:count] for name, column in self.columns.items() if name not in _MADE}
        part.columns = made
        part._computed, part._other = {}, {}
        part._declared = self._declared
        return part

    def resampled(self, timeframe_s: int) -> "BarColumns":
        """Bars of a multiple of these, by stretches of the clock; the last only when it is over.

        A stretch with missing bars is made of those there are, as the engine does it. Raises
        `ConfigurationError` when the length is no multiple.
        """
        if timeframe_s == self.timeframe_s:
            return self
        if timeframe_s not in self._other:
            self._other[timeframe_s] = self._merged(timeframe_s)
        return self._other[timeframe_s]

    def last_of(self, longer: "BarColumns") -> NDArray[np.int64]:
        """For each longer bar, the place of the last of these bars inside it."""
        found = np.searchsorted(self.close_time_ns, longer.close_time_ns, side="right") - 1
        return np.asarray(found, np.int64)

    def _empty(self) -> Self:
        twin = object.__new__(type(self))
        twin.timeframe_s = self.timeframe_s
        twin.open_time_ns = self.open_time_ns
        twin.columns = self.columns
        twin._declared = self._declared
        twin._computed = self._computed
        twin._other = self._other
        return twin

    def _value(self, name: str, indicator: Indicator, output: str) -> Column:
        _, at, other = name.partition("@")
        timeframe_s = timeframe_seconds(other) if at else self.timeframe_s
        settings = getattr(indicator, "settings", None)
        # Without settings to compare, an indicator is only the same as itself.
        parameters: object = indicator if settings is None else tuple(settings.items())
        key = (indicator.name, parameters, timeframe_s)
        if (*key, output) not in self._computed:
            source = self if timeframe_s == self.timeframe_s else self.resampled(timeframe_s)
            inputs = [source.column(word) for word in indicator.inputs]
            for one, column in indicator.fresh().batch(*inputs).items():
                self._computed[*key, one] = self._aligned(source, column)
        return self._computed[*key, output]

    def _aligned(self, source: "BarColumns", column: Column) -> Column:
        if source.timeframe_s == self.timeframe_s:
            return column
        place = np.searchsorted(source.close_time_ns, self.close_time_ns, side="left") - 1
        found = np.where(place >= 0, column[np.maximum(place, 0)], np.nan) if len(column) else None
        return np.full(len(self), np.nan) if found is None else np.asarray(found, np.float64)

    def _merged(self, timeframe_s: int) -> "BarColumns":
        if timeframe_s % self.timeframe_s:
            raise ConfigurationError(
                f"expected a multiple of the bars' {self.timeframe_s} s, found {timeframe_s} s"
            )
        origin_ns = bar_open_s(0, timeframe_s) * NS_PER_S
        stretch = (self.open_time_ns - origin_ns) // (timeframe_s * NS_PER_S)
        first = np.flatnonzero(np.diff(stretch, prepend=stretch[:1] - 1))
        last = np.append(first[1:], len(stretch)) - 1
        opens_ns = stretch[first] * timeframe_s * NS_PER_S + origin_ns
        is_over = self.close_time_ns[last] >= opens_ns + timeframe_s * NS_PER_S
        is_over[:-1] = True
        made: dict[str, Column] = {
            "open": self.columns["open"][first],
            "high": np.maximum.reduceat(self.columns["high"], first),
            "low": np.minimum.reduceat(self.columns["low"], first),
            "close": self.columns["close"][last],
        }
        for name in _SUMS:
            if name in self.columns:
                made[name] = np.add.reduceat(self.columns[name], first)
        longer = self._empty()
        longer.timeframe_s = timeframe_s
        longer.open_time_ns = opens_ns[is_over]
        longer.columns = {name: column[is_over] for name, column in made.items()}
        longer._declared, longer._computed, longer._other = {}, {}, {}
        return longer

    def _check(self) -> None:
        missing = [name for name in PRICES if name not in self.columns]
        lengths = {len(self.open_time_ns), *map(len, self.columns.values())}
        if missing or len(lengths) != 1:
            raise CallerError(
                f"expected columns {', '.join(PRICES)} of one length, "
                f"found {', '.join(self.columns)} of lengths {sorted(lengths)}"
            )
        if len(self) and not (np.diff(self.open_time_ns) >= self.timeframe_s * NS_PER_S).all():
            raise CallerError(
                f"expected bars by rising open time, {self.timeframe_s} s apart or more, "
                "found two that overlap"
            )
        high, low = self.columns["high"], self.columns["low"]
        open_, close = self.columns["open"], self.columns["close"]
        is_bar = (low > 0.0) & (low <= open_) & (low <= close) & (high >= open_) & (high >= close)
        if not is_bar.all():
            place = int(np.argmin(is_bar))
            found = [float(self.columns[name][place]) for name in PRICES]
            raise CallerError(
                "expected 0 < low <= open, close <= high in every bar, "
                f"found open, high, low, close {found} in bar {place}"
            )
