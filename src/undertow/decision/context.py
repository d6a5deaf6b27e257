"""What a strategy sees: everything it needs to decide, nothing it can change but its own state."""

import math
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, TypeVar, cast

import msgspec

from undertow.decision.decision import Decision
from undertow.decision.indicator_set import IndicatorSet
from undertow.domain.errors import StrategyFault
from undertow.domain.fixed import power_of_ten
from undertow.domain.identity import DecisionId, StrategyId
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.intent import Action, Signal, Verdict
from undertow.domain.position import PositionView
from undertow.domain.side import Side
from undertow.domain.trail import Trail

if TYPE_CHECKING:  # strategies are listed without loading the compiled flow
    from undertow.flow.asset_flow import AssetFlow
    from undertow.flow.flow_state import FlowState
    from undertow.flow.instrument_flow import InstrumentFlow

Computed = TypeVar("Computed")

_GRID_TOLERANCE = 1e-6
"""A price this near to a tick, in ticks, is that tick: floats of decimal prices are never exact."""


class Context:
    """The state of one instrument at the instant of an evaluation, for one strategy.

    Made anew for each evaluation: a strategy must not keep it, and cannot set anything of it.
    """

    __slots__ = (
        "_cache",
        "_flow",
        "_flow_state",
        "_index",
        "_indicators",
        "_now_ns",
        "_position",
        "_state",
        "_strategy",
    )

    def __init__(
        self,
        strategy: StrategyId,
        flow_state: "FlowState",
        index: int,
        *,
        now_ns: int,
        indicators: IndicatorSet,
        position: PositionView | None = None,
        state: msgspec.Struct | None = None,
        cache: dict[Hashable, tuple[int, object]] | None = None,
    ) -> None:
        self._strategy = strategy
        self._flow_state = flow_state
        self._index = index
        self._flow = flow_state[index]
        self._now_ns = now_ns
        self._indicators = indicators
        self._position = position
        self._state = state
        self._cache: dict[Hashable, tuple[int, object]] = {} if cache is None else cache

    @property
    def strategy(self) -> StrategyId:
        """Id of the strategy that is asked."""
        return self._strategy

    @property
    def now_ns(self) -> int:
        """The engine's time."""
        return self._now_ns

    @property
    def index(self) -> int:
        """The instrument's place in the run's table."""
        return self._index

    @property
    def instrument(self) -> Instrument:
        """What is traded."""
        return self._flow.instrument

    @property
    def flow(self) -> "InstrumentFlow":
        """The instrument's order flow at this instant."""
        return self._flow

    @property
    def position(self) -> PositionView | None:
        """This strategy's open position here, None when flat."""
        return self._position

    @property
    def state(self) -> msgspec.Struct | None:
        """What the strategy remembers about this instrument: the one thing that it may change."""
        return self._state

    def __getitem__(self, name: str) -> float:
        """The last value of a declared indicator; NaN while it warms up."""
        return self._indicators.value(name)

    def past(self, name: str, bars_ago: int) -> float:
        """The value of a declared indicator up to 15 bars ago; NaN where it was undefined."""
        return self._indicators.value(name, bars_ago)

    def cross(self, first: str, second: str, *, within: int = 1) -> Side | None:
        """Which way `first` last crossed `second` during the last `within` bars.

        BUY: it was at or below and is now above; SELL: it was at or above and is now below. None
        when there was no crossing or a value is undefined.
        """
        value = self._indicators.value
        for ago in range(within):
            before = value(first, ago + 1) - value(second, ago + 1)
            after = value(first, ago) - value(second, ago)
            if before <= 0.0 < after:
                return Side.BUY
            if before >= 0.0 > after:
                return Side.SELL
        return None

    @property
    def asset(self) -> "AssetFlow":
        """The flow of the same base coin over all venues."""
        return self._flow_state.asset(self.instrument.base)

    @property
    def price(self) -> float:
        """The last trade price in quote units; 0 before the first trade."""
        return self.flow.last_price

    @property
    def tick_size(self) -> float:
        """One tick in quote units."""
        step = self.instrument.price_step
        return step.coefficient / power_of_ten(step.digits)

    @property
    def can_short(self) -> bool:
        """True where a short position can be opened: on derivatives."""
        return self.instrument.kind is not MarketKind.SPOT

    def can_enter(self, side: Side) -> bool:
        """True when this strategy is flat here, the side is possible and the feed is healthy."""
        is_allowed = side is Side.BUY or self.can_short
        return is_allowed and self.position is None and self.flow.is_healthy

    def enter(
        self,
        side: Side,
        *,
        stop: float | None = None,
        take_profit: float = 0.0,
        trail_ppm: int = 0,
        trail: Trail | None = None,
        reason: str = "entry",
        confidence: float = 0.0,
        score: float = 0.0,
        rank: float = 0.0,
        tag: str = "",
        verdicts: tuple[Verdict, ...] = (),
    ) -> Signal:
        """Ask for a position. `stop` and `take_profit` are prices in quote units.

        The stop is mandatory (RISK-48): risk refuses an entry without one, but in a research
        backtest. It is rounded toward the price, so that it is never farther than asked; a
        take-profit of 0 means that exits are dynamic. Raises `StrategyFault` when the stop is
        undefined or not on the losing side of the last price.
        """
        stop_ticks = 0 if stop is None else self._stop_ticks(side, stop)
        return Signal(
            strategy=self.strategy,
            instrument_id=self.instrument.instrument_id,
            action=Action.ENTER,
            side=side,
            reason=reason,
            confidence=confidence,
            score=score,
            rank=rank,
            entry_ticks=self.flow.last_ticks,
            stop_ticks=stop_ticks,
            take_profit_ticks=round(take_profit / self.tick_size) if take_profit else 0,
            trail_ppm=trail_ppm,
            tag=tag,
            verdicts=verdicts,
            trail=trail,
        )

    def exit(self, reason: str, *, verdicts: tuple[Verdict, ...] = ()) -> Signal:
        """Ask to close this strategy's position here; raises `StrategyFault` when there is none."""
        return self._about_position(Action.EXIT, reason, 0, verdicts)

    def tighten(self, trail_ppm: int, reason: str, *, verdicts: tuple[Verdict, ...] = ()) -> Signal:
        """Ask to narrow the trailing distance of this strategy's position."""
        return self._about_position(Action.TIGHTEN, reason, trail_ppm, verdicts)

    def move_stop(self, price: float, reason: str, *, verdicts: tuple[Verdict, ...] = ()) -> Signal:
        """Ask to bring the stop of this strategy's position nearer to profit; a price farther away
        than the stop that stands changes nothing. Raises `StrategyFault` without a position, or
        when the price is undefined or not on the losing side of the last price.
        """
        asked = self._about_position(Action.TIGHTEN, reason, 0, verdicts)
        return msgspec.structs.replace(asked, stop_ticks=self._stop_ticks(asked.side, price))

    def decide(
        self,
        outcome: str,
        verdicts: tuple[Verdict, ...],
        *,
        side: int = 0,
        score: float = 0.0,
        inputs: dict[str, float] | None = None,
        signal: Signal | None = None,
    ) -> Decision:
        """A decision to return; the host gives it its id."""
        return Decision(
            DecisionId(""),
            self.strategy,
            self.instrument.instrument_id,
            outcome,
            side,
            score,
            verdicts,
            inputs or {},
            signal,
        )

    def cached(self, key: Hashable, timeframe_s: int, compute: Callable[[], Computed]) -> Computed:
        """What `compute` gives, computed once per closed bar of that timeframe.

        `compute` must be a pure function of closed bars of that timeframe (and of constants): only
        then does it give the same after a restart, because cached answers are not saved.
        """
        count = self.flow.bar_count(timeframe_s)
        kept = self._cache.get(key)
        if kept is not None and kept[0] == count:
            return cast(Computed, kept[1])
        answer = compute()
        self._cache[key] = (count, answer)
        return answer

    def indicator_values(self) -> dict[str, float]:
        """The last value of every declared indicator, NaN while undefined."""
        return self._indicators.latest()

    def _stop_ticks(self, side: Side, stop: float) -> int:
        last = self.flow.last_ticks
        if not math.isfinite(stop) or stop <= 0.0:
            raise StrategyFault(f"expected an entry with a stop price above 0, found {stop}")
        asked = stop / self.tick_size
        if side * (last - asked) < -_GRID_TOLERANCE:
            raise StrategyFault(
                f"expected the stop of a {side.name} position at {self.price} on its losing side, "
                f"found {stop}"
            )
        ticks = ticks_toward(asked, side)
        # Rounding may reach the price itself; the least distance there is, is one tick.
        return ticks if side * (last - ticks) > 0 else last - side

    def _about_position(
        self, action: Action, reason: str, trail_ppm: int, verdicts: tuple[Verdict, ...]
    ) -> Signal:
        if self.position is None:
            raise StrategyFault(f"expected an open position to {action}, found none")
        return Signal(
            strategy=self.strategy,
            instrument_id=self.instrument.instrument_id,
            action=action,
            side=self.position.side,
            reason=reason,
            confidence=1.0,
            entry_ticks=self.flow.last_ticks,
            trail_ppm=trail_ppm,
            verdicts=verdicts,
        )


def ticks_toward(ticks: float, side: Side) -> int:
    """Fractional ticks of a stop as whole ones, toward the position: a long's stop up."""
    nearest = round(ticks)
    if abs(ticks - nearest) < _GRID_TOLERANCE:
        return nearest
    return math.ceil(ticks) if side is Side.BUY else math.floor(ticks)
