"""Expected: by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.errors import CallerError
from undertow.stats.cusum_filter import cusum_events, cusum_events_of_prices


def test_by_hand() -> None:
    # S+: .6 1.1! 0 .9 1.3!   S-: 0 0 -.8 0 0
    assert cusum_events([0.6, 0.5, -0.8, 0.9, 0.4], 1.0).tolist() == [1, 4]
    # falling: -.6 -1.2! then only the lower side starts anew
    assert cusum_events([-0.6, -0.6, -0.9, -0.2], 1.0).tolist() == [1, 3]
    assert cusum_events([1.0, 0.0], 1.0).tolist() == []  # at the threshold is not beyond


def test_only_the_touched_side_starts_anew() -> None:
    # S+ stands at .9 when S- triggers? it cannot: a fall takes from S+ as well
    steps, limits = [0.9, -0.5, 0.2, 0.5], [1.0, 0.4, 1.0, 1.0]
    # after 1: S+ .4, S- -.5 triggers and is 0; 2: S+ .6; 3: S+ 1.1 triggers
    assert cusum_events(steps, limits).tolist() == [1, 3]


def test_prices_give_the_bar_that_triggered() -> None:
    prices = np.exp([0.0, 0.006, 0.011, 0.003, -0.002])
    assert cusum_events_of_prices(prices, 0.01).tolist() == [2, 4]
    limits = [9.0, 0.005, 0.05, 0.05, 0.05]
    assert cusum_events_of_prices(prices, limits).tolist() == [1]


@given(st.lists(st.floats(-1.0, 1.0), max_size=60), st.floats(0.1, 3.0))
def test_any_two_events_are_a_threshold_of_movement_apart(
    steps: list[float], threshold: float
) -> None:
    found = cusum_events(steps, threshold)
    sizes = np.abs(steps)
    for one, two in zip(found[:-2], found[2:], strict=True):
        assert sizes[one + 1 : two + 1].sum() > threshold * 0.999


def test_wrong_input_is_refused() -> None:
    with pytest.raises(CallerError, match="thresholds above 0"):
        cusum_events([0.1], 0.0)
    with pytest.raises(CallerError, match="prices above 0"):
        cusum_events_of_prices([1.0, 0.0], 0.1)
    with pytest.raises(CallerError, match="threshold for each of 2, found 3"):
        cusum_events_of_prices([1.0, 2.0], [0.1] * 3)
