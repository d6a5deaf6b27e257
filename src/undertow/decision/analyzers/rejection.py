"""A rejection wick as a primary signal (FLOW-26; D-22)."""

from typing import ClassVar

import msgspec

from undertow.decision.conditions import equal, noted, undefined, verdict
from undertow.decision.context import Context
from undertow.decision.timeframe import timeframe_seconds
from undertow.domain.intent import Verdict
from undertow.domain.side import Side
from undertow.flow.rejection import rejection


class RejectionAnalyzer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The last closed bar of the timeframe rejected prices against the side."""

    name: ClassVar[str] = "rejection"
    timeframe: str = "1m"

    def analyze(self, ctx: Context, side: Side) -> Verdict:
        """Judge the last closed bar for one side."""
        bars = ctx.flow.bars(timeframe_seconds(self.timeframe), 1)
        if not len(bars):
            return verdict(self.name, [undefined("side", float(side))])
        found = rejection(bars[-1])
        checks = (
            equal("side", float(found.side), float(side)),
            noted("wick_to_body", found.wick_to_body),
            noted("close_location", found.close_location),
        )
        return verdict(self.name, checks, strength=found.strength)
