"""Heatmap of an asset: resting base coins of all its venues over time and price.

Columns of the members are put together by the stretch of event time they were due in; a stretch in
which one of them has no column (its book was not synced) is left out, because a missing venue would
look like vanished liquidity. Rows are a share of the asset's price, each member's row counting at
the price of its middle.
"""

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import CallerError
from undertow.domain.fixed import power_of_ten
from undertow.domain.instrument import MarketKind
from undertow.domain.time import NS_PER_S
from undertow.flow.asset_flow import AssetFlow
from undertow.flow.heatmap import Heatmap
from undertow.flow.instrument_flow import InstrumentFlow

Floats = NDArray[np.float64]


class AssetHeatmap(msgspec.Struct, frozen=True, eq=False):
    """heatmap: as of one instrument, but cells are base coins and rows `row_height` of money high
    (`row_ticks` 1, `low_ticks` the number of each row). members: ids that are in it. excluded: ids
    of members that are not healthy, have another quote or no column.
    """

    heatmap: Heatmap
    members: tuple[str, ...]
    excluded: tuple[str, ...]


def asset_heatmap(
    flow: AssetFlow, *, kind: MarketKind | None = None, row_bps: float = 4.0
) -> AssetHeatmap:
    """The heatmap of an asset's members, of one kind or of all; empty without a common column."""
    if not row_bps > 0.0:
        raise CallerError(f"expected row_bps above 0, found {row_bps!r}")
    foreign = frozenset(flow.not_in_dollars)
    wanted = [one for one in flow.members if kind is None or one.instrument.kind is kind]
    maps = {
        one: one.heatmap()
        for one in wanted
        if one.is_healthy and one.instrument.instrument_id not in foreign
    }
    maps = {one: found for one, found in maps.items() if len(found)}
    members = tuple(str(one.instrument.instrument_id) for one in maps)
    excluded = tuple(str(one.instrument.instrument_id) for one in wanted if one not in maps)
    return AssetHeatmap(_joined(maps, row_bps), members, excluded)


def _joined(maps: dict[InstrumentFlow, Heatmap], row_bps: float) -> Heatmap:
    every_s = max((found.every_s for found in maps.values()), default=1)
    stretches = [found.times_ns // (every_s * NS_PER_S) for found in maps.values()]
    common = stretches[0] if stretches else np.zeros(0, np.int64)
    for other in stretches[1:]:
        common = np.intersect1d(common, other)
    if len(common) == 0:
        none, empty = np.zeros((0, 0)), np.zeros(0, np.int64)
        return Heatmap(empty, np.zeros(0), empty, np.zeros(0), 1, 1.0, every_s, none, none)
    height = float(np.median([_middle(found) for found in maps.values()])) * row_bps * 1e-4
    parts = []
    for (member, found), own in zip(maps.items(), stretches, strict=True):
        middles = found.prices + found.row_height / 2.0
        taken = np.isin(own, common)
        scale = _coins(member, middles)
        rows = np.floor(middles / height).astype(np.int64)
        parts.append((rows, found.bid_lots[taken] * scale, found.ask_lots[taken] * scale))
    first = int(min(rows.min() for rows, _, _ in parts))
    count = int(max(rows.max() for rows, _, _ in parts)) - first + 1
    bids, asks = np.zeros((2, len(common), count))
    for rows, bid, ask in parts:
        np.add.at(bids.T, rows - first, bid.T)
        np.add.at(asks.T, rows - first, ask.T)
    numbers = first + np.arange(count)
    gaps = np.append(np.minimum(np.diff(common), 2), 1) * every_s
    return Heatmap(
        times_ns=common * (every_s * NS_PER_S),
        seconds=gaps.astype(np.float64),
        low_ticks=numbers,
        prices=numbers.astype(np.float64) * height,
        row_ticks=1,
        row_height=height,
        every_s=every_s,
        bid_lots=bids,
        ask_lots=asks,
    )


def _middle(found: Heatmap) -> float:
    # Of the last column, between the highest bid row and the lowest ask row.
    bid = found.prices[np.flatnonzero(found.bid_lots[-1])[-1]]
    ask = found.prices[np.flatnonzero(found.ask_lots[-1])[0]]
    return float(bid + ask + found.row_height) / 2.0


def _coins(member: InstrumentFlow, prices: Floats) -> Floats:
    # Base coins of one lot at each price.
    step, size = member.instrument.qty_step, member.instrument.contract_size
    lot = step.coefficient * size.coefficient / power_of_ten(step.digits + size.digits)
    return lot / prices if member.is_inverse else np.full(len(prices), lot)
