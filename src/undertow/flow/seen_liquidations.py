"""Liquidations that happened, by price: the last forced orders of instruments (VEN-23).

They show where positions were crowded a moment ago. Venues tell only some of their forced orders
(one a second and instrument at several), so sums are a lower bound.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import CallerError
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.flow.liquidation_map import LiquidationMap, liquidation_map
from undertow.flow.traded_value import TradedValue

Floats = NDArray[np.float64]


def seen_liquidations(
    members: Iterable[InstrumentFlow], width: float, since_ns: int = 0
) -> LiquidationMap:
    """The map of the members' kept forced orders from `since_ns` on, in buckets of `width`.

    Members must be of one asset and count their prices in the same money; source `seen`."""
    found = [_forced(member, since_ns) for member in members]
    if not found:
        raise CallerError("expected one or more instruments, found none")
    side, prices, usd, times = (np.concatenate(column) for column in zip(*found, strict=True))
    longs, shorts = side < 0, side > 0
    return liquidation_map(
        source="seen",
        as_of_ns=int(times.max()) if len(times) else 0,
        width=width,
        longs=(prices[longs], usd[longs]),
        shorts=(prices[shorts], usd[shorts]),
    )


def _forced(member: InstrumentFlow, since_ns: int) -> tuple[Floats, Floats, Floats, Floats]:
    rows = member.liquidations()
    rows = rows[(rows["event_ns"] >= since_ns) & (rows["ticks"] > 0)]
    value = TradedValue(member.instrument)
    ticks, lots = rows["ticks"], rows["lots"]
    usd = [
        value.quote((n, 0, float(t) * n, 0.0, 0.0, 0.0))[0]
        for t, n in zip(ticks.tolist(), lots.tolist(), strict=True)
    ]
    prices = ticks * member.instrument.price_float(1)
    return rows["side"], prices, np.array(usd, np.float64), rows["event_ns"]
