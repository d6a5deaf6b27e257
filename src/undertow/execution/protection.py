"""The protection of a position as others may see it."""

import msgspec

from undertow.domain.identity import InstrumentId, StrategyId
from undertow.domain.side import Side


class Protection(msgspec.Struct, frozen=True, gc=False):
    """Prices in ticks, 0 = none; `side` is the position's.

    stop_ticks: trigger of the order that rests at the venue, as last confirmed. planned_ticks:
    where it should be. extreme_ticks: best price since the entry, as far as the desk was told.
    """

    strategy: StrategyId
    instrument_id: InstrumentId
    side: Side = Side.BUY
    stop_ticks: int = 0
    planned_ticks: int = 0
    extreme_ticks: int = 0
    take_profit_ticks: int = 0
    trail_ppm: int = 0
