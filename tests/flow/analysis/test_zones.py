from collections.abc import Callable
from typing import Any

import pytest

from undertow.domain.side import Side
from undertow.flow.zones import (
    Zone,
    ZoneKind,
    ZoneRules,
    ZoneStatus,
    find_zones,
    zone_ahead,
    zone_at,
    zone_tolerance,
)

Make = Callable[..., Any]
Row = tuple[int, int, int, int, int, int]
CALM = (10_000, 10_020, 9_990, 10_010, 5, 5)
HAMMER = (10_000, 10_010, 9_900, 10_005, 20, 20)
MADE = [CALM] * 20 + [HAMMER, CALM, CALM]


def _only(bars: Any) -> Zone:
    (zone,) = find_zones(bars)
    return zone


def test_a_rejected_low_with_volume_makes_a_demand_zone(bars_of: Make) -> None:
    bars = bars_of(MADE, 900)
    zone = _only(bars)
    assert (zone.kind, zone.low_ticks, zone.high_ticks) == (ZoneKind.DEMAND, 9_900, 10_000)
    assert (zone.status, zone.strength, zone.tests) == (ZoneStatus.FRESH, 100, 0)
    assert zone.volume_lots == 40
    assert zone.created_ns == 23 * 900 * 10**9
    assert find_zones(bars[:-1]) == ()


@pytest.mark.parametrize(
    "row",
    [
        (10_000, 10_010, 9_900, 10_005, 9, 10),  # volume below twice the median
        (9_940, 10_010, 9_900, 10_005, 20, 20),  # wick below half the range
    ],
)
def test_without_volume_or_wick_there_is_no_zone(row: tuple[int, ...], bars_of: Make) -> None:
    assert find_zones(bars_of([CALM] * 20 + [row, CALM, CALM], 900)) == ()


def _visits(count: int) -> list[Row]:
    away = (10_050, 10_060, 10_040, 10_050, 5, 5)
    return [away, (10_020, 10_030, 9_990, 10_020, 5, 5)] * count + [away]


@pytest.mark.parametrize(
    ("visits", "tests", "status", "strength"),
    [
        (0, 0, ZoneStatus.FRESH, 100),
        (1, 1, ZoneStatus.TESTED, 70),
        (2, 2, ZoneStatus.TESTED, 70),
        (3, 3, ZoneStatus.TESTED, 40),
    ],
)
def test_entries_from_outside_are_tests(
    visits: int, tests: int, status: ZoneStatus, strength: int, bars_of: Make
) -> None:
    zone = _only(bars_of(MADE + _visits(visits), 900))
    assert (zone.tests, zone.status, zone.strength) == (tests, status, strength)


@pytest.mark.parametrize(("close", "is_broken"), [(9_900, False), (9_891, False), (9_890, True)])
def test_a_close_beyond_by_a_thousandth_breaks_it(
    close: int, is_broken: bool, bars_of: Make
) -> None:
    zone = _only(bars_of([*MADE, (9_950, 9_960, 9_880, close, 5, 5)], 900))
    assert (zone.status is ZoneStatus.BROKEN) is is_broken
    assert (zone.strength == 0) is is_broken


def test_overlapping_zones_merge(bars_of: Make) -> None:
    second = [(10_050, 10_060, 10_040, 10_050, 5, 5)] * 20
    again = (9_990, 10_010, 9_880, 9_995, 20, 20)
    zone = _only(bars_of([*MADE, *second, again, second[0], second[0]], 900))
    assert (zone.low_ticks, zone.high_ticks, zone.volume_lots) == (9_880, 10_000, 80)
    assert (zone.created_ns, zone.tests) == (23 * 900 * 10**9, 1)


def _facts(zone: Zone, sign: int) -> tuple[int, ...]:
    edges = sorted((sign * zone.low_ticks, sign * zone.high_ticks))
    return (sign * zone.side, *edges, zone.created_ns, zone.tests, zone.strength, zone.volume_lots)


def test_the_mirror_has_the_mirrored_zones(random_bars: Make, mirrored: Make) -> None:
    bars = random_bars(6, 600, 900)
    loose = ZoneRules(volume_multiple=1.0, wick_share=0.2)
    found, mirror = find_zones(bars, loose), find_zones(mirrored(bars), loose)
    assert len(found) > 5
    assert {zone.kind for zone in found} == set(ZoneKind)
    assert {zone.status for zone in found} == set(ZoneStatus)
    assert sorted(_facts(z, 1) for z in found) == sorted(_facts(z, -1) for z in mirror)


def test_the_past_is_never_repainted(random_bars: Make) -> None:
    bars, loose = random_bars(7, 300, 900), ZoneRules(volume_multiple=1.0, wick_share=0.2)
    other = random_bars(8, 300, 900)
    for cut in range(30, 300, 45):
        known = find_zones(bars[:cut], loose)
        joined = bars.copy()
        for name in ("open_ticks", "high_ticks", "low_ticks", "close_ticks", "buy_lots"):
            joined[name][cut:] = other[name][cut:]
        assert find_zones(joined[:cut], loose) == known
        now_ns = cut * 900 * 10**9
        later = [z for z in find_zones(joined, loose) if z.created_ns <= now_ns]
        for zone in known:
            assert any(z.low_ticks <= zone.low_ticks <= z.high_ticks for z in later)


def _zone(kind: ZoneKind, low: int, high: int, strength: int = 100) -> Zone:
    status = ZoneStatus.FRESH if strength else ZoneStatus.BROKEN
    return Zone(kind, low, high, 0, 0, status, strength, 1)


def test_zone_at_gives_the_strongest_that_supports_the_side() -> None:
    weak, strong = _zone(ZoneKind.DEMAND, 90, 110, 40), _zone(ZoneKind.DEMAND, 95, 105)
    supply, broken = _zone(ZoneKind.SUPPLY, 98, 102), _zone(ZoneKind.DEMAND, 99, 101, 0)
    zones = (weak, strong, supply, broken)
    assert zone_at(zones, 100, Side.BUY) == strong
    assert zone_at(zones, 108, Side.BUY) == weak
    assert zone_at(zones, 100, Side.SELL) == supply
    assert zone_at(zones, 112, Side.BUY) is None
    assert zone_at(zones, 112, Side.BUY, 2.0) == weak


def test_zone_ahead_is_the_nearest_obstacle() -> None:
    near, far = _zone(ZoneKind.SUPPLY, 120, 125), _zone(ZoneKind.SUPPLY, 130, 140)
    below = _zone(ZoneKind.DEMAND, 80, 90)
    zones = (far, near, below, _zone(ZoneKind.SUPPLY, 110, 112, 0))
    assert zone_ahead(zones, 100, Side.BUY) == near
    assert zone_ahead(zones, 100, Side.SELL) == below
    assert zone_ahead(zones, 85, Side.SELL) is None


def test_near_is_the_wider_of_price_and_range() -> None:
    assert zone_tolerance(10_000, 20.0) == 10.0
    assert zone_tolerance(-10_000, 80.0) == 20.0


def test_too_few_bars_have_no_zones(bars_of: Make) -> None:
    assert find_zones(bars_of([CALM] * 20, 900)) == ()
    assert find_zones(bars_of([(5, 5, 5, 5, 0, 0)] * 60, 900)) == ()
