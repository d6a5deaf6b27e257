"""The book of one number a tick against the sorted ladder, rule for rule, under random steps."""

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.matching.ladder import (
    LEFT,
    best_left,
    confirm_levels,
    set_level,
    shown_at,
    trade_through,
)
from undertow.kernels.quoting import venue_layout as layout
from undertow.kernels.quoting.wide_book import (
    best_place,
    clear_side,
    confirm_side,
    left_at,
    mark_side,
    show,
    shown_lots,
    sweep_side,
    take_level,
    trade_takes,
)

WIDTH = 60


class Pair:
    """The same side twice: keys of the ladder are places of the wide book."""

    def __init__(self) -> None:
        self.ladder = np.zeros((4, 64), np.int64)
        self.count = 0
        self.eaten = layout.NOT_EATEN
        self.levels: NDArray[np.int64] = np.zeros(6 * WIDTH, np.int64)
        self.ends: NDArray[np.int64] = np.zeros(2 * layout.SIDE_SIZE, np.int64)
        self.ends[layout.EATEN] = layout.NOT_EATEN

    def step(self, rng: np.random.Generator) -> None:
        place = int(rng.integers(1, WIDTH))
        lots = int(rng.integers(0, 6))
        what = rng.random()
        if what < 0.6:
            self.count = set_level(place, lots, self.count, self.ladder)
            show(WIDTH, self.levels, self.ends, 0, place, lots)
        elif what < 0.75:
            trade_through(place, lots + 1, self.count, self.ladder)
            self.eaten = min(self.eaten, place)
            trade_takes(WIDTH, self.levels, self.ends, 0, place, lots + 1)
        elif what < 0.9:
            if self.eaten != layout.NOT_EATEN:
                confirm_levels(self.eaten, self.count, self.ladder)
                self.eaten = layout.NOT_EATEN
            confirm_side(WIDTH, self.levels, self.ends, 0)
        else:
            k = best_left(self.ladder, self.count)
            if k >= 0:
                self.ladder[2, k] += 1
                self.ladder[LEFT, k] -= 1
                take_level(WIDTH, self.levels, self.ends, 0, int(self.ladder[0, k]), 1)

    def agree(self) -> None:
        k = best_left(self.ladder, self.count)
        best = int(self.ladder[0, k]) if k >= 0 else -1
        assert best_place(WIDTH, self.levels, self.ends, 0) == best
        for k in range(self.count):
            place = int(self.ladder[0, k])
            assert left_at(WIDTH, self.levels, 0, place) == self.ladder[LEFT, k]
        for place in range(WIDTH):
            expected = shown_at(self.ladder, self.count, place)
            assert shown_lots(WIDTH, self.levels, self.ends, 0, place) == expected


@pytest.mark.parametrize("seed", range(4))
def test_it_is_the_ladder(seed: int) -> None:
    rng, pair = np.random.default_rng(seed), Pair()
    for _ in range(400):
        pair.step(rng)
        pair.agree()
    assert pair.count > 3


def test_a_snapshot_keeps_what_it_names_and_a_lost_book_is_empty() -> None:
    pair = Pair()
    for place in (5, 9, 20):
        show(WIDTH, pair.levels, pair.ends, 0, place, 7)
    mark_side(WIDTH, pair.levels, pair.ends, 0)
    show(WIDTH, pair.levels, pair.ends, 0, 9, 3)
    sweep_side(WIDTH, pair.levels, pair.ends, 0)
    assert np.flatnonzero(pair.levels).tolist() == [9]
    assert pair.ends[layout.COUNT] == 1
    clear_side(WIDTH, pair.levels, pair.ends, 0)
    assert not pair.levels.any()
    assert best_place(WIDTH, pair.levels, pair.ends, 0) == -1
