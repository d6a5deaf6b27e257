"""An instrument that has not earned its place rests."""

from collections import defaultdict
from typing import Annotated, ClassVar

import msgspec

from undertow.domain.parameter import declare, integer_range
from undertow.risk.protections.protection import FinishedTrade, Lock, LookBack, Reach


class LowProfit(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="low_profit"
):
    """The returns of an instrument's trades within `lookback_s` add up to less than
    `required_ppm` over at least `trade_limit` trades: locked for `stop_s`.

    only_per_side: each side is judged, and locked, alone.
    """

    name: ClassVar[str] = "low_profit"
    lookback_s: Annotated[
        int, declare(integer_range(600, 2_592_000, step=600, space="protection"))
    ] = 86_400
    trade_limit: Annotated[int, declare(integer_range(1, 50, space="protection"))] = 4
    required_ppm: Annotated[
        int, declare(integer_range(-100_000, 100_000, step=1_000, space="protection"))
    ] = 0
    stop_s: Annotated[int, declare(integer_range(60, 604_800, step=60, space="protection"))] = (
        43_200
    )
    only_per_side: bool = False
    reach: Reach = Reach.BLOCK

    def locks(self, seen: LookBack) -> list[Lock]:
        """A lock for each instrument that earned too little."""
        groups: dict[tuple[str, int], list[FinishedTrade]] = defaultdict(list)
        for trade in seen.trades:
            groups[self._group(trade)].append(trade)
        return [
            Lock(
                self.name,
                seen.until_ns(trades, self.stop_s),
                f"returned {earned / 10_000:.2f} % in {len(trades)} trades",
                self.reach,
                instrument_id=instrument_id,
                side=side,
            )
            for (instrument_id, side), trades in groups.items()
            if len(trades) >= self.trade_limit
            and (earned := sum(trade.ratio_ppm for trade in trades)) < self.required_ppm
        ]

    def _group(self, trade: FinishedTrade) -> tuple[str, int]:
        return trade.instrument_id, int(trade.side) if self.only_per_side else 0
