"""Too many stops hit in a short time: the market is not the one that the strategy was made for."""

from collections import defaultdict
from typing import Annotated, ClassVar

import msgspec

from undertow.domain.parameter import declare, integer_range
from undertow.risk.protections.protection import FinishedTrade, Lock, LookBack, Reach


class StopGuard(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="stop_guard"
):
    """`trade_limit` positions closed by their stop within `lookback_s` lock for `stop_s`.

    only_per_instrument, only_per_side: counted, and locked, for each alone. A stop that closed with
    a net result of `required_ppm` of the entry cost or more (a trailing one) does not count.
    """

    name: ClassVar[str] = "stop_guard"
    lookback_s: Annotated[int, declare(integer_range(60, 604_800, step=60, space="protection"))] = (
        3_600
    )
    trade_limit: Annotated[int, declare(integer_range(1, 20, space="protection"))] = 3
    stop_s: Annotated[int, declare(integer_range(60, 604_800, step=60, space="protection"))] = 3_600
    required_ppm: int = 0
    only_per_instrument: bool = False
    only_per_side: bool = False
    reach: Reach = Reach.BLOCK

    def locks(self, seen: LookBack) -> list[Lock]:
        """A lock for each group with too many stops."""
        stopped = [t for t in seen.trades if t.is_stopped and t.ratio_ppm < self.required_ppm]
        groups: dict[tuple[str, int], list[FinishedTrade]] = defaultdict(list)
        for trade in stopped:
            groups[self._group(trade)].append(trade)
        return [
            Lock(
                self.name,
                seen.until_ns(trades, self.stop_s),
                f"{len(trades)} stops hit within {self.lookback_s} s",
                self.reach,
                instrument_id=instrument_id,
                side=side,
            )
            for (instrument_id, side), trades in groups.items()
            if len(trades) >= self.trade_limit
        ]

    def _group(self, trade: FinishedTrade) -> tuple[str, int]:
        return (
            trade.instrument_id if self.only_per_instrument else "",
            int(trade.side) if self.only_per_side else 0,
        )
