from collections.abc import Callable
from typing import Any

from undertow.flow.sufficiency import shortfall, trades_of, trades_shortfall


def test_too_few_is_said_with_what_was_expected() -> None:
    found = shortfall("samples", 59, 60)
    assert found is not None
    assert found.reason == "expected at least 60 samples, found 59"
    assert shortfall("samples", 60, 60) is None


def test_trades_of_both_sides_count(flow_of: Callable[..., Any]) -> None:
    flow = flow_of({30: (9, 9, 3, 1), 60: (9, 9, 3, 2)})
    assert trades_of(flow.window(60)) == 5
    assert trades_shortfall(flow, 60) is None
    found = trades_shortfall(flow, 30)
    assert found is not None
    assert (found.metric, found.found, found.required) == ("trades in 30 s", 4, 5)
