"""Exit 2: price has moved against the position several times in a row (RISK-18, FLOW-25)."""

from typing import ClassVar

import msgspec

from undertow.decision.conditions import at_least, noted, undefined, verdict
from undertow.decision.context import Context
from undertow.decision.exit_rule import profit_ppm
from undertow.decision.flow_readings import column
from undertow.domain.intent import Verdict
from undertow.domain.position import PositionView
from undertow.flow.adverse_moves import adverse_moves
from undertow.flow.spread import spread


class AdverseMovesExit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Successive moves against the position on a grid of `step_s`, within `window_s` (D-30).

    The more profit there is to keep, the fewer moves close it: `steps` are (profit below ppm,
    moves needed), `last_moves` above the last of them: 5 below 0.3 %, 3 below 1 %, 2 below 2 %,
    then 1. What was given back since the best close of the window must be `min_spreads` times the
    larger of a tick and the spread, so that one down-tick of a quiet second is not taken for a
    reversal (D-150).
    """

    name: ClassVar[str] = "adverse_moves"
    step_s: int = 2
    window_s: int = 15
    steps: tuple[tuple[int, int], ...] = ((3_000, 5), (10_000, 3), (20_000, 2))
    last_moves: int = 1
    min_spreads: float = 2.0

    def judge(self, ctx: Context, position: PositionView) -> Verdict:
        """Judge the last seconds against the position."""
        bars = ctx.flow.bars(1, self.window_s)
        profit = profit_ppm(ctx, position)
        needed = self.moves_needed(profit)
        if len(bars) <= self.step_s:
            return verdict(self.name, [undefined("moves", float(needed))])
        moves = adverse_moves(bars, position.side, self.step_s, self.window_s)
        closes = position.side * column(bars, "close_ticks")
        given_back = float(closes.max() - closes[-1])
        checks = (
            at_least("moves", float(moves), float(needed)),
            at_least("given_back_ticks", given_back, self.min_spreads * self._noise_ticks(ctx)),
            noted("profit_ppm", profit),
        )
        return verdict(self.name, checks)

    def moves_needed(self, profit: float) -> int:
        """How many moves close a position with that profit, in ppm."""
        for below_ppm, moves in self.steps:
            if profit < below_ppm:
                return moves
        return self.last_moves

    def _noise_ticks(self, ctx: Context) -> float:
        # An unknown spread counts as one tick: doubt must not keep a position open.
        quoted = spread(ctx.flow).bps / 1e4 * ctx.flow.last_ticks
        return max(1.0, quoted) if quoted == quoted else 1.0
