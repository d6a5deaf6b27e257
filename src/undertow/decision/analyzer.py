"""Analyzers: the primary signals of a pipeline."""

from typing import Protocol

from undertow.decision.context import Context
from undertow.domain.intent import Verdict
from undertow.domain.side import Side


class SignalAnalyzer(Protocol):
    """Says whether the market speaks for a side (DEC-01).

    Each analyzer judges one side at a time, so that all of them agree in direction by construction
    (D-22, D-23) and a short is the mirror of a long (D-24).
    """

    @property
    def name(self) -> str:
        """How its verdict is called."""
        ...

    def analyze(self, ctx: Context, side: Side) -> Verdict:
        """Passed or not for that side, with a strength of 0..1 and the numbers."""
        ...
