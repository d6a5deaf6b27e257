"""Exit 3, the backup: price has come back too far from its best (RISK-12, RISK-18; C-11)."""

from typing import ClassVar

import msgspec

from undertow.decision.conditions import at_least, undefined, verdict
from undertow.decision.context import Context
from undertow.domain.intent import Verdict
from undertow.domain.position import PositionView


class TrailingExit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Price has retraced `trail_ppm` from the best since the entry.

    The trailing stop itself works on every trade, at the venue; this is the same rule at every
    check, for when that stop could not be placed. activation_ppm: profit that the best price must
    have reached first; 0 is at once.
    """

    name: ClassVar[str] = "trailing"
    trail_ppm: int = 5_000
    activation_ppm: int = 0

    def judge(self, ctx: Context, position: PositionView) -> Verdict:
        """Judge the retracement."""
        best = position.extreme_ticks
        if best <= 0:
            return verdict(self.name, [undefined("retraced_ppm", float(self.trail_ppm))])
        retraced = position.side * (best - ctx.flow.last_ticks) / best * 1e6
        reached = position.side * (best - position.entry_ticks) / position.entry_ticks * 1e6
        checks = (
            at_least("retraced_ppm", retraced, float(self.trail_ppm)),
            at_least("best_profit_ppm", max(reached, 0.0), float(self.activation_ppm)),
        )
        return verdict(self.name, checks)
