"""What a handler returned, made a decision and checked at the door."""

from undertow.decision.context import Context
from undertow.decision.decision import Decision
from undertow.decision.strategy import Answer
from undertow.domain.errors import StrategyFault
from undertow.domain.intent import Action, Signal

HOLD = Action.HOLD.value
WAIT = "wait"
"""Outcome of an answer of None while flat; with an open position it is "hold"."""


def silent_outcome(ctx: Context) -> str:
    """What an answer of None comes to."""
    return WAIT if ctx.position is None else HOLD


def as_decision(ctx: Context, answer: Answer) -> Decision:
    """The decision behind an answer; raises `StrategyFault` when nobody could act on it."""
    if answer is None:
        return ctx.decide(silent_outcome(ctx), ())
    if isinstance(answer, Signal):
        numbers = {"price": ctx.price, **ctx.indicator_values()}
        answer = ctx.decide(
            answer.action.value,
            answer.verdicts,
            side=int(answer.side),
            score=answer.score,
            inputs={name: value for name, value in numbers.items() if value == value},
            signal=answer,
        )
    if not isinstance(answer, Decision):
        raise StrategyFault(
            f"expected a Signal, a Decision or None from a handler, found {type(answer).__name__}"
        )
    _require_valid(ctx, answer)
    return answer


def _require_valid(ctx: Context, decision: Decision) -> None:
    here = (ctx.strategy, ctx.instrument.instrument_id)
    if (decision.strategy, decision.instrument_id) != here:
        raise StrategyFault(f"expected a decision about {here}, found {decision.instrument_id}")
    signal = decision.signal
    if signal is None:
        return
    if (signal.strategy, signal.instrument_id) != here:
        raise StrategyFault(f"expected a signal about {here}, found {signal.instrument_id}")
    if decision.outcome != signal.action.value:
        raise StrategyFault(f"expected outcome {signal.action}, found {decision.outcome}")
    if signal.action is Action.ENTER:
        distance = signal.side * (signal.entry_ticks - signal.stop_ticks)
        if signal.stop_ticks and (signal.stop_ticks < 0 or distance <= 0):
            raise StrategyFault(
                f"expected an entry with a stop on its losing side, found stop {signal.stop_ticks} "
                f"for a {signal.side.name} at {signal.entry_ticks}"
            )
    elif ctx.position is None:
        raise StrategyFault(f"expected an open position to {signal.action}, found none")
