from collections.abc import Callable
from math import isnan
from typing import Any

import pytest

from undertow.flow.flow_flip import flow_flip

FlowOf = Callable[..., Any]


def test_buying_that_turns_to_selling_flips(flow_of: FlowOf) -> None:
    found = flow_flip(flow_of({30: (10, 30, 5, 5), 60: (40, 40, 10, 10)}))
    assert (found.side, found.before_ratio, found.is_sufficient) == (-1, 3.0, True)
    assert found.after_ratio == pytest.approx(1 / 3)
    assert found.strength == pytest.approx(0.6)


def test_the_mirror_flips_the_other_way(flow_of: FlowOf) -> None:
    flow = flow_of({30: (10, 30, 5, 5), 60: (40, 40, 10, 10)})
    assert flow_flip(flow.mirrored()).side == 1
    assert flow_flip(flow.mirrored()).strength == pytest.approx(flow_flip(flow).strength)


@pytest.mark.parametrize(
    "both", [(20, 60, 10, 10), (30, 50, 10, 10)], ids=["went on selling", "not one-sided before"]
)
def test_anything_else_is_no_flip(both: tuple[int, ...], flow_of: FlowOf) -> None:
    found = flow_flip(flow_of({30: (10, 30, 5, 5), 60: both}))
    assert (found.side, found.strength, found.is_sufficient) == (0, 0.0, True)


def test_below_the_threshold_is_no_flip(flow_of: FlowOf) -> None:
    flow = flow_of({30: (10, 23, 5, 5), 60: (33, 33, 10, 10)})
    assert flow_flip(flow).side == 0
    assert flow_flip(flow, threshold=2.3).side == -1


def test_both_halves_need_trades(flow_of: FlowOf) -> None:
    found = flow_flip(flow_of({30: (10, 30, 5, 5), 60: (40, 40, 6, 6)}))
    assert (found.side, found.is_sufficient) == (0, False)
    assert isnan(found.after_ratio)
