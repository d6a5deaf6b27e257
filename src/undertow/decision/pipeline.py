"""The confluence pipeline: primaries that must agree, filters that add points, a threshold.

The scale is the sum of the filters' weights, computed and shown, never assumed (C-25, D-19: the
standard six make 8.0). Points keep their meaning whatever the scale: 3 consider, 5 strong, 7 very
strong (DEC-09); the percentage stands beside them.
"""

from enum import StrEnum

import msgspec

from undertow.decision.analyzer import SignalAnalyzer
from undertow.decision.context import Context
from undertow.decision.signal_filter import SignalFilter
from undertow.domain.intent import Verdict
from undertow.domain.side import Side

CONSIDER_POINTS = 3.0
STRONG_POINTS = 5.0
VERY_STRONG_POINTS = 7.0


class Band(StrEnum):
    """What a score means (DEC-09)."""

    NONE = "none"
    CONSIDER = "consider"
    STRONG = "strong"
    VERY_STRONG = "very_strong"


class Confluence(msgspec.Struct, frozen=True):
    """The outcome of a pipeline for one side: every contribution is kept.

    side: +1, -1, or 0 when the primaries do not tell one.
    reason: "passed", "primary", "contradiction", "points" or "filters" (too few gave points).
    """

    side: int
    passed: bool
    reason: str
    score: float
    maximum: float
    verdicts: tuple[Verdict, ...]

    @property
    def share(self) -> float:
        """Score as a part of the maximum, 0..1."""
        return self.score / self.maximum if self.maximum else 0.0

    @property
    def band(self) -> Band:
        """The named band of the score in points."""
        if self.score >= VERY_STRONG_POINTS:
            return Band.VERY_STRONG
        if self.score >= STRONG_POINTS:
            return Band.STRONG
        return Band.CONSIDER if self.score >= CONSIDER_POINTS else Band.NONE


class Pipeline:
    """Primaries, filters and a threshold, evaluated for one side or for whichever side agrees.

    threshold: least points to pass. min_filters: how many filters must have given points.
    """

    def __init__(
        self,
        primaries: tuple[SignalAnalyzer, ...],
        filters: tuple[SignalFilter, ...],
        *,
        threshold: float = CONSIDER_POINTS,
        min_filters: int = 2,
    ) -> None:
        self.primaries = primaries
        self.filters = filters
        self.threshold = threshold
        self.min_filters = min_filters
        self.maximum = sum(part.weight for part in filters)

    def evaluate(self, ctx: Context, side: Side) -> Confluence:
        """Judge one side. A failed primary ends it; else every filter is summed, in order."""
        return self._score(ctx, side, self._analyze(ctx, side))

    def evaluate_agreed(self, ctx: Context) -> Confluence:
        """Judge the one side on which all primaries agree.

        When none or both agree nothing passes, the side is 0 and the record holds the primaries of
        the buying side, then those of the selling side.
        """
        buy, sell = self._analyze(ctx, Side.BUY), self._analyze(ctx, Side.SELL)
        can_buy, can_sell = _all_passed(buy), _all_passed(sell)
        if can_buy is can_sell:
            reason = "contradiction" if can_buy else "primary"
            return Confluence(0, False, reason, 0.0, self.maximum, buy + sell)
        return self._score(ctx, Side.BUY, buy) if can_buy else self._score(ctx, Side.SELL, sell)

    def _analyze(self, ctx: Context, side: Side) -> tuple[Verdict, ...]:
        return tuple(part.analyze(ctx, side) for part in self.primaries)

    def _score(self, ctx: Context, side: Side, primary: tuple[Verdict, ...]) -> Confluence:
        if not _all_passed(primary):
            return Confluence(side, False, "primary", 0.0, self.maximum, primary)
        parts = tuple(part.evaluate(ctx, side) for part in self.filters)
        score = 0.0
        for verdict in parts:
            assert 0.0 <= verdict.points <= verdict.weight, verdict
            score += verdict.points
        reason = "passed"
        if score < self.threshold:
            reason = "points"
        elif sum(verdict.passed for verdict in parts) < self.min_filters:
            reason = "filters"
        return Confluence(side, reason == "passed", reason, score, self.maximum, primary + parts)


def _all_passed(verdicts: tuple[Verdict, ...]) -> bool:
    return all(verdict.passed for verdict in verdicts)
