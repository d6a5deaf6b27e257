"""Where the protective stop of a position should be. It moves only toward profit (RISK-12, C-87).

Prices are ticks, distances parts per million. Rounding is toward the position, so that a stop is
never farther than asked.
"""

import msgspec

from undertow.domain.intent import Intent
from undertow.domain.side import Side
from undertow.domain.trail import Trail
from undertow.execution.execution_config import PPM, StrategyPolicy


class StopPlan(msgspec.Struct, frozen=True, gc=False):
    """side: of the position. initial_ticks: the stop it started with. extreme_ticks: best price
    since the entry. take_profit_ticks: 0 = none.
    """

    side: Side
    entry_ticks: int
    initial_ticks: int
    stop_ticks: int
    extreme_ticks: int
    trail: Trail
    take_profit_ticks: int

    @property
    def is_trailing(self) -> bool:
        """True once the stop has left its first place."""
        return self.stop_ticks != self.initial_ticks

    @property
    def gained_ppm(self) -> int:
        """What the best price has gained since the entry, rounded down."""
        return self.side * (self.extreme_ticks - self.entry_ticks) * PPM // self.entry_ticks

    @property
    def distance_ppm(self) -> int:
        """The trailing distance that holds now, 0 while the stop does not trail."""
        return self.trail.distance_at(self.gained_ppm)

    def at_extreme(self, extreme_ticks: int) -> "StopPlan":
        """The plan after the price was as good as this; a worse price changes nothing."""
        best = tighter(self.side, self.extreme_ticks, extreme_ticks)
        moved = msgspec.structs.replace(self, extreme_ticks=best)
        distance = moved.distance_ppm
        if distance:
            moved = moved.with_stop(stop_at(self.side, best, distance))
        if 0 < self.trail.break_even_ppm <= moved.gained_ppm:
            moved = moved.with_stop(self.entry_ticks)
        return moved

    def tightened(self, trail_ppm: int) -> "StopPlan":
        """The plan with a shorter trailing distance, active at once; a longer one is ignored."""
        widest = self.trail.distance_ppm or self.trail.near_ppm
        if trail_ppm <= 0 or (widest and trail_ppm >= widest):
            return self
        trail = msgspec.structs.replace(self.trail, distance_ppm=trail_ppm, activation_ppm=0)
        return msgspec.structs.replace(self, trail=trail).at_extreme(self.extreme_ticks)

    def with_stop(self, stop_ticks: int) -> "StopPlan":
        """The plan with a stop nearer to profit; one farther away is ignored."""
        return msgspec.structs.replace(
            self, stop_ticks=tighter(self.side, self.stop_ticks, stop_ticks)
        )

    def joined(self, other: "StopPlan") -> "StopPlan":
        """One plan for a position that was added to: the tighter stop, the better extreme."""
        return msgspec.structs.replace(
            self,
            stop_ticks=tighter(self.side, self.stop_ticks, other.stop_ticks),
            extreme_ticks=tighter(self.side, self.extreme_ticks, other.extreme_ticks),
            take_profit_ticks=other.take_profit_ticks or self.take_profit_ticks,
        )

    def reached_target(self) -> bool:
        """True when the best price was at the take-profit."""
        target = self.take_profit_ticks
        return target > 0 and self.side * (self.extreme_ticks - target) >= 0


def tighter(side: Side, a_ticks: int, b_ticks: int) -> int:
    """The better of two prices for a position's holder: the higher for a long."""
    return max(a_ticks, b_ticks) if side is Side.BUY else min(a_ticks, b_ticks)


def stop_at(side: Side, extreme_ticks: int, trail_ppm: int) -> int:
    """The stop `trail_ppm` behind a price, rounded toward it, at least one tick away."""
    distance = max(1, extreme_ticks * trail_ppm // PPM)
    return extreme_ticks - side * distance


def plan_stop(
    side: Side, fill_ticks: int, intent: Intent, policy: StrategyPolicy, fallback_ppm: int
) -> StopPlan:
    """The plan for a position filled at `fill_ticks`: the tighter of the intent's own stop and of
    the trailing distance behind the price that was really paid (C-10). Never none (RISK-48).
    """
    trail = _trail(intent, policy)
    distance_ppm = trail.distance_at(0)
    stops: list[int] = []
    if intent.stop_ticks:
        stops.append(_own_stop(side, fill_ticks, intent))
    if distance_ppm:
        stops.append(stop_at(side, fill_ticks, distance_ppm))
    if not stops:
        stops.append(stop_at(side, fill_ticks, fallback_ppm))
    stop = max(stops) if side is Side.BUY else min(stops)
    return StopPlan(
        side=side,
        entry_ticks=fill_ticks,
        initial_ticks=stop,
        stop_ticks=stop,
        extreme_ticks=fill_ticks,
        trail=trail,
        take_profit_ticks=intent.take_profit_ticks,
    )


def adopted_plan(
    side: Side, price_ticks: int, policy: StrategyPolicy, fallback_ppm: int
) -> StopPlan:
    """The plan for a position that was found at the venue: nothing is known but its price."""
    distance_ppm = policy.trail_ppm or fallback_ppm
    stop = stop_at(side, price_ticks, distance_ppm)
    return StopPlan(
        side=side,
        entry_ticks=price_ticks,
        initial_ticks=stop,
        stop_ticks=stop,
        extreme_ticks=price_ticks,
        trail=Trail(distance_ppm=policy.trail_ppm, activation_ppm=policy.activation_ppm),
        take_profit_ticks=0,
    )


def _trail(intent: Intent, policy: StrategyPolicy) -> Trail:
    # What the intent says in full, its plain distance from the entry on, or the strategy's policy.
    if intent.trail is not None:
        return intent.trail
    if intent.trail_ppm:
        return Trail(distance_ppm=intent.trail_ppm)
    return Trail(distance_ppm=policy.trail_ppm, activation_ppm=policy.activation_ppm)


def _own_stop(side: Side, fill_ticks: int, intent: Intent) -> int:
    # A fill beyond the stop keeps the distance that was sized for, not the level.
    if side * (fill_ticks - intent.stop_ticks) > 0:
        return intent.stop_ticks
    distance = side * (intent.reference_ticks - intent.stop_ticks)
    return fill_ticks - side * max(1, distance)
