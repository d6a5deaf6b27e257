"""How far price has pulled back from its recent mean (DEC-04, IND-21; C-27, D-26)."""

from typing import ClassVar

import msgspec
import numpy as np

from undertow.decision.conditions import at_least
from undertow.decision.context import Context
from undertow.decision.flow_readings import column
from undertow.decision.signal_filter import points_verdict
from undertow.domain.intent import Verdict
from undertow.domain.side import Side


class MeanReversionFilter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Full points beyond `far` deviations of pull-back, half beyond `near`, nothing inside.

    The pull-back counts toward the trade only: below the mean for a long, above it for a short, so
    that in a trend only dips in its direction score (C-27). Mean and deviation are of the price at
    the end of each second of the window, so busy seconds do not weigh more (D-26); population
    deviation, undefined when it is zero.
    """

    name: ClassVar[str] = "mean_reversion"
    weight: float = 1.5
    near: float = 1.0
    far: float = 2.0
    window_s: int = 900
    min_seconds: int = 60

    def evaluate(self, ctx: Context, side: Side) -> Verdict:
        """Judge the distance of the last price from the mean."""
        pull_back = -side * self._deviation(ctx)
        points, reason = 0.0, "inside"
        if pull_back >= self.far:
            points, reason = self.weight, "far"
        elif pull_back >= self.near:
            points, reason = self.weight / 2.0, "near"
        checks = [at_least("pull_back_sigmas", pull_back, self.near)]
        return points_verdict(self.name, points, self.weight, reason, checks)

    def _deviation(self, ctx: Context) -> float:
        closes = column(ctx.flow.bars(1, self.window_s), "close_ticks")
        if len(closes) < self.min_seconds:
            return float("nan")
        spread = float(np.std(closes))
        if not spread:
            return float("nan")
        return (ctx.flow.last_ticks - float(np.mean(closes))) / spread
