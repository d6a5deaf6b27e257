"""The context of a bar that the flow has run ahead of: everything is read at that bar.

Indicators, the last price and the position are known without the flow being there. Whoever asks for
more (the flow itself, the asset, an entry) makes it go back to that bar first; from then on it is
an ordinary context.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from undertow.decision.context import Context
from undertow.decision.indicator_set import DEPTH, UNDEFINED
from undertow.domain.intent import Signal
from undertow.domain.position import PositionView
from undertow.domain.side import Side

if TYPE_CHECKING:
    from undertow.flow.asset_flow import AssetFlow
    from undertow.flow.instrument_flow import InstrumentFlow


class ForeseenPosition:
    """A position as it will be seen at a bar: worked out when somebody looks at it."""

    __slots__ = ("_make", "_view")

    def __init__(self, make: Callable[[], PositionView]) -> None:
        self._make = make
        self._view: PositionView | None = None

    def __getattr__(self, name: str) -> Any:
        if self._view is None:
            self._view = self._make()
        return getattr(self._view, name)


class ForeseenContext(Context):
    """at: place of the bar in `series`, the values of each name, oldest first. last_ticks: at that
    bar. go_there: brings the flow to it and gives the position.
    """

    __slots__ = ("at", "go_there", "held", "is_there", "last_ticks", "series", "time_of")

    def prepare(
        self,
        series: dict[str, list[float]],
        go_there: Callable[[], PositionView | None],
        time_of: Callable[[], int],
        held: Callable[[], PositionView] | None,
    ) -> None:
        """For a stretch of bars. held: makes the position's view, None when flat."""
        self.series = series
        self.go_there = go_there
        self.time_of = time_of
        self.held = held
        self.is_there = False
        self.at = 0
        self.last_ticks = 0

    @property
    def now_ns(self) -> int:
        """The engine's time at that bar."""
        return self._now_ns if self.is_there else self.time_of()

    @property
    def flow(self) -> "InstrumentFlow":
        """The instrument's order flow at that bar."""
        self._arrive()
        return self._flow

    @property
    def asset(self) -> "AssetFlow":
        """The flow of the same base coin over all venues."""
        self._arrive()
        return super().asset

    @property
    def price(self) -> float:
        """The last price at that bar."""
        return self.last_ticks * self.instrument.price_float(1)

    @property
    def position(self) -> PositionView | None:
        """This strategy's open position here, None when flat."""
        if self.is_there or self.held is None:
            return self._position
        view: Any = ForeseenPosition(self.held)
        return view  # type: ignore[no-any-return]

    def __getitem__(self, name: str) -> float:
        """The value of a declared indicator at that bar."""
        values = self.series.get(name)
        if values is None:
            return self._indicators.value(name)  # says what is declared
        return values[self.at]

    def past(self, name: str, bars_ago: int) -> float:
        """The value up to 15 bars before."""
        values = self.series.get(name)
        if values is None or not 0 <= bars_ago < DEPTH:
            return self._indicators.value(name, bars_ago)
        place = self.at - bars_ago
        return values[place] if place >= 0 else UNDEFINED

    def enter(self, side: Side, **wishes: Any) -> Signal:
        """Ask for a position; see `Context.enter`."""
        self._arrive()
        return super().enter(side, **wishes)

    def indicator_values(self) -> dict[str, float]:
        """The last value of every declared indicator."""
        self._arrive()
        return super().indicator_values()

    def _arrive(self) -> None:
        if not self.is_there:
            time_ns = self.time_of()
            self._position = self.go_there()
            self._now_ns = time_ns
            self.is_there = True
