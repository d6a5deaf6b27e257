from collections.abc import Callable
from math import inf, isnan
from typing import Any

import pytest

from undertow.domain.errors import CallerError
from undertow.domain.side import Side
from undertow.flow.cascade import (
    MICRO_WINDOWS_S,
    CascadeMode,
    cascade,
    cascade_reversal,
)

FlowOf = Callable[..., Any]
BUYING = {60: (350, 100, 9, 9), 300: (2800, 1000, 9, 9), 900: (18000, 10000, 9, 9)}
STEADY = {60: (300, 100, 9, 9), 300: (900, 300, 9, 9), 900: (2700, 900, 9, 9)}


def test_the_example_accelerates(flow_of: FlowOf) -> None:
    found = cascade(flow_of(BUYING))
    assert (found.side, found.ratio_1m, found.ratio_5m, found.ratio_15m) == (1, 3.5, 2.8, 1.8)
    assert found.is_sufficient
    assert found.strength == pytest.approx(0.7)


def test_the_mirror_cascades_the_other_way(flow_of: FlowOf) -> None:
    found, mirror = cascade(flow_of(BUYING)), cascade(flow_of(BUYING).mirrored())
    assert mirror.side == -1
    assert mirror.strength == pytest.approx(found.strength)
    assert mirror.ratio_1m == pytest.approx(1.0 / found.ratio_1m)


def test_equal_ratios_do_not_accelerate_but_are_all_above(flow_of: FlowOf) -> None:
    assert cascade(flow_of(STEADY)).side == 0
    assert cascade(flow_of(STEADY)).strength == 0.0
    assert cascade(flow_of(STEADY), CascadeMode.ALL_ABOVE, 2.5).side == 1
    assert cascade(flow_of(STEADY).mirrored(), CascadeMode.ALL_ABOVE, 2.5).side == -1
    assert cascade(flow_of(STEADY), CascadeMode.ALL_ABOVE, 3.1).side == 0


def test_order_without_the_threshold_is_none(flow_of: FlowOf) -> None:
    flow = flow_of({60: (19, 10, 9, 9), 300: (17, 10, 9, 9), 900: (15, 10, 9, 9)})
    assert cascade(flow).side == 0
    assert cascade(flow, threshold=1.9).side == 1


def test_a_window_without_sells_is_above_any_other(flow_of: FlowOf) -> None:
    found = cascade(flow_of({**BUYING, 60: (350, 0, 9, 0)}))
    assert (found.side, found.ratio_1m, found.strength) == (1, inf, 1.0)


@pytest.mark.parametrize("poor", [60, 300, 900])
def test_each_window_needs_its_trades(poor: int, flow_of: FlowOf) -> None:
    found = cascade(flow_of({**BUYING, poor: (*BUYING[poor][:2], 2, 2)}))
    assert (found.side, found.is_sufficient) == (0, False)
    assert isnan(found.strength)
    assert [isnan(x) for x in (found.ratio_1m, found.ratio_5m, found.ratio_15m)] == [
        seconds == poor for seconds in (60, 300, 900)
    ]


def test_disjoint_windows_compare_what_came_before(flow_of: FlowOf) -> None:
    flow = flow_of({60: (30, 10, 9, 9), 300: (50, 20, 18, 18), 900: (60, 30, 27, 27)})
    found = cascade(flow, is_disjoint=True)
    assert (found.side, found.ratio_1m, found.ratio_5m, found.ratio_15m) == (1, 3.0, 2.0, 1.0)


def test_a_reversal_is_against_the_position_only(flow_of: FlowOf) -> None:
    flow = flow_of(BUYING)
    assert cascade_reversal(flow, Side.SELL).side == 1
    assert cascade_reversal(flow, Side.BUY).side == 0
    assert cascade_reversal(flow.mirrored(), Side.BUY).side == -1
    assert not cascade_reversal(flow_of(), Side.BUY).is_sufficient


def test_a_reversal_may_use_micro_windows(flow_of: FlowOf) -> None:
    flow = flow_of(dict(zip(MICRO_WINDOWS_S, BUYING.values(), strict=True)))
    assert cascade_reversal(flow, Side.SELL, windows_s=MICRO_WINDOWS_S).side == 1


def test_windows_must_grow(flow_of: FlowOf) -> None:
    with pytest.raises(CallerError, match="growing windows"):
        cascade(flow_of(BUYING), windows_s=(60, 60, 900))
