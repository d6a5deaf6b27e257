"""After a trade has ended, its instrument rests a while."""

from typing import Annotated, ClassVar

import msgspec

from undertow.domain.parameter import declare, integer_range
from undertow.domain.time import NS_PER_S
from undertow.risk.protections.protection import Lock, LookBack, Reach


class Cooldown(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="cooldown"
):
    """No entry on an instrument for `stop_s` after a position of it was closed.

    It keeps a signal that lasts from being traded twice. `only_losses`: a gain needs no rest.
    """

    name: ClassVar[str] = "cooldown"
    lookback_s: ClassVar[int] = 1
    reach: ClassVar[Reach] = Reach.BLOCK
    stop_s: Annotated[int, declare(integer_range(0, 86_400, step=60, space="protection"))] = 300
    only_losses: bool = False

    def locks(self, seen: LookBack) -> list[Lock]:
        """A lock for each trade that has just ended."""
        until_ns = seen.now_ns + self.stop_s * NS_PER_S
        return [
            Lock(
                self.name,
                until_ns,
                f"{trade.instrument_id} rests {self.stop_s} s after a trade",
                self.reach,
                instrument_id=trade.instrument_id,
            )
            for trade in seen.trades
            if trade.closed_ns == seen.now_ns and (trade.ratio_ppm < 0 or not self.only_losses)
        ]
