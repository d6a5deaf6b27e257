from math import nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.decision.stop_policy import StopMethod, StopPolicy
from undertow.domain.errors import ConfigurationError
from undertow.domain.side import Side

PERCENT = StopPolicy(method=StopMethod.PERCENT)
ATR = StopPolicy(method=StopMethod.ATR)


def test_half_a_percent_of_the_worked_example() -> None:
    assert PERCENT.stop_ticks(Side.BUY, 502_450) == 499_938  # 49 993.8, not 50 120 (D-20)
    assert PERCENT.stop_ticks(Side.SELL, 502_450) == 504_962


def test_beyond_the_edge_but_never_wider_than_the_cap() -> None:
    policy = StopPolicy()
    assert policy.stop_ticks(Side.BUY, 100_000, edge_ticks=99_900) == 99_650
    assert policy.stop_ticks(Side.BUY, 100_000, edge_ticks=99_000) == 99_500
    assert policy.stop_ticks(Side.SELL, 100_000, edge_ticks=100_100) == 100_350


def test_noise_is_left_room() -> None:
    tight = StopPolicy(beyond_ppm=0)
    assert tight.stop_ticks(Side.BUY, 100_000, edge_ticks=99_990) == 99_900


def test_average_ranges() -> None:
    assert ATR.stop_ticks(Side.BUY, 100_000, atr_ticks=120.0) == 99_760
    assert ATR.stop_ticks(Side.BUY, 100_000, atr_ticks=900.0) == 99_500


@pytest.mark.parametrize("policy", [StopPolicy(), ATR])
def test_an_undefined_measure_leaves_the_widest_stop(policy: StopPolicy) -> None:
    assert policy.stop_ticks(Side.BUY, 100_000, edge_ticks=nan, atr_ticks=nan) == 99_500


@given(
    side=st.sampled_from(Side),
    price=st.integers(1, 10_000_000),
    edge=st.integers(0, 10_000_000),
    atr=st.floats(0.0, 1e6),
    method=st.sampled_from(StopMethod),
)
def test_never_absent_never_wider_than_asked(
    side: Side, price: int, edge: int, atr: float, *, method: StopMethod
) -> None:
    policy = StopPolicy(method=method)
    stop = policy.stop_ticks(side, price, edge_ticks=edge, atr_ticks=atr)
    distance = side * (price - stop)
    assert 1 <= distance <= max(1.0, price * policy.max_ppm / 1e6)


@given(st.integers(10_000, 10_000_000), st.integers(0, 100_000), st.sampled_from(StopMethod))
def test_a_short_is_the_mirror_of_a_long(price: int, away: int, method: StopMethod) -> None:
    policy = StopPolicy(method=method)
    stops = [
        policy.stop_ticks(side, price, edge_ticks=price - side * away, atr_ticks=away / 3)
        for side in Side
    ]
    assert sum(stops) == 2 * price


@pytest.mark.parametrize("change", [{"max_ppm": 20_000}, {"min_ppm": 0}, {"min_ppm": 6_000}])
def test_impossible_distances_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="expected 0 < min_ppm"):
        StopPolicy(**change)
