"""Level 4: the trigger, a bounce out of the zone with volume behind it (DEC-15, DEC-16; C-07)."""

from typing import ClassVar

import msgspec

from undertow.decision.conditions import above, at_least, holds, noted, verdict
from undertow.decision.context import Context
from undertow.decision.flow_readings import atr_ticks, column
from undertow.decision.levels.zone import ZoneLevel
from undertow.decision.location import Location
from undertow.decision.rolling_bar import RollingView, rolling_bar
from undertow.domain.intent import Check, Verdict
from undertow.domain.side import Side
from undertow.flow.bounce import bounce
from undertow.flow.close_strength import close_strength
from undertow.flow.rejection import rejection


class TriggerLevel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Price has bounced: strongly, on volume, with a wick, closing near its extreme, leaving.

    window_s: the seconds up to now that are judged as one bar. min_bounce: bounce strength must
    exceed it (0..1). min_volume_spike: volume of those seconds over the mean of as many in the last
    `volume_bars` minutes (C-07: 2.0). min_close_strength: -1..1, where the close lies in their
    range, toward the side (0.6 is the outer fifth, 0 the middle).
    needs_wick, needs_leaving: whether the rejection wick and the price leaving the zone are asked
    for or only noted.
    """

    name: ClassVar[str] = "trigger"
    window_s: int = 60
    min_bounce: float = 0.7
    min_volume_spike: float = 2.0
    volume_bars: int = 20
    min_close_strength: float = 0.6
    needs_wick: bool = True
    needs_leaving: bool = True

    def judge_at(self, ctx: Context, side: Side, place: Location) -> Verdict:
        """Judge the bounce out of a place for one side."""
        bar = rolling_bar(ctx.flow, self.window_s)
        found = bounce(
            RollingView(ctx.flow, bar),
            side,
            place.low_ticks,
            place.high_ticks,
            atr_ticks(ctx, 60),
            trigger=self.min_bounce,
        )
        checks = [
            above("bounce", found.strength, self.min_bounce),
            at_least("volume_spike", self._volume_spike(ctx), self.min_volume_spike),
            _asked("leaving", found.is_leaving_zone, is_needed=self.needs_leaving),
            noted("wick_share", found.wick_share),
            noted("close_location", found.close_location),
            noted("delta_agreement", found.delta_agreement),
            noted("speed_atrs", found.speed),
        ]
        if len(bar):
            closing = side * close_strength(bar[0])
            wick = rejection(bar[0]).side == side
            checks.append(at_least("close_strength", closing, self.min_close_strength))
            checks.append(_asked("wick", wick, is_needed=self.needs_wick))
        return verdict(self.name, checks, strength=found.strength)

    def _volume_spike(self, ctx: Context) -> float:
        bars = ctx.flow.bars(60, self.volume_bars)
        if len(bars) < self.volume_bars:
            return float("nan")
        window = ctx.flow.window(self.window_s)
        mean = float((column(bars, "buy_lots") + column(bars, "sell_lots")).mean())
        usual = mean * self.window_s / 60
        return (window.buy_lots + window.sell_lots) / usual if usual else float("nan")


def _asked(name: str, fact: bool, *, is_needed: bool) -> Check:  # noqa: FBT001 - what is judged
    return holds(name, fact) if is_needed else noted(name, float(fact))


class PlacedTrigger(msgspec.Struct, frozen=True):
    """The trigger as a level: it judges the bounce out of the place that the zone level found."""

    trigger: TriggerLevel
    zone: ZoneLevel

    @property
    def name(self) -> str:
        """The trigger's name."""
        return self.trigger.name

    def judge(self, ctx: Context, side: Side) -> Verdict:
        """Judge the bounce; away from every place there is none."""
        place = self.zone.find(ctx, side)
        if place is None:
            return verdict(self.name, [holds("at_zone", False)])
        return self.trigger.judge_at(ctx, side, place)
