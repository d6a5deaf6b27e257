from typing import Any

import msgspec
from tests.backtest.reports.made_results import START_NS, result, trade

from undertow.backtest.bias.decision_trace import decisions, first_difference
from undertow.backtest.result import BacktestResult, SignalRow, TradeOrder
from undertow.domain.side import Side


def _run(*times: int, qty: float = 1.0, **changes: Any) -> BacktestResult:
    signals = tuple(
        SignalRow(START_NS + at, "cross", "BTC", "enter", Side.BUY, 100.0, 99.0, "up", "")
        for at in times
    )
    orders = tuple(
        TradeOrder("o", START_NS + at + 1, Side.BUY, 100.5, qty, 0.1, False, 100.0, "entry")
        for at in times
    )
    made = result([1_000.0, 1_001.0], [trade(1.0, orders=orders)])
    return msgspec.structs.replace(made, signals=signals, **changes)


def test_signals_and_fills_up_to_a_time_in_order() -> None:
    found = decisions(_run(10, 20), START_NS + 21)
    assert [(one.time_ns - START_NS, one.what) for one in found] == [
        (10, "enter"),
        (11, "fill"),
        (20, "enter"),
    ]


def test_the_first_difference_is_the_earliest() -> None:
    end = START_NS + 100
    same = first_difference(decisions(_run(10, 20), end), decisions(_run(10, 20), end))
    assert same is None
    for other in (_run(10, 30), _run(10)):
        differs = first_difference(decisions(_run(10, 20), end), decisions(other, end))
        assert differs is not None
        assert differs.time_ns == START_NS + 20
    sized = first_difference(decisions(_run(10), end), decisions(_run(10, qty=2.0), end))
    assert sized is not None
    assert sized.what == "fill"
