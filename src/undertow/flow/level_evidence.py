"""Evidence for prices that matter, gathered from a flow: each piece with its kind and strength.

Own strength of a piece, 0 to 1:

* wall: persistence * dollars over those of the largest wall gathered (after the spoof filter);
* heat: share of the time it was present * density over the largest density of its book;
* liquidation: dollars over those of the largest cluster of its map;
* point of control 1, edges of the value area 0.7;
* zone: its strength / 100, nothing when broken;
* swing: 0.8 for each newer swing point of its side;
* VWAP 1, its bands 0.6;
* round number 1.

A piece counts times the weight of its kind (`EvidenceRules.weights`). Closed bars, confirmed swing
points and the book up to the last look only.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum

import msgspec

from undertow.domain.errors import ConfigurationError
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.flow.liquidation_map import LEAST_CLUSTER_USD, LiquidationMap
from undertow.flow.stable_levels import stable_levels
from undertow.flow.swings import swings
from undertow.flow.volume_profile import volume_profile
from undertow.flow.vwap import vwap_bands
from undertow.flow.walls import LEAST_AGE_S, LEAST_PERSISTENCE
from undertow.flow.zones import ZoneStatus, find_zones


class LevelKind(StrEnum):
    """What makes a price matter."""

    WALL = "wall"
    HEAT = "heat"
    LIQUIDATION = "liquidation"
    POINT_OF_CONTROL = "point_of_control"
    VALUE_EDGE = "value_edge"
    ZONE = "zone"
    SWING = "swing"
    VWAP = "vwap"
    VWAP_BAND = "vwap_band"
    ROUND = "round"


WEIGHTS: dict[str, float] = {
    LevelKind.WALL: 0.6,
    LevelKind.HEAT: 0.5,
    LevelKind.LIQUIDATION: 0.7,
    LevelKind.POINT_OF_CONTROL: 0.5,
    LevelKind.VALUE_EDGE: 0.4,
    LevelKind.ZONE: 0.6,
    LevelKind.SWING: 0.4,
    LevelKind.VWAP: 0.4,
    LevelKind.VWAP_BAND: 0.25,
    LevelKind.ROUND: 0.1,
}
"""Set by hand: what is measured in money weighs more than what everybody draws."""


class EvidenceRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """weights: of each kind, 0 leaves it out. least_persistence, least_age_s: the spoof filter of
    walls. structure_s, structure_bars: bars of zones and swing points. swing_count: newest swing
    points of each side. vwap_minutes: minutes of the VWAP. profile_minutes: 1 .. 15. least_cluster:
    dollars. round_step: distance of round numbers in quote units, 0 = none. reach_bps: nothing
    farther from the price is gathered.
    """

    weights: dict[str, float] = msgspec.field(default_factory=lambda: dict(WEIGHTS))
    least_persistence: float = LEAST_PERSISTENCE
    least_age_s: int = LEAST_AGE_S
    structure_s: int = 900
    structure_bars: int = 200
    swing_count: int = 3
    vwap_minutes: int = 240
    profile_minutes: int = 15
    least_cluster: float = LEAST_CLUSTER_USD
    round_step: float = 0.0
    reach_bps: float = 1000.0

    def __post_init__(self) -> None:
        unknown = sorted(set(self.weights) - set(LevelKind))
        if unknown:
            raise ConfigurationError(f"expected kinds of {sorted(LevelKind)}, found {unknown}")
        if not all(0.0 <= weight <= 1.0 for weight in self.weights.values()):
            raise ConfigurationError(f"expected weights of 0 to 1, found {self.weights}")
        if self.round_step < 0.0 or self.reach_bps <= 0.0:
            raise ConfigurationError("expected round_step of at least 0 and reach_bps above 0")


class Evidence(msgspec.Struct, frozen=True, gc=False):
    """One reason for a price. source: instrument id or who made the map. low, high: its band (both
    the price for a line). strength: own strength times its kind's weight. usd: money behind it, 0
    when it is none.
    """

    kind: LevelKind
    source: str
    price: float
    low: float
    high: float
    strength: float
    usd: float = 0.0


def gather_evidence(
    members: Sequence[InstrumentFlow],
    maps: Sequence[LiquidationMap],
    price: float,
    rules: EvidenceRules,
) -> tuple[Evidence, ...]:
    """Evidence of instruments of one asset and money around a price, ascending in price."""
    found = [*_walls(members, rules), *_round_numbers(price, rules)]
    for member in members:
        found += [*_heat(member), *_profile(member, rules)]
        found += [*_structure(member, rules), *_vwap(member, rules)]
    for one in maps:
        found += _clusters(one, rules)
    reach = rules.reach_bps * 1e-4 * price
    weighed = [
        msgspec.structs.replace(piece, strength=piece.strength * rules.weights.get(piece.kind, 0.0))
        for piece in found
        if abs(piece.price - price) <= reach
    ]
    kept = [piece for piece in weighed if piece.strength > 0.0]
    kept.sort(key=lambda piece: (piece.price, piece.kind, piece.source))
    return tuple(kept)


def _name(member: InstrumentFlow) -> str:
    return str(member.instrument.instrument_id)


def _line(kind: LevelKind, source: str, price: float, strength: float) -> Evidence:
    return Evidence(kind, source, price, price, price, strength)


def _walls(members: Sequence[InstrumentFlow], rules: EvidenceRules) -> Iterator[Evidence]:
    walls = [
        (_name(member), wall)
        for member in members
        for wall in member.walls(
            least_persistence=rules.least_persistence, least_age_s=rules.least_age_s
        )
    ]
    largest = max((wall.usd for _, wall in walls), default=0.0)
    for source, wall in walls:
        strength = wall.persistence * wall.usd / largest
        line = _line(LevelKind.WALL, source, wall.price, strength)
        yield msgspec.structs.replace(line, usd=wall.usd)


def _heat(member: InstrumentFlow) -> Iterator[Evidence]:
    levels = stable_levels(member.heatmap())
    densest = max((level.density for level in levels), default=1.0)
    for level in levels:
        strength = level.present * level.density / densest
        yield Evidence(LevelKind.HEAT, _name(member), level.price, level.low, level.high, strength)


def _clusters(one: LiquidationMap, rules: EvidenceRules) -> Iterator[Evidence]:
    clusters = one.clusters(rules.least_cluster)
    largest = max((cluster.usd for cluster in clusters), default=1.0)
    for cluster in clusters:
        yield Evidence(
            LevelKind.LIQUIDATION,
            one.source,
            cluster.price,
            cluster.low,
            cluster.high,
            cluster.usd / largest,
            cluster.usd,
        )


def _profile(member: InstrumentFlow, rules: EvidenceRules) -> Iterator[Evidence]:
    profile = volume_profile(*member.price_volume(rules.profile_minutes))
    if profile is None:
        return
    tick, height = member.instrument.price_float(1), profile.row_ticks - 1
    centre = (profile.poc_ticks + height / 2.0) * tick
    yield _line(LevelKind.POINT_OF_CONTROL, _name(member), centre, 1.0)
    for ticks in (profile.val_ticks, profile.vah_ticks + height):
        yield _line(LevelKind.VALUE_EDGE, _name(member), ticks * tick, 0.7)


def _structure(member: InstrumentFlow, rules: EvidenceRules) -> Iterator[Evidence]:
    bars = member.bars(rules.structure_s, rules.structure_bars)
    tick, name = member.instrument.price_float(1), _name(member)
    for zone in find_zones(bars):
        if zone.status is not ZoneStatus.BROKEN:
            low, high = zone.low_ticks * tick, zone.high_ticks * tick
            near = high if zone.side > 0 else low
            yield Evidence(LevelKind.ZONE, name, near, low, high, zone.strength / 100.0)
    points = swings(bars)
    for side in (1, -1):
        newest = [point for point in reversed(points) if point.side == side]
        for place, point in enumerate(newest[: rules.swing_count]):
            yield _line(LevelKind.SWING, name, point.ticks * tick, 0.8**place)


def _vwap(member: InstrumentFlow, rules: EvidenceRules) -> Iterator[Evidence]:
    bands = vwap_bands(member.bars(60, rules.vwap_minutes))
    tick, name = member.instrument.price_float(1), _name(member)
    if bands.vwap == bands.vwap:
        yield _line(LevelKind.VWAP, name, bands.vwap * tick, 1.0)
        for ticks in (bands.lower, bands.upper):
            yield _line(LevelKind.VWAP_BAND, name, ticks * tick, 0.6)


def _round_numbers(price: float, rules: EvidenceRules) -> Iterator[Evidence]:
    if rules.round_step == 0.0:
        return
    reach = rules.reach_bps * 1e-4 * price
    first = int(-(-(price - reach) // rules.round_step))
    last = int((price + reach) // rules.round_step)
    for number in range(max(first, 1), last + 1):
        yield _line(LevelKind.ROUND, "", number * rules.round_step, 1.0)
