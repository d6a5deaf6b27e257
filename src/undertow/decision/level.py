"""Levels: gates in a fixed order, the first that fails ends the evaluation (DEC-10)."""

from collections.abc import Iterable
from typing import Protocol

import msgspec

from undertow.decision.context import Context
from undertow.domain.intent import Verdict
from undertow.domain.side import Side


class Level(Protocol):
    """A gate: may this side be traded here and now?

    A level is a pure function of what the context shows. Cheap ones and those that reject most come
    first; work on bars belongs in `Context.cached`.
    """

    @property
    def name(self) -> str:
        """How the verdict and the funnel call it."""
        ...

    def judge(self, ctx: Context, side: Side) -> Verdict:
        """The verdict with every number it rests on; `strength` 0..1 says how clearly it passed."""
        ...


class Climb(msgspec.Struct, frozen=True):
    """How far an evaluation came: the verdicts reached, all passed but perhaps the last."""

    verdicts: tuple[Verdict, ...]
    passed: bool

    @property
    def stopped_at(self) -> str:
        """Name of the level that failed, empty when all passed."""
        return "" if self.passed else self.verdicts[-1].name


def climb(levels: Iterable[Level], ctx: Context, side: Side) -> Climb:
    """Judge the levels in order and stop at the first that fails."""
    reached: list[Verdict] = []
    for level in levels:
        verdict = level.judge(ctx, side)
        reached.append(verdict)
        if not verdict.passed:
            return Climb(tuple(reached), False)
    return Climb(tuple(reached), True)
