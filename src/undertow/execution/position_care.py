"""What a position needs now: a stop where the plan says, or to be closed.

`care_for` looks at the whole of one holding and its orders and does the next thing; it may be
called after any change and any number of times. It notes when it must be called again (`next_ns`).
"""

from undertow.domain.order import Market, Purpose
from undertow.execution.desk_step import DeskStep
from undertow.execution.exit_placement import (
    available_lots,
    is_coin_locked,
    place_exit,
    stops_of,
)
from undertow.execution.holding import FlattenWish, Holding
from undertow.execution.order_timers import backoff_ns
from undertow.execution.overshoot import net_overshoot
from undertow.execution.stop_upkeep import ask_for_stop, keep_stop
from undertow.ledger.fill import EXTERNAL

TAKE_PROFIT_REASON = "take_profit"


def care_for(step: DeskStep, held: Holding) -> None:
    """Do the next thing for a holding."""
    held.next_ns = 0
    if held.overshoot_ticks:
        net_overshoot(step, held)
    if held.strategy == EXTERNAL:
        step.state.tidy(held)  # somebody else's position: counted, never managed
    elif not held.is_open:
        _leave_flat(step, held)
    else:
        if held.wish is not None:
            _flatten(step, held, held.wish)
        else:
            _exit_deferred(step, held)
            _take_profit(step, held)
        _protect(step, held)


def want_flat(step: DeskStep, held: Holding, reason: str) -> None:
    """The position must go; the first reason stays."""
    if held.is_open and held.wish is None and held.strategy != EXTERNAL:
        held.wish = FlattenWish(reason, next_ns=step.now_ns)
        held.deferred = None
        held.call_again(step.now_ns)


def count_attempt(step: DeskStep, held: Holding) -> None:
    """A market close went out now; the next one waits longer each time."""
    config, wish = step.state.config, held.wish
    if wish is not None:
        wait = backoff_ns(config.flatten_backoff_ns, config.flatten_backoff_max_ns, wish.attempts)
        held.wish = FlattenWish(wish.reason, wish.attempts + 1, step.now_ns + wait)


def _leave_flat(step: DeskStep, held: Holding) -> None:
    # Closed by whatever order: the stop goes, and so do exits that still rest.
    for tracked in step.state.orders(held):
        if tracked.purpose is not Purpose.ENTRY:
            step.cancel(tracked)
    held.wish = held.deferred = held.plan = None
    held.asked_ns = 0
    intent = held.reversal
    if intent is not None and not step.state.orders(held):
        held.reversal = None
        if step.now_ns <= held.reversal_until_ns:
            step.out.intents.append(intent)
    step.state.tidy(held)


def _flatten(step: DeskStep, held: Holding, wish: FlattenWish) -> None:
    for tracked in step.state.orders(held):
        if tracked.purpose in (Purpose.ENTRY, Purpose.EXIT):
            step.cancel(tracked)
    if held.is_dust:
        held.wish = None  # too little to be sold: it waits for what is bought next
        return
    lots = available_lots(step, held)
    if lots == 0:
        return
    if is_coin_locked(step, held):
        for stop in stops_of(step, held):
            step.cancel(stop)
    elif step.now_ns < wish.next_ns:
        held.call_again(wish.next_ns)
    else:
        due = step.now_ns + step.state.config.approval_timeout_ns
        held.wish = FlattenWish(wish.reason, wish.attempts, due)
        held.call_again(due)
        step.ask(held, Purpose.FLATTEN, Market(), lots, wish.reason)


def _exit_deferred(step: DeskStep, held: Holding) -> None:
    approved = held.deferred
    if approved is None or is_coin_locked(step, held):
        return
    held.deferred = None
    fault = place_exit(step, held, approved)
    if fault is not None:
        step.invalid(approved.intent, *fault)


def _take_profit(step: DeskStep, held: Holding) -> None:
    plan = held.plan
    if plan is None or held.is_dust or not plan.reached_target():
        return
    lots = available_lots(step, held)
    if not lots or held.deferred is not None:
        return
    if step.now_ns < held.target_ns:
        held.call_again(held.target_ns)
        return
    held.target_ns = step.now_ns + step.state.config.flatten_backoff_ns
    step.ask(held, Purpose.EXIT, Market(), lots, TAKE_PROFIT_REASON)


def _protect(step: DeskStep, held: Holding) -> None:
    venue = step.state.instrument(held).venue
    if held.is_dust:
        for stop in stops_of(step, held):
            step.cancel(stop)  # it holds coins, and would sell what is not there
        return
    if held.plan is None or venue in step.state.config.venues_without_stops:
        return
    if keep_stop(step, held) or held.wish is not None or held.deferred is not None:
        return
    if not ask_for_stop(step, held):
        want_flat(step, held, "emergency_exit: protective stop not approved")
