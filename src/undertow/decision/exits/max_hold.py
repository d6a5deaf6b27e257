"""An exit by the clock, for strategies whose reason to hold expires."""

from typing import ClassVar

import msgspec

from undertow.decision.conditions import at_least, verdict
from undertow.decision.context import Context
from undertow.domain.intent import Verdict
from undertow.domain.position import PositionView
from undertow.domain.time import NS_PER_S


class MaxHoldExit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The position is older than `seconds`; 0 never closes."""

    name: ClassVar[str] = "max_hold"
    seconds: int = 0

    def judge(self, ctx: Context, position: PositionView) -> Verdict:
        """Judge the age."""
        held_s = (ctx.now_ns - position.opened_ns) / NS_PER_S
        limit = float(self.seconds) if self.seconds else float("inf")
        return verdict(self.name, [at_least("held_s", held_s, limit)])
