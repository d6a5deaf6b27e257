"""Supply and demand zones: where price was rejected with volume, and what became of it (FLOW-32).

A demand zone is the lower wick of a confirmed swing low whose volume is at least twice the median
of the bars before it and whose wick is at least half its range; a supply zone is the mirror.
Zones of one kind that overlap while unbroken are merged (the older keeps its date and its tests).
A test is an entry into the zone from outside after it is known. A close beyond the far edge by
more than 0.1 % breaks it. Usually on 15-minute bars. Closed bars only, and a zone exists only from
the bar that confirms its swing point: nothing is repainted, so any prefix of the bars gives the
state that was known then.
"""

from enum import StrEnum

import msgspec
import numpy as np

from undertow.domain.side import Side
from undertow.flow.bar_length import bar_length_ns
from undertow.flow.flow_view import Bars
from undertow.flow.swings import swings


class ZoneKind(StrEnum):
    """DEMAND holds under the price, SUPPLY above it."""

    DEMAND = "demand"
    SUPPLY = "supply"


class ZoneStatus(StrEnum):
    """FRESH was never entered again, TESTED was and held, BROKEN did not hold."""

    FRESH = "fresh"
    TESTED = "tested"
    BROKEN = "broken"


class Zone(msgspec.Struct, frozen=True, gc=False):
    """`created_ns`: close of the bar that made it known. `volume_lots`: of the bars that made it.

    `strength`: 100 fresh, 70 tested once or twice, 40 tested more often, 0 broken.
    """

    kind: ZoneKind
    low_ticks: int
    high_ticks: int
    created_ns: int
    tests: int
    status: ZoneStatus
    strength: int
    volume_lots: int

    @property
    def side(self) -> int:
        """+1 for demand, -1 for supply: the side of a trade it supports."""
        return 1 if self.kind is ZoneKind.DEMAND else -1


class ZoneRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What makes and breaks a zone.

    swing_strength: bars on each side of the swing point. volume_period: bars of the median before
    it. volume_multiple: times that median. wick_share: of the range. break_share: of the price.
    """

    swing_strength: int = 2
    volume_period: int = 20
    volume_multiple: float = 2.0
    wick_share: float = 0.5
    break_share: float = 0.001


DEFAULT_RULES = ZoneRules()


class _Live:
    # A zone while the bars are read; side +1 is demand. Edges near and far as seen by the price.
    def __init__(self, side: int, low: int, high: int, created_ns: int, volume: int) -> None:
        self.side, self.low, self.high = side, low, high
        self.created_ns, self.volume = created_ns, volume
        self.tests, self.is_inside, self.is_broken = 0, True, False

    def touches(self, low: int, high: int) -> bool:
        return low <= self.high and high >= self.low

    def on_bar(self, high: int, low: int, close: int, break_share: float) -> None:
        if self.is_broken:
            return
        far = self.low if self.side > 0 else self.high
        if self.side * (close - far) < -break_share * abs(far):
            self.is_broken = True
            return
        is_inside = self.touches(low, high)
        self.tests += is_inside and not self.is_inside
        self.is_inside = is_inside

    def zone(self) -> Zone:
        status, strength = ZoneStatus.BROKEN, 0
        if not self.is_broken:
            status = ZoneStatus.TESTED if self.tests else ZoneStatus.FRESH
            strength = 100 if self.tests == 0 else (70 if self.tests <= 2 else 40)
        return Zone(
            kind=ZoneKind.DEMAND if self.side > 0 else ZoneKind.SUPPLY,
            low_ticks=self.low,
            high_ticks=self.high,
            created_ns=self.created_ns,
            tests=self.tests,
            status=status,
            strength=strength,
            volume_lots=self.volume,
        )


def find_zones(bars: Bars, rules: ZoneRules = DEFAULT_RULES) -> tuple[Zone, ...]:
    """Every zone of the bars in its state after the last of them, oldest first, broken included."""
    if len(bars) < max(2 * rules.swing_strength + 1, rules.volume_period + 1):
        return ()
    made = _new_zones(bars, rules)
    columns = [bars[name].tolist() for name in ("high_ticks", "low_ticks", "close_ticks")]
    live: list[_Live] = []
    for i, (high, low, close) in enumerate(zip(*columns, strict=True)):
        for zone in live:
            zone.on_bar(high, low, close, rules.break_share)
        for fresh in made.get(i, ()):
            fresh.is_inside = fresh.touches(low, high)
            live = _merged(live, fresh)
    return tuple(zone.zone() for zone in sorted(live, key=lambda zone: (zone.created_ns, zone.low)))


def _new_zones(bars: Bars, rules: ZoneRules) -> dict[int, list[_Live]]:
    # New zones by the place of the bar that confirms them.
    volume = bars["buy_lots"] + bars["sell_lots"]
    length = bar_length_ns(bars)
    made: dict[int, list[_Live]] = {}
    for point in swings(bars, rules.swing_strength):
        i = point.bar
        if i < rules.volume_period:
            continue
        opened, close = int(bars["open_ticks"][i]), int(bars["close_ticks"][i])
        high, low = int(bars["high_ticks"][i]), int(bars["low_ticks"][i])
        if point.side < 0:
            side, bottom, top = 1, low, min(opened, close)
        else:
            side, bottom, top = -1, max(opened, close), high
        if top == bottom or top - bottom < rules.wick_share * (high - low):
            continue
        median = float(np.median(volume[i - rules.volume_period : i]))
        if median > 0.0 and volume[i] >= rules.volume_multiple * median:
            known_ns = int(bars["open_time_ns"][point.confirmed_bar]) + length
            fresh = _Live(side, bottom, top, known_ns, int(volume[i]))
            made.setdefault(point.confirmed_bar, []).append(fresh)
    return made


def _merged(live: list[_Live], fresh: _Live) -> list[_Live]:
    kept = []
    for zone in live:
        is_alike = zone.side == fresh.side and not zone.is_broken
        if is_alike and zone.touches(fresh.low, fresh.high):
            fresh.low, fresh.high = min(fresh.low, zone.low), max(fresh.high, zone.high)
            fresh.created_ns = min(fresh.created_ns, zone.created_ns)
            fresh.tests = max(fresh.tests, zone.tests)
            fresh.volume += zone.volume
            fresh.is_inside = fresh.is_inside or zone.is_inside
        else:
            kept.append(zone)
    return [*kept, fresh]


def zone_tolerance(ticks: float, atr_ticks: float) -> float:
    """How near is near, in ticks: the larger of 0.1 % of the price and a quarter of the ATR."""
    return max(0.001 * abs(ticks), 0.25 * atr_ticks)


def zone_at(
    zones: tuple[Zone, ...], ticks: float, side: Side, tolerance_ticks: float = 0.0
) -> Zone | None:
    """The unbroken zone that supports a trade of `side` at this price: the strongest one that holds
    it within the tolerance, then the one with the nearer middle, then the newer.
    """
    near = [
        zone
        for zone in zones
        if zone.side == side
        and zone.status is not ZoneStatus.BROKEN
        and zone.low_ticks - tolerance_ticks <= ticks <= zone.high_ticks + tolerance_ticks
    ]
    if not near:
        return None
    return min(
        near,
        key=lambda zone: (
            -zone.strength,
            abs(2 * ticks - zone.low_ticks - zone.high_ticks),
            -zone.created_ns,
        ),
    )


def zone_ahead(zones: tuple[Zone, ...], ticks: float, side: Side) -> Zone | None:
    """The nearest unbroken zone against a trade of `side` beyond the price: its natural target."""
    ahead = [
        zone
        for zone in zones
        if zone.side == -side
        and zone.status is not ZoneStatus.BROKEN
        and side * (_near_edge(zone) - ticks) > 0
    ]
    return min(ahead, key=lambda zone: abs(_near_edge(zone) - ticks)) if ahead else None


def _near_edge(zone: Zone) -> int:
    # The edge that a price coming from outside meets first.
    return zone.high_ticks if zone.side > 0 else zone.low_ticks
