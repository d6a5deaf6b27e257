"""Expected: by hand, and a slow loop."""

from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from undertow.stats import Streaks, longest_streaks


def test_by_hand() -> None:
    assert longest_streaks([1, 2, -1, -2, -3, 0, -1, 4, 5]) == Streaks(2, 3, 2)
    assert longest_streaks([-1, -1]) == Streaks(0, 2, -2)
    assert longest_streaks([1, 0]) == Streaks(1, 0, 0)
    assert longest_streaks([]) == Streaks(0, 0, 0)


@given(st.lists(st.integers(-1, 1), max_size=60))
def test_agrees_with_a_slow_loop(results: list[int]) -> None:
    runs = [(sign, len(list(group))) for sign, group in groupby(results)]
    found = longest_streaks(results)
    assert found.wins == max([n for sign, n in runs if sign > 0], default=0)
    assert found.losses == max([n for sign, n in runs if sign < 0], default=0)
    assert found.current == (runs[-1][0] * runs[-1][1] if runs else 0)
