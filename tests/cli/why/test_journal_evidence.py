from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from undertow.cli.why.evidence import Evidence, cause_of, named_in
from undertow.cli.why.journal_evidence import TRADES_SHOWN, collect_evidence, index_journal
from undertow.domain.errors import UnknownNameError
from undertow.domain.event import CircuitBreakerTriggered
from undertow.domain.market_event import EventKind

LONG = "BTC/USDT:USDT@aster"


def test_every_run_order_and_position_is_indexed(small_run: Any) -> None:
    index = index_journal(small_run.journal)
    assert list(index.orders) == [f"ut1-o{number}" for number in range(1, 9)]
    assert [span.closed is not None for span in index.positions.values()] == [True] * 3
    assert [started.sequence for started in index.runs] == [1]


def test_records_are_those_of_the_case(evidence: Callable[[str, str], Evidence]) -> None:
    found = evidence(LONG, "exit")
    assert {type(record.value).__name__ for record in found.records} >= {
        "DecisionMade", "RiskJudged", "SubmitOrder", "ReportReceived", "PositionClosed",
    }  # fmt: skip
    for record in found.records:
        about = not found.case.names.isdisjoint(named_in(record.value))
        assert about or isinstance(record.value, CircuitBreakerTriggered)


def test_trades_are_the_last_of_the_instrument(evidence: Callable[[str, str], Evidence]) -> None:
    found = evidence(LONG, "exit")
    cause = cause_of(found.case, found.records)
    assert cause is not None
    assert len(found.trades) == TRADES_SHOWN
    assert np.all(found.trades["kind"] == EventKind.TRADE)
    assert np.all(found.trades["receive_time_ns"] <= cause.time_ns)
    assert len(np.unique(found.trades["instrument"])) == 1
    assert found.last_input is not None
    assert found.last_input.sequence < cause.sequence


def test_an_unknown_order_is_refused(small_run: Any) -> None:
    with pytest.raises(UnknownNameError, match="expected an order or position"):
        collect_evidence(small_run.journal, "nothing")
