"""The loop that goes on notes what the loop that stops wakes for, and leaves the same state."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from tests.kernels.flow.test_given_bar import bar_rows, random_bars

from undertow.domain.bar import BAR
from undertow.kernels.flow.advance import advance
from undertow.kernels.flow.advance_noted import NOTE, advance_noted

FAR = 2**63 - 1
Make = Callable[..., Any]


def awaiting(make_arrays: Make) -> Any:
    arrays = make_arrays()
    arrays.instruments["wakes"] |= 2 | 16
    arrays.make_room_for_closed()
    return arrays


@pytest.mark.parametrize("length_s", [60, 3_600])
@pytest.mark.parametrize("room", [3, 500])
def test_notes_equal_the_wakes_of_the_ordinary_loop(
    length_s: int, room: int, make_arrays: Make, make_rows: Make
) -> None:
    rows = bar_rows(make_rows, random_bars(120, length_s), length_s)
    rows.flags.writeable = False
    first, second = awaiting(make_arrays), awaiting(make_arrays)
    wakes: list[tuple[int, int]] = []
    i = 0
    while i < len(rows):
        i, _ = advance(first.run, rows, i, len(rows), FAR, 0)
        if first.run["closed_count"][0]:
            wakes.append((i, int(first.instruments["last_ticks"][0])))
            first.run["closed_count"] = 0
    notes, bars = np.zeros(room, NOTE), np.zeros(room, BAR)
    found: list[tuple[int, int]] = []
    i = 0
    while i < len(rows):
        i, count, is_stray = advance_noted(second.run, rows, i, len(rows), FAR, notes, bars)
        assert not is_stray
        found += [(int(note["row"]), int(note["last_ticks"])) for note in notes[:count]]
        assert [int(bar["close_ticks"]) for bar in bars[:count]] == [
            int(note["last_ticks"]) for note in notes[:count]
        ]
    assert found == wakes
    assert first.instruments.tobytes() == second.instruments.tobytes()
    assert first.bars.tobytes() == second.bars.tobytes()


def test_it_stops_where_two_bars_close_at_once(make_arrays: Make, make_rows: Make) -> None:
    arrays = awaiting(make_arrays)
    arrays.instruments["wakes"] |= 4
    arrays.make_room_for_closed()
    rows = bar_rows(make_rows, random_bars(10, 60), 60)
    rows.flags.writeable = False
    notes, bars = np.zeros(50, NOTE), np.zeros(50, BAR)
    i, count, is_stray = advance_noted(arrays.run, rows, 0, len(rows), FAR, notes, bars)
    assert is_stray
    assert count == 4  # the fifth minute closes five minutes too
    assert i == 10
