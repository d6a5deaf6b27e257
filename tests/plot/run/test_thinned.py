import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from undertow.plot.run.thinned import thinned


def test_short_lines_are_drawn_whole() -> None:
    assert thinned(np.arange(10.0), 10).tolist() == list(range(10))


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=400), st.integers(4, 50))
def test_no_peak_and_no_trough_is_lost(values: list[float], most: int) -> None:
    line = np.array(values)
    places = thinned(line, most)
    assert len(places) <= max(most, 4)
    assert places.tolist() == sorted(set(places.tolist()))
    assert {0, len(line) - 1} <= set(places.tolist())
    assert line[places].max() == line.max()
    assert line[places].min() == line.min()


def test_gaps_do_not_hide_what_is_there() -> None:
    line = np.full(1_000, np.nan)
    line[500] = 7.0
    assert 500 in thinned(line, 20).tolist()
