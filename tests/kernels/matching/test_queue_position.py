import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.kernels.matching.queue_position import (
    ahead_after_cancels,
    best_crossed,
    fill_at,
    fill_through,
    keep_arrival_order,
    release_triggers,
)
from undertow.kernels.matching.venue_state import (
    AHEAD_UNKNOWN,
    HIT_FILL,
    HIT_TRIGGER,
    QUEUE_LOGARITHM,
    QUEUE_OPTIMISTIC,
    QUEUE_PESSIMISTIC,
    QUEUE_POWER,
    QUEUE_PROPORTIONAL,
    QUEUE_RISK_AVERSE,
    RESTING,
)

Make = Callable[..., dict[str, int]]


def records(orders: list[dict[str, int]]) -> Any:
    names = RESTING.names or ()
    return np.array([tuple(order[name] for name in names) for order in orders], RESTING)


@pytest.fixture
def hits() -> Any:
    return np.zeros((8, 3), np.int64)


LOTS = st.integers(1, 10**13)


@settings(derandomize=True, deadline=None)
@given(st.integers(0, 10**13), LOTS, st.integers(0, 10**13), LOTS)
def test_models_are_ordered(ahead: int, shown: int, traded: int, now_shown: int) -> None:
    after = [
        ahead_after_cancels(ahead, shown, traded, now_shown, model)
        for model in (QUEUE_OPTIMISTIC, QUEUE_PROPORTIONAL, QUEUE_PESSIMISTIC)
    ]
    assert 0 <= after[0] <= after[1] <= after[2] == ahead


@settings(derandomize=True, deadline=None)
@given(
    st.integers(0, 10**13),
    LOTS,
    st.integers(0, 10**13),
    LOTS,
    st.sampled_from([QUEUE_RISK_AVERSE, QUEUE_LOGARITHM, QUEUE_POWER + 500, QUEUE_POWER + 3_000]),
)
def test_every_model_lies_between_the_bounds(
    ahead: int, shown: int, traded: int, now_shown: int, model: int
) -> None:
    after = ahead_after_cancels(ahead, shown, traded, now_shown, model)
    rest = max(0, shown - traded)
    lowest = ahead_after_cancels(ahead, shown, traded, now_shown, QUEUE_OPTIMISTIC)
    assert min(lowest, now_shown) <= after <= ahead
    if ahead <= rest:
        assert after <= max(now_shown, 0) + max(0, traded - shown)


def by_rigtorp(ahead: int, rest: int, canceled: int, f: Callable[[float], float]) -> float:
    """The rule as published, in floats: V' = max(V - p c, 0), p = f(V) / (f(V) + f(Q - V)), and
    what those behind cannot have cancelled is taken from ahead.
    """
    behind = rest - ahead
    share = canceled * f(ahead) / (f(ahead) + f(behind)) if ahead else 0.0
    return max(0.0, ahead - max(share, canceled - behind))


@pytest.mark.parametrize(
    ("model", "f"),
    [
        (QUEUE_LOGARITHM, lambda x: math.log(1 + x)),
        (QUEUE_POWER + 1_000, lambda x: float(x)),
        (QUEUE_POWER + 3_000, lambda x: float(x) ** 3),
    ],
)
@pytest.mark.parametrize(("ahead", "rest", "canceled"), [(7, 10, 5), (1, 10, 5), (9, 10, 8)])
def test_probability_models_follow_their_rule(
    model: int, f: Callable[[float], float], ahead: int, rest: int, canceled: int
) -> None:
    after = ahead_after_cancels(ahead, rest, 0, rest - canceled, model)
    assert after == math.ceil(by_rigtorp(ahead, rest, canceled, f) - 1e-9)


def test_worked_shares() -> None:
    # 6 ahead, 4 behind, 5 cancelled: x^3 gives 216 / 280 = 0.771 of them, 3 whole lots; 6 of 10 by
    # share gives 3; log(7) / (log(7) + log(5)) = 0.547, 2 lots; the rest of 5 shown bounds 6 at 5.
    assert ahead_after_cancels(6, 10, 0, 5, QUEUE_POWER + 3_000) == 3
    assert ahead_after_cancels(6, 10, 0, 5, QUEUE_POWER + 1_000) == 3
    assert ahead_after_cancels(6, 10, 0, 5, QUEUE_LOGARITHM) == 4
    assert ahead_after_cancels(6, 10, 0, 5, QUEUE_RISK_AVERSE) == 5


def test_no_own_order_overtakes_an_earlier_one(resting: Make) -> None:
    early = resting(side=1, ticks=100, remaining=5, ahead=5)
    late = resting(side=1, ticks=100, remaining=5, ahead=3)
    other = resting(side=-1, ticks=100, remaining=5, ahead=1)
    book = records([early, late, other])
    for k in range(3):
        keep_arrival_order(k, book)
    assert book["ahead"].tolist() == [5, 5, 1]


def test_proportional_takes_the_share_rounded_down() -> None:
    assert ahead_after_cancels(7, 10, 0, 5, QUEUE_PROPORTIONAL) == 4
    assert ahead_after_cancels(7, 10, 4, 6, QUEUE_PROPORTIONAL) == 7
    assert ahead_after_cancels(7, 10, 4, 3, QUEUE_PROPORTIONAL) == 4


def test_fill_at_shares_a_trade_in_order_of_arrival(resting: Make, hits: Any) -> None:
    first = resting(side=1, ticks=100, remaining=5, ahead=10)
    second = resting(side=1, ticks=100, remaining=5, ahead=12)
    book = records([first, second])
    assert fill_at(0, -1, 100, 18, 18, 1, 2, book, 0, hits) == 2
    assert hits[:2].tolist() == [[0, 5, HIT_FILL], [1, 1, HIT_FILL]]
    assert book["ahead"].tolist() == [0, 0]


def test_fill_at_passes_over_the_unknown_and_the_already_counted(resting: Make, hits: Any) -> None:
    unknown = resting(side=1, ticks=100, remaining=5, ahead=AHEAD_UNKNOWN)
    counted = resting(side=1, ticks=100, remaining=5, reflected_ns=7)
    book = records([unknown, counted])
    assert fill_at(0, -1, 100, 50, 50, 7, 2, book, 0, hits) == 0
    assert fill_at(0, 1, 100, 50, 50, 9, 2, book, 0, hits) == 0
    assert fill_at(0, -1, 100, 50, 50, 8, 2, book, 0, hits) == 1


def test_fill_through_takes_better_prices_whole(resting: Make, hits: Any) -> None:
    book = records([resting(side=1, ticks=t, remaining=5) for t in (99, 100, 101)])
    assert fill_through(0, 100, 1, 3, book, 0, hits) == (1, 5)
    assert hits[0].tolist() == [2, 5, HIT_FILL]
    asks = records([resting(side=-1, ticks=t, remaining=5) for t in (99, 100, 101)])
    assert fill_through(0, 100, 1, 3, asks, 0, hits) == (1, 5)
    assert hits[0].tolist() == [0, 5, HIT_FILL]


def test_release_triggers(resting: Make, hits: Any) -> None:
    book = records([resting(side=-1, ticks=t, release=r) for t, r in ((95, -1), (105, 1))])
    assert release_triggers(0, 96, 2, book, 0, hits) == 0
    assert release_triggers(0, 95, 2, book, 0, hits) == 1
    assert release_triggers(0, 106, 2, book, 1, hits) == 2
    assert hits[:2].tolist() == [[0, 0, HIT_TRIGGER], [1, 0, HIT_TRIGGER]]


def test_best_crossed_is_best_price_then_first(resting: Make) -> None:
    book = records([resting(side=1, ticks=t, remaining=1) for t in (99, 101, 101)])
    assert best_crossed(0, 1, 100, 3, book) == 1
    assert best_crossed(0, 1, 102, 3, book) == -1
    assert best_crossed(0, -1, 100, 3, book) == -1
