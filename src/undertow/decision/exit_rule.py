"""Exit rules, in order of priority (RISK-17, RISK-18)."""

from collections.abc import Iterable
from typing import Protocol

from undertow.decision.context import Context
from undertow.domain.intent import Verdict
from undertow.domain.position import PositionView


class ExitRule(Protocol):
    """Says whether an open position should be closed now. A passed verdict means: close it.

    An undefined number never closes a position: the protective stop at the venue does not depend
    on our data.
    """

    @property
    def name(self) -> str:
        """How its verdict and the reason of the exit are called."""
        ...

    def judge(self, ctx: Context, position: PositionView) -> Verdict:
        """Passed when the position should be closed, with the numbers."""
        ...


def first_exit(
    rules: Iterable[ExitRule], ctx: Context, position: PositionView
) -> tuple[Verdict | None, tuple[Verdict, ...]]:
    """The first rule that closes the position, and every verdict reached; None when none does."""
    reached: list[Verdict] = []
    for rule in rules:
        verdict = rule.judge(ctx, position)
        reached.append(verdict)
        if verdict.passed:
            return verdict, tuple(reached)
    return None, tuple(reached)


def profit_ppm(ctx: Context, position: PositionView) -> float:
    """Price move in the position's favour since its entry, parts per million of the entry price."""
    moved = ctx.flow.last_ticks - position.entry_ticks
    return position.side * moved / position.entry_ticks * 1e6
