from typing import Any

import pytest

from undertow.domain.errors import CallerError
from undertow.domain.instrument_table import InstrumentTable
from undertow.flow.book_imbalance import book_imbalance as judged
from undertow.flow.flow_state import FlowState
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.plot import book_imbalance
from undertow.plot.drawing import Curve


def test_the_newest_score_is_that_of_the_measure(perp: InstrumentFlow, marks_of: Any) -> None:
    share, score = book_imbalance(perp, 100).drawing.panels
    found = judged(perp)
    (values,) = marks_of(share, Curve)
    assert values.y[-1] == found.value
    assert values.x.tolist() == list(range(-99, 1))
    (scores,) = marks_of(score, Curve)
    assert scores.y[-1] == pytest.approx(found.z)


def test_without_looks_it_is_said(flow_state: FlowState) -> None:
    table = InstrumentTable(flow_state[i].instrument for i in range(len(flow_state)))
    with pytest.raises(CallerError, match="at least 2 looks"):
        book_imbalance(FlowState(table, ["one"])[0])
