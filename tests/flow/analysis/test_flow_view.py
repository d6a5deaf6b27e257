"""The stand-in of these tests has the shape that the analyses ask for."""

from collections.abc import Callable
from typing import Any

from undertow.flow.flow_view import FlowView


def test_a_flow_answers_for_its_past(flow_of: Callable[..., Any]) -> None:
    flow: FlowView = flow_of({60: (3, 1, 2, 1)}, last_ticks=7)
    assert flow.window(60).buy_lots == 3
    assert len(flow.bars(60, 5)) == 0
    assert flow.last_ticks == 7
