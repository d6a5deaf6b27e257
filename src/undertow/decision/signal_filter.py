"""Filters: the weighted contributions to a confluence score."""

from collections.abc import Iterable
from typing import Protocol

from undertow.decision.conditions import INSUFFICIENT, PASSED
from undertow.decision.context import Context
from undertow.domain.intent import Check, Verdict
from undertow.domain.side import Side


class SignalFilter(Protocol):
    """Adds 0 .. `weight` points for a side (DEC-01); new ones need no change elsewhere."""

    @property
    def name(self) -> str:
        """How its verdict is called."""
        ...

    @property
    def weight(self) -> float:
        """Most points it can give."""
        ...

    def evaluate(self, ctx: Context, side: Side) -> Verdict:
        """A verdict whose `points` lie in 0 .. `weight`; passed when there are any."""
        ...


def points_verdict(
    name: str, points: float, weight: float, reason: str, checks: Iterable[Check]
) -> Verdict:
    """The verdict of a filter: points held to 0 .. weight (DEC-20), undefined counted as none.

    `reason` says which rule gave the points; it becomes "insufficient" when they are undefined.
    """
    judged = tuple(checks)
    if points != points or any(check.reason == INSUFFICIENT for check in judged):
        return Verdict(name, False, INSUFFICIENT, 0.0, 0.0, weight, judged)
    given = min(max(points, 0.0), weight)
    share = given / weight if weight else 0.0
    return Verdict(name, given > 0.0, reason or PASSED, share, given, weight, judged)
