"""The handlers in their order: reversal first, so that it can be reached at all (C-40, D-61).

Each leaves a verdict; the first that fails ends the way. Exits go straight to placement, because
nothing may keep a position from being closed. Position monitoring speaks when there is a fill.
"""

from collections.abc import Callable
from typing import Final

from undertow.domain.event import ExecutionJudged
from undertow.domain.intent import Verdict
from undertow.domain.order import Purpose
from undertow.execution.handlers.existing_position_handler import judge_existing_position
from undertow.execution.handlers.exposure_handler import judge_exposure
from undertow.execution.handlers.handler_case import HandlerCase
from undertow.execution.handlers.order_placement_handler import NAME as PLACEMENT
from undertow.execution.handlers.order_placement_handler import judge_order_placement
from undertow.execution.handlers.position_limit_handler import judge_position_limit
from undertow.execution.handlers.reversal_handler import judge_reversal

Handler = Callable[[HandlerCase], Verdict]

ENTRY_HANDLERS: Final[tuple[Handler, ...]] = (
    judge_reversal,
    judge_existing_position,
    judge_position_limit,
    judge_exposure,
    judge_order_placement,
)
EXIT_HANDLERS: Final[tuple[Handler, ...]] = (judge_order_placement,)


def run_handlers(case: HandlerCase) -> None:
    """Let each handler speak until one fails; record every verdict and what came of it."""
    is_entry = case.intent.purpose is Purpose.ENTRY
    for handler in ENTRY_HANDLERS if is_entry else EXIT_HANDLERS:
        verdict = handler(case)
        case.verdicts.append(verdict)
        if not verdict.passed:
            break
    intent = case.intent
    case.step.out.effects.append(
        ExecutionJudged(
            at_ns=case.step.now_ns,
            intent_id=intent.intent_id,
            decision_id=intent.decision_id,
            strategy=intent.strategy,
            instrument_id=intent.instrument_id,
            outcome=case.outcome,
            verdicts=tuple(case.verdicts),
        )
    )
    if case.outcome == "rejected":
        _tell_rejection(case, case.verdicts[-1])


def _tell_rejection(case: HandlerCase, verdict: Verdict) -> None:
    code = verdict.checks[0].name
    if verdict.name == PLACEMENT and code not in ("no_position", "exit_under_way"):
        case.step.invalid(case.intent, code, verdict.reason)
    else:
        case.step.rejected(case.intent, code, verdict.reason)
