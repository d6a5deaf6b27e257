"""The order-flow scalper (STRAT-02): four levels to get in, reversals to get out.

In: liquidity, then L1 regime, L2 zone, L3 cascade, L4 trigger, each ending the evaluation when it
fails; then the economics of the move and the confluence score that ranks what is left. Out: cascade
reversal, adverse moves, the trailing stop as backup, each on every check. Both directions, no
fixed target. Every number is a parameter; `scalper_presets` names some sets of them.
"""

from collections.abc import Mapping
from typing import Self, cast

import msgspec

from undertow.decision.conditions import at_least, verdict
from undertow.decision.context import Context
from undertow.decision.decision import Decision
from undertow.decision.exit_rule import ExitRule, first_exit
from undertow.decision.exits.adverse_moves import AdverseMovesExit
from undertow.decision.exits.cascade_reversal import CascadeReversalExit
from undertow.decision.exits.max_hold import MaxHoldExit
from undertow.decision.exits.trailing import TrailingExit
from undertow.decision.flow_readings import atr_ticks
from undertow.decision.level import Level, climb
from undertow.decision.levels.alignment import AlignmentLevel
from undertow.decision.levels.cascade import CascadeLevel
from undertow.decision.levels.economics import EconomicsLevel
from undertow.decision.levels.liquidity import LiquidityLevel
from undertow.decision.levels.permission import PermissionLevel
from undertow.decision.levels.regime import RegimeLevel
from undertow.decision.levels.trigger import PlacedTrigger, TriggerLevel
from undertow.decision.levels.zone import ZoneLevel
from undertow.decision.pipeline import Confluence
from undertow.decision.ranking import entry_score
from undertow.decision.standard_filters import StandardFilters
from undertow.decision.stop_policy import StopPolicy
from undertow.decision.strategy import Strategy
from undertow.domain.intent import Action, Signal, Verdict
from undertow.domain.position import PositionView
from undertow.domain.side import Side
from undertow.domain.time import NS_PER_S

_NEVER_NS = -(2**62)


class ScalperState(msgspec.Struct):
    """Per instrument: when the last entry signal was given."""

    signalled_ns: int = _NEVER_NS


class Scalper(Strategy):
    """Bounces out of zones in the direction of the trend, when order flow accelerates that way.

    The levels, exits and filters document their own parameters; `trailing` also sets the distance
    of the trailing stop at the venue. `stop` is a little tighter than 0.5 %, because risk measures
    that limit from the price paid, spread and slippage included. cooldown_s: least time between two
    entry signals of an instrument, so that a trigger that lasts is one signal.
    """

    check_every_ns: int = 2 * NS_PER_S
    liquidity: LiquidityLevel = LiquidityLevel()
    regime: RegimeLevel = RegimeLevel()
    permission: PermissionLevel = PermissionLevel()
    alignment: AlignmentLevel = AlignmentLevel()
    zone: ZoneLevel = ZoneLevel()
    cascade: CascadeLevel = CascadeLevel()
    trigger: TriggerLevel = TriggerLevel()
    economics: EconomicsLevel = EconomicsLevel()
    filters: StandardFilters = StandardFilters()
    stop: StopPolicy = StopPolicy(max_ppm=4_500)
    reversal: CascadeReversalExit = CascadeReversalExit()
    adverse: AdverseMovesExit = AdverseMovesExit()
    trailing: TrailingExit = TrailingExit()
    max_hold: MaxHoldExit = MaxHoldExit()
    cooldown_s: float = 30.0

    @classmethod
    def presets(cls) -> Mapping[str, Self]:
        """Default, strict, loose, and embedded for the synthetic market."""
        from undertow.strategies.scalper_presets import PRESETS

        return cast(Mapping[str, Self], {"default": cls(), **PRESETS})

    def new_state(self) -> ScalperState:
        """Nothing signalled yet."""
        return ScalperState()

    def on_check(self, ctx: Context) -> Decision:
        """Look for an entry when flat, for a reason to leave when not."""
        if ctx.position is not None:
            return self._manage(ctx, ctx.position)
        return self._seek(ctx)

    def _manage(self, ctx: Context, position: PositionView) -> Decision:
        rules: tuple[ExitRule, ...] = (self.reversal, self.adverse, self.trailing, self.max_hold)
        closing, reached = first_exit(rules, ctx, position)
        side = int(position.side)
        if closing is None:
            return ctx.decide(Action.HOLD.value, reached, side=side)
        signal = ctx.exit(closing.name, verdicts=reached)
        return ctx.decide(Action.EXIT.value, reached, side=side, signal=signal)

    def _seek(self, ctx: Context) -> Decision:
        liquid = self.liquidity.judge(ctx, Side.BUY)
        if not liquid.passed:
            return ctx.decide(liquid.name, (liquid,))
        side = self.regime.direction(ctx)
        if side is None:
            regime = self.regime.judge(ctx, Side.BUY)
            return ctx.decide(regime.name, (liquid, regime))
        climbed = climb(self._levels(), ctx, side)
        reached = (liquid, *climbed.verdicts)
        if not climbed.passed:
            return ctx.decide(climbed.stopped_at, reached, side=side)
        return self._weigh(ctx, side, reached)

    def _levels(self) -> tuple[Level, ...]:
        return (
            self.regime,
            self.permission,
            self.alignment,
            self.zone,
            self.cascade,
            PlacedTrigger(self.trigger, self.zone),
            self.economics,
        )

    def _weigh(self, ctx: Context, side: Side, reached: tuple[Verdict, ...]) -> Decision:
        score = self.filters.pipeline().evaluate(ctx, side)
        summary = Verdict(
            "confluence",
            score.passed,
            score.reason,
            score.share,
            checks=(at_least("points", score.score, self.filters.threshold),),
        )
        verdicts = (*reached, *score.verdicts, summary)
        if not summary.passed:
            return ctx.decide(summary.name, verdicts, side=side, score=score.score)
        fresh = self._freshness(ctx)
        verdicts = (*verdicts, fresh)
        if not fresh.passed:
            return ctx.decide(fresh.name, verdicts, side=side, score=score.score)
        return self._enter(ctx, side, score, verdicts)

    def _freshness(self, ctx: Context) -> Verdict:
        assert isinstance(ctx.state, ScalperState)
        since_s = (ctx.now_ns - ctx.state.signalled_ns) / NS_PER_S
        return verdict("cooldown", [at_least("since_signal_s", since_s, self.cooldown_s)])

    def _enter(
        self, ctx: Context, side: Side, score: Confluence, verdicts: tuple[Verdict, ...]
    ) -> Decision:
        assert isinstance(ctx.state, ScalperState)
        ctx.state.signalled_ns = ctx.now_ns
        signal = self._signal(ctx, side, score, verdicts)
        inputs = {
            "price_ticks": float(signal.entry_ticks),
            "stop_ticks": float(signal.stop_ticks),
            "entry_score": signal.rank,
            "score_maximum": score.maximum,
        }
        return ctx.decide(
            Action.ENTER.value,
            verdicts,
            side=side,
            score=score.score,
            inputs=inputs,
            signal=signal,
        )

    def _signal(
        self, ctx: Context, side: Side, score: Confluence, verdicts: tuple[Verdict, ...]
    ) -> Signal:
        place = self.zone.find(ctx, side)
        assert place is not None, "the zone level has passed"
        bounce = next(one.strength for one in verdicts if one.name == self.trigger.name)
        last = ctx.flow.last_ticks
        stop = self.stop.stop_ticks(
            side,
            last,
            edge_ticks=place.low_ticks if side is Side.BUY else place.high_ticks,
            atr_ticks=atr_ticks(ctx, 60),
        )
        return ctx.enter(
            side,
            stop=ctx.instrument.price_float(stop),
            trail_ppm=self.trailing.trail_ppm,
            reason=f"bounce at {place.kind}",
            confidence=score.share,
            score=score.score,
            rank=entry_score(bounce, ctx.flow.ratio(60), side),
            tag=score.band.value,
            verdicts=verdicts,
        )
