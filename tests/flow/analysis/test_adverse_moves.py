from collections.abc import Callable, Sequence
from typing import Any

import pytest

from undertow.domain.errors import CallerError
from undertow.domain.side import Side
from undertow.flow.adverse_moves import adverse_moves

BarsOf = Callable[..., Any]


def _closes(bars_of: BarsOf, closes: Sequence[int]) -> Any:
    return bars_of([(c, c, c, c, 1, 1) for c in closes], 1)


@pytest.mark.parametrize(
    ("closes", "count"),
    [
        ([20, 20, 18, 18, 16, 16, 14], 3),  # every 2 s one lower
        ([20, 99, 18, 1, 16, 99, 14], 3),  # what happens between samples does not count
        ([14, 0, 16, 0, 18, 0, 20], 0),  # rising
        ([20, 0, 18, 0, 19, 0, 15], 1),  # a favourable move ends the row
        ([20, 0, 18, 0, 18, 0, 16], 2),  # a tie neither counts nor ends it
        ([18], 0),
        ([], 0),
    ],
)
def test_rows_on_the_grid(
    closes: list[int], count: int, bars_of: BarsOf, mirrored: Callable[..., Any]
) -> None:
    bars = _closes(bars_of, closes)
    assert adverse_moves(bars, Side.BUY) == count
    assert adverse_moves(mirrored(bars), Side.SELL) == count


def test_only_the_last_seconds_count(bars_of: BarsOf) -> None:
    falling = _closes(bars_of, list(range(100, 0, -1)))
    assert adverse_moves(falling, Side.BUY) == 7
    assert adverse_moves(falling, Side.BUY, 3, 15) == 4
    assert adverse_moves(falling, Side.SELL) == 0


def test_small_moves_are_ties(bars_of: BarsOf) -> None:
    bars = _closes(bars_of, [20, 0, 17, 0, 18, 0, 15])
    assert adverse_moves(bars, Side.BUY, least_ticks=2) == 2
    assert adverse_moves(bars, Side.BUY) == 1


def test_a_grid_wider_than_its_window_is_refused(bars_of: BarsOf) -> None:
    with pytest.raises(CallerError, match="step_s"):
        adverse_moves(_closes(bars_of, [1]), Side.BUY, 15, 15)
