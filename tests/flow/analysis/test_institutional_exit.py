from collections.abc import Callable
from math import isnan
from typing import Any

import pytest

from undertow.domain.side import Side
from undertow.flow.institutional_exit import institutional_exit

FlowOf = Callable[..., Any]
# (buy lots, sell lots, buy trades, sell trades, large buys, large sells)
AFTER = (10, 60, 5, 5, 0, 30)


def test_large_selling_in_a_flip_is_an_exit(flow_of: FlowOf) -> None:
    flow = flow_of({30: AFTER, 60: (100, 80, 20, 10, 0, 32)})
    found = institutional_exit(flow)
    assert (found.is_exit, found.side, found.flip.side) == (True, -1, -1)
    assert found.large_share == found.strength == 0.4
    mirror = institutional_exit(flow.mirrored(), Side.BUY)
    assert (mirror.is_exit, mirror.side, mirror.large_share) == (True, 1, 0.4)


@pytest.mark.parametrize("large", [24, 10, 0])
def test_the_share_must_be_exceeded(large: int, flow_of: FlowOf) -> None:
    found = institutional_exit(flow_of({30: AFTER, 60: (100, 80, 20, 10, 0, large)}))
    assert (found.is_exit, found.side, found.strength) == (False, 0, 0.0)
    assert found.large_share == large / 80


def test_without_a_flip_there_is_no_exit(flow_of: FlowOf) -> None:
    went_on_selling = flow_of({30: AFTER, 60: (20, 160, 20, 20, 0, 100)})
    found = institutional_exit(went_on_selling)
    assert (found.is_exit, found.flip.side, found.is_sufficient) == (False, 0, True)
    flipped = flow_of({30: AFTER, 60: (100, 80, 20, 10, 0, 32)})
    assert not institutional_exit(flipped, Side.BUY).is_exit


def test_too_few_trades_say_nothing(flow_of: FlowOf) -> None:
    found = institutional_exit(flow_of({30: AFTER, 60: (100, 80, 6, 6, 0, 32)}))
    assert (found.is_exit, found.is_sufficient) == (False, False)
    assert isnan(found.large_share)


def test_no_selling_is_no_share(flow_of: FlowOf) -> None:
    flow = flow_of({30: (60, 0, 8, 0), 60: (100, 0, 20, 0)})
    assert institutional_exit(flow).large_share == 0.0
