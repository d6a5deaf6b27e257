"""Sixth, after the fill and with its actual price (D-60): the stop, and the watch over it."""

from undertow.domain.event import ExecutionJudged
from undertow.domain.intent import Check, Verdict
from undertow.execution.desk_step import DeskStep
from undertow.execution.holding import Holding
from undertow.execution.stop_plan import plan_stop
from undertow.execution.tracked_order import TrackedOrder
from undertow.ledger.fill import Fill

NAME = "position_monitoring"


def watch_entry_fill(step: DeskStep, held: Holding, tracked: TrackedOrder, fill: Fill) -> None:
    """Plan the stop of the position from what was really paid; a later fill may only tighten it."""
    config, intent = step.state.config, tracked.intent
    policy = config.policy(held.strategy)
    if not (config.require_stops or intent.stop_ticks or intent.trail_ppm or policy.trail_ppm):
        return
    plan = plan_stop(held.side, fill.price_ticks, intent, policy, config.stop_fallback_ppm)
    if held.plan is not None:
        held.plan = held.plan.joined(plan)
        return
    held.plan = plan
    words = f"filled at {fill.price_ticks} ticks, stop at {plan.stop_ticks}"
    check = Check("stop_ticks", True, plan.stop_ticks, fill.price_ticks)
    step.out.effects.append(
        ExecutionJudged(
            at_ns=step.now_ns,
            intent_id=intent.intent_id,
            decision_id=intent.decision_id,
            strategy=held.strategy,
            instrument_id=held.instrument_id,
            outcome="watching",
            verdicts=(Verdict(NAME, True, words, checks=(check,)),),
        )
    )
