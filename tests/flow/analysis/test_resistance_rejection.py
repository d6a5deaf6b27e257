from collections.abc import Callable
from typing import Any

import pytest

from undertow.domain.errors import CallerError
from undertow.domain.side import Side
from undertow.flow.resistance_rejection import (
    DEFAULT_REJECTION,
    RejectionRules,
    level_rejection,
    resistance_rejection,
)
from undertow.flow.zones import Zone, ZoneKind, ZoneStatus

Make = Callable[..., Any]
MINUTE = 60 * 10**9
AWAY = (9_900, 9_920, 9_880, 9_900, 5, 5)


def _try(volume: int, high: int = 10_020) -> tuple[int, ...]:
    return (9_900, high, 9_890, 9_950, volume, 0)


def _at(bars: Any, rules: RejectionRules = DEFAULT_REJECTION, side: Side = Side.BUY) -> Any:
    edges = (10_000, 10_050) if side is Side.BUY else (-10_050, -10_000)
    return level_rejection(bars, *edges, side, rules)


def test_wick_repeated_tries_and_fading_volume_reject(bars_of: Make) -> None:
    bars = bars_of([AWAY, _try(50), AWAY, _try(40), AWAY, _try(30)])
    found = _at(bars)
    assert (found.side, found.signs, found.strength) == (-1, 3, 1.0)
    assert [one.volume_lots for one in found.attempts] == [50.0, 40.0, 30.0]
    assert [one.is_over for one in found.attempts] == [True, True, False]
    assert found.attempts[0].wick_share == pytest.approx(70 / 9_950)
    assert (found.attempts[0].start_ns, found.attempts[0].end_ns) == (MINUTE, 2 * MINUTE)


def test_the_mirror_is_a_rejection_at_demand(bars_of: Make, mirrored: Make) -> None:
    bars = bars_of([AWAY, _try(50), AWAY, _try(40)])
    found = _at(mirrored(bars), side=Side.SELL)
    assert (found.side, found.signs) == (1, 3)
    assert found.attempts == _at(bars).attempts


def test_each_sign_can_be_missing(bars_of: Make) -> None:
    once = _at(bars_of([AWAY, _try(50)]))
    assert (once.has_wick, once.is_repeated, once.is_fading, once.side) == (True, False, False, 0)
    louder = _at(bars_of([AWAY, _try(40), AWAY, _try(40)]))
    assert (louder.is_repeated, louder.is_fading, louder.side) == (True, False, 0)
    short = (9_995, 10_020, 9_890, 9_990, 30, 0)
    stubby = bars_of([AWAY, _try(50), AWAY, short])
    assert (_at(stubby).has_wick, _at(stubby).signs, _at(stubby).side) == (False, 2, 0)
    assert _at(stubby, RejectionRules(least_signs=2)).side == -1


def test_a_break_forgets_the_tries_before_it(bars_of: Make) -> None:
    through = (9_950, 10_080, 9_940, 10_060, 9, 9)
    found = _at(bars_of([AWAY, _try(50), AWAY, _try(40), through]))
    assert (found.attempts, found.side) == ((), 0)
    again = _at(bars_of([AWAY, _try(50), through, AWAY, _try(20)]))
    assert [one.volume_lots for one in again.attempts] == [20.0]


def test_bars_in_a_row_are_one_try_of_mean_volume(bars_of: Make) -> None:
    (one,) = _at(bars_of([AWAY, _try(50), _try(30, 10_040), _try(10)])).attempts
    assert (one.bars, one.volume_lots) == (3, pytest.approx(30.0))
    assert one.wick_share == pytest.approx(90 / 9_950)


def test_a_zone_counts_from_when_it_was_known(bars_of: Make) -> None:
    bars = bars_of([AWAY, _try(50), AWAY, _try(40), AWAY, _try(30)])
    zone = Zone(ZoneKind.SUPPLY, 10_000, 10_050, 2 * MINUTE, 0, ZoneStatus.FRESH, 100, 1)
    assert [one.volume_lots for one in resistance_rejection(bars, zone).attempts] == [40.0, 30.0]
    late = Zone(ZoneKind.SUPPLY, 10_000, 10_050, 99 * MINUTE, 0, ZoneStatus.FRESH, 100, 1)
    assert resistance_rejection(bars, late).attempts == ()


def test_over_tries_never_change(random_bars: Make) -> None:
    bars = random_bars(3, 300)
    middle = int(bars["close_ticks"][100])
    seen = set[Any]()
    for cut in range(2, 301):
        now = level_rejection(bars[:cut], middle, middle + 200, Side.BUY, DEFAULT_REJECTION)
        over = {one for one in now.attempts if one.is_over}
        known = {one.start_ns: one for one in seen}
        assert all(known.get(one.start_ns, one) == one for one in over)
        seen |= over
    assert len(seen) > 5


def test_wrong_rules_are_refused(bars_of: Make) -> None:
    for wrong in ({"least_signs": 0}, {"least_signs": 4}, {"least_attempts": 1}):
        with pytest.raises(CallerError, match="expected"):
            RejectionRules(**wrong)
    with pytest.raises(CallerError, match="low <= high"):
        level_rejection(bars_of([AWAY] * 2), 5, 4, Side.BUY, DEFAULT_REJECTION)
