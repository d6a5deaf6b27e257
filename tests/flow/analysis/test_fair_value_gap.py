from collections.abc import Callable
from typing import Any

import pytest

from undertow.domain.side import Side
from undertow.flow.fair_value_gap import FairValueGap, find_fair_value_gaps, gap_ahead, gap_at

Make = Callable[..., Any]
# The third bar's low 10 050 over the first bar's high 10 010: a gap of 40 at 10 060.
JUMP = [
    (10_000, 10_010, 9_990, 10_005, 5, 5),
    (10_005, 10_070, 10_000, 10_060, 5, 5),
    (10_060, 10_090, 10_050, 10_080, 5, 5),
]
ABOVE = (10_080, 10_090, 10_070, 10_080, 5, 5)


def test_three_bars_that_jump_leave_a_gap(bars_of: Make, mirrored: Make) -> None:
    bars = bars_of(JUMP, 900)
    (gap,) = find_fair_value_gaps(bars)
    assert gap == FairValueGap(1, 10_010, 10_050, 2_700 * 10**9, 0.0)
    (mirror,) = find_fair_value_gaps(mirrored(bars))
    assert mirror == FairValueGap(-1, -10_050, -10_010, 2_700 * 10**9, 0.0)
    assert find_fair_value_gaps(bars[:2]) == ()


@pytest.mark.parametrize(("least", "count"), [(0.0039, 1), (0.0040, 0), (0.0, 1)])
def test_small_gaps_do_not_count(least: float, count: int, bars_of: Make) -> None:
    assert len(find_fair_value_gaps(bars_of(JUMP, 900), least)) == count


def test_touching_bars_leave_none(bars_of: Make) -> None:
    touching = [*JUMP[:2], (10_060, 10_090, 10_010, 10_080, 5, 5)]
    assert find_fair_value_gaps(bars_of(touching, 900), 0.0) == ()


@pytest.mark.parametrize(
    ("low", "share"), [(10_050, 0.0), (10_040, 0.25), (10_020, 0.75), (10_010, None), (9_000, None)]
)
def test_later_bars_fill_it(low: int, share: float | None, bars_of: Make, mirrored: Make) -> None:
    bars = bars_of([*JUMP, (10_080, 10_090, low, 10_080, 5, 5), ABOVE], 900)
    expected = [] if share is None else [share]
    assert [gap.filled_share for gap in find_fair_value_gaps(bars)] == expected
    assert [gap.filled_share for gap in find_fair_value_gaps(mirrored(bars))] == expected


@pytest.mark.parametrize(("after", "count"), [(95, 1), (96, 0)])
def test_it_expires_after_a_day(after: int, count: int, bars_of: Make) -> None:
    assert len(find_fair_value_gaps(bars_of([*JUMP, *[ABOVE] * after], 900))) == count


def test_what_is_known_does_not_depend_on_what_comes(random_bars: Make, mirrored: Make) -> None:
    bars = random_bars(9, 200, 900)
    whole = find_fair_value_gaps(bars, 0.0, most_age_ns=10**18)
    for cut in (50, 120, 199):
        known = find_fair_value_gaps(bars[:cut], 0.0, most_age_ns=10**18)
        made = {(gap.side, gap.low_ticks, gap.created_ns) for gap in known}
        now_ns = cut * 900 * 10**9
        assert {
            (gap.side, gap.low_ticks, gap.created_ns) for gap in whole if gap.created_ns <= now_ns
        } <= made
    mirror = find_fair_value_gaps(mirrored(bars), 0.0, most_age_ns=10**18)
    assert sorted((-g.side, -g.high_ticks, g.filled_share) for g in mirror) == sorted(
        (g.side, g.low_ticks, g.filled_share) for g in whole
    )


def test_a_gap_supports_its_own_direction_and_is_a_target_from_afar() -> None:
    low = FairValueGap(1, 90, 95, 0, 0.0)
    newer = FairValueGap(1, 92, 99, 5, 0.0)
    high = FairValueGap(-1, 120, 125, 0, 0.5)
    gaps = (low, newer, high)
    assert gap_at(gaps, 93, Side.BUY) == newer
    assert gap_at(gaps, 93, Side.SELL) is None
    assert gap_at(gaps, 88, Side.BUY, 2.0) == low
    assert gap_at(gaps, 122, Side.SELL) == high
    assert gap_ahead(gaps, 100, Side.BUY) == high
    assert gap_ahead(gaps, 110, Side.SELL) == newer
    assert gap_ahead(gaps, 122, Side.BUY) is None
