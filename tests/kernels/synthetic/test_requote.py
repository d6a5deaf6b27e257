import math
from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from undertow.kernels.synthetic.book_layout import (
    WALL_ACTIVE,
    WALL_DISPLAY,
    WALL_ENDED_NS,
    WALL_IN_BOOK,
    WALL_PULL_TICKS,
    WALL_RESERVE,
    WALL_SIDE,
    WALL_TICKS,
)
from undertow.kernels.synthetic.requote import (
    GAPS,
    fresh_lots,
    lift_wall,
    requote,
    requote_side,
    set_wall,
)

Levels = list[tuple[int, int]]


def _fresh(level: int, depth: float, uniform: float) -> int:
    return max(1, int(depth * min(0.6 + 0.12 * level, 2.0) * -math.log(1 - 0.995 * uniform)))


def _twin(old: Levels, gaps: tuple[int, int, int], away: int, uniforms: list[float]) -> Levels:
    # The same rule over lists: churn 0.25, depth 50.
    best, slack, spacing = gaps
    rest = [level for level in old if (level[0] - best) * away >= 0]
    new = []
    due = best
    for k, uniform in enumerate(uniforms):
        pick, fraction = int(uniform * GAPS), uniform * GAPS - int(uniform * GAPS)
        lots = _fresh(k, 50.0, fraction)
        if rest and (rest[0][0] - due) * away <= slack:
            due, kept = rest.pop(0)
            lots = (kept + lots + 1) // 2 if pick < 0.25 * GAPS else kept
        new.append((due, lots))
        due += away * (1 + pick * (2 * spacing - 1) // GAPS)
        slack = spacing
    return new


def _requote(b: Any, mid: float, half: float, seed: int = 1, spacing: int = 3) -> None:
    uniforms = np.random.default_rng(seed).random((2, 6))
    scratch = np.zeros((6, 2), dtype=np.int64)
    requote(0, 99, mid, half, spacing, 50.0, 0.25, uniforms, b.book, b.counters, b.wall, scratch)


def _wall(b: Any, side: int, ticks: int, lots: int, **more: int) -> None:
    b.wall[0] = 0
    b.wall[0, [WALL_SIDE, WALL_TICKS, WALL_RESERVE, WALL_ACTIVE]] = [side, ticks, lots, 1]
    b.wall[0, WALL_DISPLAY] = more.get("display", lots)
    b.wall[0, WALL_PULL_TICKS] = more.get("pull", 0)


def test_fresh_lots_is_its_twin() -> None:
    for level in range(20):
        for uniform in (0.0, 0.3, 0.999):
            assert fresh_lots(level, 50.0, uniform) == _fresh(level, 50.0, uniform)


@given(
    old=st.dictionaries(st.integers(80, 120), st.integers(1, 99), max_size=6),
    gaps=st.tuples(st.integers(80, 120), st.integers(0, 4), st.integers(1, 5)),
    side=st.sampled_from([0, 1]),
    seed=st.integers(0, 99),
)
def test_a_side_is_rebuilt_as_its_twin_says(
    make_book: Any, old: dict[int, int], gaps: tuple[int, int, int], side: int, seed: int
) -> None:
    levels = sorted(old.items(), reverse=side == 0)
    b = make_book([], [])
    b.set(side, levels)
    uniforms = np.random.default_rng(seed).random(6)
    scratch = np.zeros((6, 2), dtype=np.int64)
    requote_side(0, side, *gaps, 50.0, 0.25, uniforms, b.book, b.counters, scratch)
    away = 1 if side else -1
    found = b.side(side)
    assert found == _twin(levels, gaps, away, uniforms.tolist())
    assert all((y[0] - x[0]) * away > 0 for x, y in pairwise(found))


@given(
    mids=st.lists(st.floats(500.0, 520.0), min_size=1, max_size=8),
    half=st.floats(0.0, 4.0),
    wall=st.tuples(st.sampled_from([0, 1]), st.integers(495, 525), st.integers(1, 500)),
)
def test_never_crossed_and_never_through_a_wall(
    make_book: Any, mids: list[float], half: float, wall: tuple[int, int, int]
) -> None:
    b = make_book([], [])
    _requote(b, 510.0, half)
    _wall(b, *wall)
    for seed, mid in enumerate(mids):
        _requote(b, mid, half, seed)
        bids, asks = b.side(0), b.side(1)
        assert bids[0][0] < asks[0][0]
        assert min(q for _, q in bids + asks) > 0
        assert len(bids) == len(asks) == 6
        side, ticks, lots = wall
        assert (asks[0][0] > ticks) if side == 0 else (bids[0][0] < ticks)
        shown = dict(b.side(side)).get(ticks, 0)
        assert b.wall[0, WALL_IN_BOOK] in (0, lots)
        assert shown >= b.wall[0, WALL_IN_BOOK]


def test_an_iceberg_shows_its_tip_again(make_book: Any) -> None:
    b = make_book([], [])
    _requote(b, 510.0, 1.0)
    _wall(b, 0, 509, 300, display=40)
    _requote(b, 510.0, 1.0)
    assert b.wall[0, WALL_IN_BOOK] == 40
    b.wall[0, WALL_IN_BOOK] -= 40
    b.wall[0, WALL_RESERVE] -= 40
    b.set(0, b.side(0)[1:])
    _requote(b, 507.0, 1.0)
    assert b.side(0)[0][0] == 509
    assert b.wall[0, [WALL_RESERVE, WALL_IN_BOOK]].tolist() == [260, 40]


def test_a_wall_leaves_its_level_as_it_was(make_book: Any) -> None:
    b = make_book([(100, 4), (98, 6)], [(101, 5)])
    _wall(b, 0, 98, 50)
    set_wall(0, b.book, b.counters, b.wall)
    assert b.side(0) == [(100, 4), (98, 56)]
    lift_wall(0, 99, 100.5, b.book, b.counters, b.wall)
    assert b.side(0) == [(100, 4), (98, 6)]


def test_a_wall_between_levels_comes_and_goes(make_book: Any) -> None:
    b = make_book([(100, 4), (98, 6), (97, 1)], [(101, 5)])
    _wall(b, 0, 99, 50)
    set_wall(0, b.book, b.counters, b.wall)
    assert b.side(0) == [(100, 4), (99, 50), (98, 6)]
    lift_wall(0, 99, 100.5, b.book, b.counters, b.wall)
    assert b.side(0) == [(100, 4), (98, 6)]


def test_a_spoof_flees_and_an_eaten_wall_ends(make_book: Any) -> None:
    b = make_book([(100, 4)], [(101, 5)])
    _wall(b, 0, 90, 50, pull=5)
    lift_wall(0, 98, 96.0, b.book, b.counters, b.wall)
    assert b.wall[0, WALL_ACTIVE] == 1
    lift_wall(0, 99, 95.0, b.book, b.counters, b.wall)
    assert b.wall[0, [WALL_ACTIVE, WALL_ENDED_NS, WALL_RESERVE]].tolist() == [0, 99, 50]
    _wall(b, 0, 90, 0)
    lift_wall(0, 97, 100.5, b.book, b.counters, b.wall)
    assert b.wall[0, [WALL_ACTIVE, WALL_ENDED_NS]].tolist() == [0, 97]
