"""Equity has fallen too far from its best within a stretch of time."""

from enum import StrEnum
from typing import Annotated, ClassVar

import msgspec

from undertow.domain.parameter import declare, integer_range
from undertow.domain.time import NS_PER_S
from undertow.risk.protections.protection import Lock, LookBack, Reach

_PPM = 1_000_000


class DrawdownOf(StrEnum):
    """EQUITY: marked-to-market equity, open positions included. TRADES: closed trades' returns."""

    EQUITY = "equity"
    TRADES = "trades"


class DrawdownGuard(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="drawdown_guard"
):
    """A fall of `max_ppm` from the best within `lookback_s` locks everything for `stop_s`.

    With `measure` EQUITY the fall is that of marked equity, so that it can be seen, and flattened,
    while positions are still open. TRADES compounds the returns of closed trades in the order in
    which they ended. trade_limit: with fewer trades in the look-back the guard is silent. When a
    lock is over the best is sought anew from there: a fall is punished once.
    """

    name: ClassVar[str] = "drawdown_guard"
    lookback_s: Annotated[
        int, declare(integer_range(600, 2_592_000, step=600, space="protection"))
    ] = 86_400
    max_ppm: Annotated[
        int, declare(integer_range(10_000, 500_000, step=10_000, space="protection"))
    ] = 100_000
    stop_s: Annotated[int, declare(integer_range(60, 604_800, step=60, space="protection"))] = (
        43_200
    )
    trade_limit: int = 0
    measure: DrawdownOf = DrawdownOf.EQUITY
    reach: Reach = Reach.FLATTEN

    def locks(self, seen: LookBack) -> list[Lock]:
        """One lock of everything when the fall is too deep."""
        if len(seen.trades) < self.trade_limit:
            return []
        fallen = self._fallen_ppm(seen)
        if fallen < self.max_ppm:
            return []
        words = f"fell {fallen / 10_000:.2f} % within {self.lookback_s} s"
        if self.measure is DrawdownOf.TRADES:
            until_ns = seen.until_ns(seen.trades, self.stop_s)
        else:
            until_ns = seen.now_ns + self.stop_s * NS_PER_S
        return [Lock(self.name, until_ns, f"{self.measure} {words}", self.reach)]

    def _fallen_ppm(self, seen: LookBack) -> int:
        # The present fall from the best: a fall that has been made good is no reason to stop.
        levels = [mark.amount for mark in seen.marks]
        if self.measure is DrawdownOf.TRADES:
            levels = [_PPM * _PPM]
            for trade in seen.trades:
                levels.append(max(0, levels[-1] + levels[-1] * trade.ratio_ppm // _PPM))
        best = max(levels, default=0)
        return (best - levels[-1]) * _PPM // best if best > 0 else 0
