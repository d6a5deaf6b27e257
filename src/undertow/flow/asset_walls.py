"""Walls of an asset over its venues: the same price defended at several places is one wall.

The walls of the healthy members with dollar quotes that pass the spoof filter (`flow.walls`), side
by side; those within the tolerance of the first of them, in order of price, are one.
"""

import msgspec

from undertow.domain.errors import CallerError
from undertow.domain.instrument import MarketKind
from undertow.domain.side import Side
from undertow.flow.asset_flow import AssetFlow
from undertow.flow.walls import LEAST_AGE_S, LEAST_PERSISTENCE, Wall


class AssetWall(msgspec.Struct, frozen=True):
    """price, persistence: means weighted by dollars. low, high: lowest and highest price of its
    walls. usd: of all. age_s: of the oldest. walls: each with the id of its instrument, the largest
    first.
    """

    side: Side
    price: float
    low: float
    high: float
    usd: float
    persistence: float
    age_s: int
    walls: tuple[tuple[str, Wall], ...]

    @property
    def venues(self) -> int:
        """How many instruments it stands at."""
        return len({name for name, _ in self.walls})


def asset_walls(
    flow: AssetFlow,
    *,
    kind: MarketKind | None = None,
    tolerance_bps: float = 3.0,
    least_persistence: float = LEAST_PERSISTENCE,
    least_age_s: int = LEAST_AGE_S,
) -> tuple[AssetWall, ...]:
    """Walls of an asset, of one kind of market or of all, the largest in dollars first."""
    if not tolerance_bps >= 0.0:
        raise CallerError(f"expected a tolerance of 0 bps or more, found {tolerance_bps!r}")
    foreign = frozenset(flow.not_in_dollars)
    found = [
        (str(member.instrument.instrument_id), wall)
        for member in flow.healthy(kind)
        if member.instrument.instrument_id not in foreign
        for wall in member.walls(least_persistence=least_persistence, least_age_s=least_age_s)
    ]
    found.sort(key=lambda pair: (pair[1].side, pair[1].price, pair[0]))
    groups: list[list[tuple[str, Wall]]] = []
    for name, wall in found:
        first = groups[-1][0][1] if groups else None
        is_same = first is not None and first.side is wall.side
        if first and is_same and wall.price <= first.price * (1.0 + tolerance_bps * 1e-4):
            groups[-1].append((name, wall))
        else:
            groups.append([(name, wall)])
    walls = [_merged(group) for group in groups]
    return tuple(sorted(walls, key=lambda one: (-one.usd, one.price)))


def _merged(group: list[tuple[str, Wall]]) -> AssetWall:
    walls = [wall for _, wall in group]
    usd = sum(wall.usd for wall in walls)
    return AssetWall(
        side=walls[0].side,
        price=sum(wall.price * wall.usd for wall in walls) / usd,
        low=walls[0].price,
        high=walls[-1].price,
        usd=usd,
        persistence=sum(wall.persistence * wall.usd for wall in walls) / usd,
        age_s=max(wall.age_s for wall in walls),
        walls=tuple(sorted(group, key=lambda pair: (-pair[1].usd, pair[0], pair[1].price))),
    )
