from collections.abc import Callable
from math import isnan
from typing import Any

import numpy as np
import pytest

from undertow.decision.context import Context
from undertow.decision.flow_readings import atr_ticks, column, last, structure

MakeContext = Callable[..., Context]


def test_average_range_in_ticks(context: MakeContext, flow: Any) -> None:
    flow.set_closes(60, [100_000] * 30, reach=25)
    assert atr_ticks(context(), 60) == pytest.approx(50.0)
    assert isnan(atr_ticks(context(), 300))


@pytest.mark.parametrize(("closes", "found"), [([1, 20, 40, 60], 1.0), ([60, 40, 20, 1], -1.0)])
def test_structure(context: MakeContext, flow: Any, closes: list[int], found: float) -> None:
    flow.set_closes(60, closes)
    assert structure(context(), 60, 3) == found
    assert isnan(structure(context(), 60, 5))


def test_columns(flow: Any) -> None:
    flow.set_closes(60, [1, 2, 3])
    closes = column(flow.bars(60, 2), "close_ticks")
    assert closes.dtype == np.float64
    assert (closes.tolist(), last(closes)) == ([2.0, 3.0], 3.0)
    assert isnan(last(closes[:0]))
