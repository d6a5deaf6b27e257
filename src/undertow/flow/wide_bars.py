"""Bars of lengths that the flow's rings do not keep, made of those that they do or of given ones.

They exist only where somebody subscribed, beside the rings, because memory for every length of
every instrument would be too much. A wide bar is the merger of its closed parts (1m bars for 3m,
15m bars for the others, or recorded bars of a length that divides it); a part that is missing is
not invented. The first part decides of which length the parts of that series are.
"""

from collections.abc import Iterable

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.bar import BAR, TIMEFRAME_NAMES, TIMEFRAMES_S, Bar, bar_open_s
from undertow.domain.errors import ConfigurationError
from undertow.domain.time import NS_PER_S

KEPT = 512
"""Closed bars kept of each series."""

Numbers = tuple[int, int, int, int, int, int, int, int, int, float]
"""The columns of a `BAR` row."""

Key = tuple[int, int]
"""Instrument index and length in seconds."""


class _Series(msgspec.Struct):
    part_s: int = 0
    count: int = 0
    forming: Numbers | None = None
    kept: list[Numbers] = []


class WideBars:
    """The wide bars of a flow state, by instrument and length."""

    def __init__(self) -> None:
        self._series: dict[Key, _Series] = {}
        self._of_instrument: dict[int, list[int]] = {}

    def subscribe(self, index: int, timeframe_s: int) -> int:
        """Make bars of a length from now on; returns the length of the parts they need."""
        if timeframe_s not in TIMEFRAME_NAMES or timeframe_s in TIMEFRAMES_S:
            raise ConfigurationError(
                f"expected a timeframe of {sorted(TIMEFRAME_NAMES)} seconds, found {timeframe_s}"
            )
        if (index, timeframe_s) not in self._series:
            self._series[index, timeframe_s] = _Series()
            lengths = self._of_instrument.setdefault(index, [])
            lengths.append(timeframe_s)
            lengths.sort()
        return 60 if timeframe_s % 900 else 900

    @property
    def is_empty(self) -> bool:
        """Whether nobody subscribed to any."""
        return not self._series

    def has(self, index: int, timeframe_s: int) -> bool:
        """Whether bars of that length are made of an instrument."""
        return (index, timeframe_s) in self._series

    def take(self, part: Bar) -> list[Bar]:
        """Let a closed bar be part of the wider ones; returns those that closed, shortest first."""
        closed: list[Bar] = []
        for timeframe_s in self._of_instrument.get(part.instrument, ()):
            if timeframe_s % part.timeframe_s == 0 and _is_part(timeframe_s, part.timeframe_s):
                closed += self._merge(self._series[part.instrument, timeframe_s], timeframe_s, part)
        return closed

    def bars(self, index: int, timeframe_s: int, count: int) -> NDArray[np.void]:
        """The last closed bars, `BAR`, oldest first; at most `KEPT`."""
        kept = self._series[index, timeframe_s].kept
        taken = min(max(count, 0), len(kept))
        return np.array(kept[len(kept) - taken :], BAR)

    def bar_count(self, index: int, timeframe_s: int) -> int:
        """Bars of that length closed so far, ever."""
        return self._series[index, timeframe_s].count

    def snapshot(self) -> bytes:
        """Every series."""
        rows = [(key, one) for key, one in sorted(self._series.items())]
        return msgspec.msgpack.encode(rows)

    def restore(self, data: bytes) -> None:
        """Go on from a snapshot; series that nobody subscribed to any more are left out."""
        for key in self._series:
            self._series[key] = _Series()
        rows = msgspec.msgpack.decode(data, type=list[tuple[Key, _Series]]) if data else []
        for key, one in rows:
            if key in self._series:
                self._series[key] = one

    def _merge(self, series: _Series, timeframe_s: int, part: Bar) -> list[Bar]:
        series.part_s = series.part_s or part.timeframe_s
        if series.part_s != part.timeframe_s:
            return []
        part_open_s = part.open_time_ns // NS_PER_S
        opened_s = bar_open_s(part_open_s, timeframe_s)
        closed: list[Bar] = []
        if part.timeframe_s == timeframe_s:
            opened_s = part_open_s  # given as it is, wherever its venue lets a day begin
        forming = series.forming
        if forming is not None and forming[0] != opened_s * NS_PER_S:
            closed.append(_close(series, part.instrument, timeframe_s))
            forming = None
        series.forming = _joined(forming, opened_s * NS_PER_S, part)
        if part_open_s + part.timeframe_s >= opened_s + timeframe_s:
            closed.append(_close(series, part.instrument, timeframe_s))
        return closed


def _is_part(timeframe_s: int, part_s: int) -> bool:
    # Of the lengths kept in rings only one serves; any given one does.
    return part_s not in TIMEFRAMES_S or part_s == (60 if timeframe_s % 900 else 900)


def _close(series: _Series, index: int, timeframe_s: int) -> Bar:
    numbers = series.forming
    assert numbers is not None, "a bar closes after its first part"
    series.forming = None
    series.kept.append(numbers)
    if len(series.kept) > KEPT:
        del series.kept[0]
    series.count += 1
    return Bar(index, timeframe_s, *numbers)


def _joined(forming: Numbers | None, open_time_ns: int, part: Bar) -> Numbers:
    prices = (part.open_ticks, part.high_ticks, part.low_ticks, part.close_ticks)
    sums = (part.buy_lots, part.sell_lots, part.buy_trades, part.sell_trades)
    if forming is None:
        return (open_time_ns, *prices, *sums, part.tick_lots)
    if part.buy_trades + part.sell_trades == 0:
        return forming
    if forming[7] + forming[8] == 0:
        return (open_time_ns, *prices, *sums, part.tick_lots)
    return (
        open_time_ns,
        forming[1],
        max(forming[2], part.high_ticks),
        min(forming[3], part.low_ticks),
        part.close_ticks,
        forming[5] + part.buy_lots,
        forming[6] + part.sell_lots,
        forming[7] + part.buy_trades,
        forming[8] + part.sell_trades,
        forming[9] + part.tick_lots,
    )


def only(bars: Iterable[Bar], wanted: frozenset[Key] | set[Key]) -> list[Bar]:
    """Those of the wanted instruments and lengths."""
    return [bar for bar in bars if (bar.instrument, bar.timeframe_s) in wanted]
