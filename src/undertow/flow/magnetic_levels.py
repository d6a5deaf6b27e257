"""Magnetic levels: every price that matters, one object for targets and stops (FLOW-10, RISK-15).

Pieces of evidence (`flow.level_evidence`) whose prices lie within the tolerance of the first of
them are one level. Its strength is 1 - product over its kinds of (1 - the strongest piece of the
kind): several reasons add up, several venues that tell the same do not. Its price is the mean of
the pieces' prices weighted by their strengths, its band spans theirs.
"""

from collections.abc import Iterable, Sequence
from math import inf, isfinite, nan

import msgspec

from undertow.domain.errors import CallerError
from undertow.domain.side import Side
from undertow.flow.asset_flow import AssetFlow
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.flow.level_evidence import Evidence, EvidenceRules, LevelKind, gather_evidence
from undertow.flow.liquidation_map import LiquidationMap

TOLERANCE_BPS = 5.0
BUFFER_BPS = 2.0
"""How far behind a level's band a stop goes, unless told otherwise."""

INSIDE_BPS = 5.0
"""How far before a level's band profit is taken: the price often turns just short of it."""

_ATTRACTS = frozenset({LevelKind.LIQUIDATION, LevelKind.ROUND})


class MagneticLevel(msgspec.Struct, frozen=True):
    """One price with its reasons. side: BUY at or below the price the levels were gathered at (it
    may hold a fall), SELL above. low, high: its band. strength: 0 to 1. liquidation_usd: of the
    largest map. evidence: strongest first.
    """

    price: float
    low: float
    high: float
    side: Side
    strength: float
    liquidation_usd: float
    evidence: tuple[Evidence, ...]

    @property
    def kinds(self) -> frozenset[LevelKind]:
        """What speaks for it."""
        return frozenset(piece.kind for piece in self.evidence)

    @property
    def holds(self) -> bool:
        """Whether something may stop the price there, rather than only draw it on: anything but
        liquidations and round numbers.
        """
        return not self.kinds <= _ATTRACTS


class TakeProfit(msgspec.Struct, frozen=True):
    """A place to take profit: just before `level`, `distance_bps` from the entry."""

    price: float
    distance_bps: float
    level: MagneticLevel


class StopBehind(msgspec.Struct, frozen=True):
    """A place for a stop: just behind `level`, `distance_bps` from the entry."""

    price: float
    distance_bps: float
    level: MagneticLevel


class MagneticLevels(msgspec.Struct, frozen=True):
    """Levels around `price`, ascending. excluded: ids of instruments that had no say."""

    price: float
    levels: tuple[MagneticLevel, ...]
    excluded: tuple[str, ...] = ()

    def above(self, price: float) -> tuple[MagneticLevel, ...]:
        """Levels whose price is higher, the nearest first."""
        return tuple(level for level in self.levels if level.price > price)

    def below(self, price: float) -> tuple[MagneticLevel, ...]:
        """Levels whose price is lower, the nearest first."""
        return tuple(level for level in reversed(self.levels) if level.price < price)

    def targets(self, side: Side, price: float, count: int = 3) -> tuple[MagneticLevel, ...]:
        """The largest levels beyond a price in the direction of a trade, the largest first.

        Larger is more dollars of liquidations, then more strength, then nearer: so the three
        largest clusters come first where clusters are known (FLOW-10)."""
        ahead = self.above(price) if side is Side.BUY else self.below(price)
        ranked = sorted(
            ahead,
            key=lambda level: (-level.liquidation_usd, -level.strength, abs(level.price - price)),
        )
        return tuple(ranked[:count])

    def take_profits(
        self, side: Side, price: float, count: int = 3, *, most_bps: float = inf
    ) -> tuple[TakeProfit, ...]:
        """The largest levels within `most_bps` (see `targets`), the nearest first, each with a
        price `INSIDE_BPS` before its near edge; levels nearer than that are left out.
        """
        found = []
        for level in self.targets(side, price, len(self.levels)):
            edge = level.low if side is Side.BUY else level.high
            inside = edge * (1.0 - int(side) * INSIDE_BPS * 1e-4)
            distance = int(side) * (inside - price) / price * 1e4
            if 0.0 < distance <= most_bps:
                found.append(TakeProfit(inside, distance, level))
        return tuple(sorted(found[:count], key=lambda target: target.distance_bps))

    def stop_behind(
        self,
        side: Side,
        price: float,
        least_bps: float,
        most_bps: float,
        *,
        buffer_bps: float = BUFFER_BPS,
    ) -> StopBehind | None:
        """A stop behind the strongest level that holds, against a position of `side` opened there.

        The stop lies `buffer_bps` beyond the level's band (a share of the ATR, say) and between
        least_bps and most_bps from the price; of equally strong levels the nearer. None when there
        is no such level."""
        if not 0.0 <= least_bps <= most_bps:
            raise CallerError(f"expected 0 <= least_bps <= most_bps, found {least_bps}, {most_bps}")
        behind = self.below(price) if side is Side.BUY else self.above(price)
        best: StopBehind | None = None
        for level in behind:
            edge = level.low if side is Side.BUY else level.high
            stop = edge * (1.0 - int(side) * buffer_bps * 1e-4)
            distance = int(side) * (price - stop) / price * 1e4
            is_fit = level.holds and least_bps <= distance <= most_bps
            if is_fit and (best is None or level.strength > best.level.strength):
                best = StopBehind(stop, distance, level)
        return best


def merge_evidence(
    pieces: Sequence[Evidence], price: float, tolerance_bps: float = TOLERANCE_BPS
) -> tuple[MagneticLevel, ...]:
    """Levels of pieces of evidence, ascending; each spans at most the tolerance from its first
    piece's price."""
    ordered = sorted(pieces, key=lambda piece: (piece.price, piece.kind, piece.source))
    groups: list[list[Evidence]] = []
    for piece in ordered:
        limit = groups[-1][0].price * (1.0 + tolerance_bps * 1e-4) if groups else -1.0
        if piece.price <= limit:
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return tuple(_level(group, price) for group in groups)


def _level(group: list[Evidence], price: float) -> MagneticLevel:
    # In one order whatever order they came in: sums of floats depend on it.
    group = sorted(group, key=lambda p: (-p.strength, p.kind, p.source, p.price))
    total = sum(piece.strength for piece in group)
    centre = sum(piece.price * piece.strength for piece in group) / total
    best: dict[LevelKind, float] = {}
    for piece in group:
        best[piece.kind] = max(best.get(piece.kind, 0.0), piece.strength)
    missed = 1.0
    for strength in best.values():
        missed *= 1.0 - strength
    forced = [piece.usd for piece in group if piece.kind is LevelKind.LIQUIDATION]
    return MagneticLevel(
        price=centre,
        low=min(piece.low for piece in group),
        high=max(piece.high for piece in group),
        side=Side.BUY if centre <= price else Side.SELL,
        strength=1.0 - missed,
        liquidation_usd=max(forced, default=0.0),
        evidence=tuple(group),
    )


def magnetic_levels(
    flow: InstrumentFlow | AssetFlow,
    *,
    maps: Iterable[LiquidationMap] = (),
    rules: EvidenceRules | None = None,
    tolerance_bps: float = TOLERANCE_BPS,
) -> MagneticLevels:
    """The levels of an instrument, or of an asset over its healthy members with dollar quotes.

    The price is the middle, else the last trade (of an asset: the median over members). Without a
    price there are no levels and `price` is NaN."""
    members = (flow,) if isinstance(flow, InstrumentFlow) else _members(flow)
    prices = sorted(price for price in map(_price, members) if isfinite(price))
    every = (flow,) if isinstance(flow, InstrumentFlow) else flow.members
    excluded = tuple(str(m.instrument.instrument_id) for m in every if m not in members)
    if not prices:
        return MagneticLevels(nan, (), excluded)
    half = len(prices) // 2
    price = prices[half] if len(prices) % 2 else (prices[half - 1] + prices[half]) / 2.0
    pieces = gather_evidence(members, tuple(maps), price, rules or EvidenceRules())
    return MagneticLevels(price, merge_evidence(pieces, price, tolerance_bps), excluded)


def _members(flow: AssetFlow) -> tuple[InstrumentFlow, ...]:
    foreign = frozenset(flow.not_in_dollars)
    return tuple(m for m in flow.healthy() if m.instrument.instrument_id not in foreign)


def _price(member: InstrumentFlow) -> float:
    mid = member.mid_price
    return mid if isfinite(mid) else member.last_price or nan
