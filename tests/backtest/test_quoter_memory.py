"""A quoter's memory: widened without loss, saved and restored."""

import numpy as np
import pytest

from undertow.backtest.quoter_memory import WIDEST, QuoterMemory, kept_slice
from undertow.domain.errors import SnapshotCorrupt
from undertow.kernels.quoting import desk as desks
from undertow.kernels.quoting import venue_layout as layout
from undertow.kernels.quoting.seen_book import see_level
from undertow.kernels.quoting.wide_book import place_of, show


def filled() -> QuoterMemory:
    memory = QuoterMemory(np.zeros(1, layout.MODELS), 0, 3)
    memory.widen(50_000)
    venue = memory.venue[0]
    for side, ticks, lots in ((1, 49_990, 4), (1, 49_000, 5), (-1, 50_003, 6)):
        see_level(memory.desk, side, ticks, lots)
        place, s = place_of(venue, side, ticks), 0 if side > 0 else 1
        show(int(venue["width"]), memory.levels, memory.ends, s, place, lots)
    return memory


def test_a_wider_window_holds_the_same_books() -> None:
    memory = filled()
    width = int(memory.venue["width"][0])
    memory.widen(49_990 + 5 * width)
    assert memory.venue["width"][0] > 5 * width
    assert memory.venue["is_widest"][0] == 0
    desk = memory.desk
    assert (desks.best_bid(desk), desks.best_ask(desk)) == (49_990, 50_003)
    assert desks.lots_at(desk, 1, 49_000) == 5
    assert memory.ends[layout.COUNT] == 2
    place = memory.ends[layout.SIDE_SIZE + layout.BEST]
    wide = int(memory.venue["width"][0])
    assert memory.levels[wide + place] == 6
    assert np.count_nonzero(desk[kept_slice(0, wide)]) == 2


def test_the_widest_window_is_the_last() -> None:
    memory = filled()
    memory.widen(10**9)
    assert memory.venue["width"][0] == WIDEST
    assert memory.venue["is_widest"][0] == 1


def test_a_dump_comes_back_and_others_are_refused() -> None:
    memory, other = filled(), QuoterMemory(np.zeros(1, layout.MODELS), 0, 3)
    memory.make_room()
    memory.make_marks()
    other.load(memory.dump())
    for one, two in zip(memory.arguments(), other.arguments(), strict=True):
        if isinstance(one, np.ndarray):
            assert one.tobytes() == two.tobytes()
    with pytest.raises(SnapshotCorrupt, match="snapshot"):
        other.load(b"nothing")
    changed = np.zeros(1, layout.MODELS)
    changed["feed_ns"] = 1
    with pytest.raises(SnapshotCorrupt, match="models"):
        QuoterMemory(changed, 0, 3).load(memory.dump())
