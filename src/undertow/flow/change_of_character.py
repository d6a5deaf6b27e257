"""Change of character: a close beyond the last significant higher low or lower high (FLOW-34).

An up structure begins with two rising significant highs and two rising significant lows; its level
is the last higher low. A close under the level turns it over: a bearish change of character (CHOCH)
and a down structure, whose level is the last significant high, then the last lower high. A close
beyond the structure's own newest extreme continues it. All of it mirrored. Closed bars only and
swing points only once confirmed: a break is known at the close that made it and never changes.

A swing point is significant when its leg, from the swing point of the other side before it, is at
least `least_leg` mean true ranges. The first structure depends on where the bars begin; whoever
looks at bars through a sliding window keeps a `StructureTracker`, which reads each bar once.
"""

from collections import deque

import msgspec

from undertow.domain.errors import CallerError
from undertow.flow.bar_length import bar_length_ns
from undertow.flow.flow_view import Bars


class StructureRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """swing_strength: bars on each side of a swing point. least_leg: in mean true ranges of the
    last `range_period` bars. closes: closes in a row beyond the level that make a change.
    """

    swing_strength: int = 2
    least_leg: float = 1.0
    range_period: int = 14
    closes: int = 1

    def __post_init__(self) -> None:
        if min(self.swing_strength, self.range_period, self.closes) < 1:
            raise CallerError(
                "expected swing_strength, range_period and closes of at least 1, found"
                f" {self.swing_strength}, {self.range_period} and {self.closes}"
            )
        if not self.least_leg >= 0.0:
            raise CallerError(f"expected a least_leg of 0 or more, found {self.least_leg}")


DEFAULT_STRUCTURE = StructureRules()


class StructureBreak(msgspec.Struct, frozen=True, gc=False):
    """side: where the close went, +1 up, -1 down. is_change: against the structure (CHOCH), else
    along it. level_ns: open time of the swing point's bar; known_ns: close of the bar that broke.
    """

    side: int
    is_change: bool
    level_ticks: int
    level_ns: int
    close_ticks: int
    known_ns: int


class Structure(msgspec.Struct, frozen=True):
    """trend: +1 up, -1 down, 0 none yet. level_ticks: a close beyond it changes the trend.
    extreme_ticks: a close beyond it continues the trend. Either is None while there is none.
    last_break: the newest; age_bars: bars since it, 0 on its own bar, -1 without one.
    """

    trend: int
    level_ticks: int | None
    extreme_ticks: int | None
    last_break: StructureBreak | None
    age_bars: int


class _Point(msgspec.Struct, frozen=True, gc=False):
    ticks: int
    open_time_ns: int


class StructureTracker:
    """The structure, bar by bar: every closed bar once, in order."""

    def __init__(self, length_ns: int, rules: StructureRules = DEFAULT_STRUCTURE) -> None:
        if length_ns < 1:
            raise CallerError(f"expected bars of at least 1 ns, found {length_ns}")
        self._length_ns, self._rules = length_ns, rules
        self._bars: deque[tuple[int, int, int]] = deque(maxlen=2 * rules.swing_strength + 1)
        self._ranges: deque[int] = deque(maxlen=rules.range_period)
        self._close: int | None = None
        # Newest swing point and last two significant ones, by side (+1 highs, -1 lows).
        self._newest: dict[int, _Point] = {}
        self._points: dict[int, tuple[_Point, ...]] = {1: (), -1: ()}
        self._trend = 0
        self._level: _Point | None = None
        self._has_own_level = False
        self._extreme: _Point | None = None
        self._beyond = 0
        self._last: StructureBreak | None = None
        self._age = -1

    @property
    def structure(self) -> Structure:
        """As of the last bar."""
        return Structure(
            trend=self._trend,
            level_ticks=self._level.ticks if self._level else None,
            extreme_ticks=self._extreme.ticks if self._extreme else None,
            last_break=self._last,
            age_bars=self._age,
        )

    def on_bar(self, open_time_ns: int, high: int, low: int, close: int) -> StructureBreak | None:
        """Read the next closed bar (prices in ticks); the break that its close made, if any."""
        before = close if self._close is None else self._close
        self._ranges.append(max(high, before) - min(low, before))
        self._bars.append((open_time_ns, high, low))
        self._close = close
        self._age += self._last is not None
        # A close is judged by what was confirmed before it.
        found = self._judge(close, open_time_ns + self._length_ns)
        if found is not None:
            self._last, self._age = found, 0
        self._confirm()
        return found

    def _judge(self, close: int, known_ns: int) -> StructureBreak | None:
        trend, level, extreme = self._trend, self._level, self._extreme
        if level is not None:
            self._beyond = self._beyond + 1 if trend * (close - level.ticks) < 0 else 0
            if self._beyond >= self._rules.closes:
                self._turn_over()
                return _break(-trend, level, close, known_ns, is_change=True)
        if extreme is not None and trend * (close - extreme.ticks) > 0:
            self._extreme = None
            return _break(trend, extreme, close, known_ns, is_change=False)
        return None

    def _turn_over(self) -> None:
        # An established structure has significant points on both sides, so there is a level.
        self._level = self._points[self._trend][-1]
        self._has_own_level = False
        self._trend = -self._trend
        self._extreme = None
        self._beyond = 0

    def _confirm(self) -> None:
        strength = self._rules.swing_strength
        if len(self._bars) < 2 * strength + 1:
            return
        bars = list(self._bars)
        time_ns = bars[strength][0]
        for side, column in ((1, 1), (-1, 2)):
            values = [side * bar[column] for bar in bars]
            centre = values[strength]
            if max(values[:strength]) < centre >= max(values[strength + 1 :]):
                self._on_swing(side, _Point(side * centre, time_ns))

    def _on_swing(self, side: int, point: _Point) -> None:
        start = self._newest.get(-side)
        self._newest[side] = point
        if start is None:
            return
        leg = side * (point.ticks - start.ticks)
        if leg * len(self._ranges) < self._rules.least_leg * sum(self._ranges):
            return
        before = self._points[side][-1:]
        self._points[side] = (*before, point)
        if self._trend == 0:
            self._establish()
        elif side == self._trend:
            if self._extreme is None or side * (point.ticks - self._extreme.ticks) > 0:
                self._extreme = point
        else:
            self._follow(point, before[0])

    def _follow(self, point: _Point, before: _Point) -> None:
        # A higher low of an up structure moves its level; before the first, any low does.
        is_with_trend = self._trend * (point.ticks - before.ticks) > 0
        if is_with_trend or not self._has_own_level:
            self._level = point
            self._has_own_level = is_with_trend
            self._beyond = 0

    def _establish(self) -> None:
        highs, lows = self._points[1], self._points[-1]
        if len(highs) < 2 or len(lows) < 2:
            return
        high, low = highs[1].ticks - highs[0].ticks, lows[1].ticks - lows[0].ticks
        if high * low > 0:
            self._trend = 1 if high > 0 else -1
            self._level = self._points[-self._trend][-1]
            self._extreme = self._points[self._trend][-1]
            self._has_own_level = True


def _break(
    side: int, level: _Point, close: int, known_ns: int, *, is_change: bool
) -> StructureBreak:
    return StructureBreak(side, is_change, level.ticks, level.open_time_ns, close, known_ns)


def structure_breaks(
    bars: Bars, rules: StructureRules = DEFAULT_STRUCTURE
) -> tuple[StructureBreak, ...]:
    """Every break of the bars, oldest first; none with fewer than 2 bars."""
    return _read(bars, rules)[1]


def change_of_character(bars: Bars, rules: StructureRules = DEFAULT_STRUCTURE) -> Structure:
    """The structure after the last of the bars, read from their first."""
    return _read(bars, rules)[0]


def _read(bars: Bars, rules: StructureRules) -> tuple[Structure, tuple[StructureBreak, ...]]:
    if len(bars) < 2:
        return Structure(0, None, None, None, -1), ()
    tracker = StructureTracker(bar_length_ns(bars), rules)
    names = ("open_time_ns", "high_ticks", "low_ticks", "close_ticks")
    rows = zip(*(bars[name].tolist() for name in names), strict=True)
    breaks = tuple(found for row in rows if (found := tracker.on_bar(*row)) is not None)
    return tracker.structure, breaks
