"""May this side be taken on this instrument at all (C-75: both directions where they exist)?"""

from typing import ClassVar

import msgspec

from undertow.decision.conditions import holds, verdict
from undertow.decision.context import Context
from undertow.domain.intent import Verdict
from undertow.domain.side import Side


class PermissionLevel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Shorts need a derivative; each side can be switched off."""

    name: ClassVar[str] = "permission"
    longs: bool = True
    shorts: bool = True

    def judge(self, ctx: Context, side: Side) -> Verdict:
        """Judge one side."""
        if side is Side.BUY:
            return verdict(self.name, [holds("longs", self.longs)])
        return verdict(self.name, [holds("shorts", self.shorts), holds("can_short", ctx.can_short)])
