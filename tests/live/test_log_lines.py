from typing import Any

import pytest
from structlog.testing import capture_logs

from undertow.domain.command import CancelOrder, SubmitOrder
from undertow.domain.engine_input import ReportReceived
from undertow.domain.event import (
    CircuitBreakerTriggered,
    MarketDataConnectionRestored,
    OrderFailed,
    PositionReconciliationFailed,
    SystemFailure,
)
from undertow.domain.identity import ClientOrderId, InstrumentId, StrategyId, VenueOrderId
from undertow.domain.order import Market, Order, Purpose
from undertow.domain.report import OrderAccepted
from undertow.domain.side import Side
from undertow.live import log_lines
from undertow.live.log_lines import LogLines, severity, topic

NAME = InstrumentId("BTC/USDT@aster")


def _submit(name: str = "ut1-o1", decision: str = "ut1-d1") -> SubmitOrder:
    order = Order(
        ClientOrderId(name), NAME, StrategyId("s"), Side.BUY, 5, Market(), Purpose.ENTRY, False,
        decision, 1,
    )  # fmt: skip
    return SubmitOrder("aster", order, 1)


def _accepted(name: str = "ut1-o1") -> ReportReceived:
    report = OrderAccepted(
        venue="aster", event_time_ns=2, client_order_id=ClientOrderId(name),
        venue_order_id=VenueOrderId("7"),
    )  # fmt: skip
    return ReportReceived(3, report)


@pytest.mark.parametrize(
    ("effect", "level", "logger"),
    [
        (SystemFailure(at_ns=1, component="x", error="y"), "error", "engine"),
        (PositionReconciliationFailed(at_ns=1, venue="a", discrepancies=()), "error", "engine"),
        (
            CircuitBreakerTriggered(at_ns=1, rule="r", level=1, reason="", until_ns=0),
            "warning",
            "engine",
        ),
        (MarketDataConnectionRestored(at_ns=1, source="a"), "info", "engine"),
        (_submit(), "info", "execution"),
    ],
)
def test_each_effect_has_its_level_and_topic(effect: Any, level: str, logger: str) -> None:
    assert (severity(effect), topic(effect)) == (level, logger)
    with capture_logs() as lines:
        LogLines().effect(effect)
    assert [(line["event"], line["log_level"]) for line in lines] == [
        (type(effect).__name__, level)
    ]


def test_everything_about_an_order_carries_its_decision() -> None:
    with capture_logs() as lines:
        logs = LogLines()
        logs.effect(_submit())
        logs.report(_accepted())
        logs.effect(CancelOrder("aster", NAME, ClientOrderId("ut1-o1"), 4))
        logs.effect(
            OrderFailed(
                at_ns=5, client_order_id=ClientOrderId("ut1-o1"), instrument_id=NAME, reason="x"
            )
        )
    assert [line["trace_id"] for line in lines] == ["ut1-d1"] * 4
    assert [line["client_order_id"] for line in lines] == ["ut1-o1"] * 4


def test_a_report_says_when_it_came() -> None:
    with capture_logs() as lines:
        LogLines().report(_accepted("stranger"))
    (line,) = lines
    assert (line["event"], line["receive_time_ns"], line["event_time_ns"]) == (
        "OrderAccepted",
        3,
        2,
    )
    assert "trace_id" not in line


def test_only_so_many_orders_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_lines, "MOST_TRACED", 2)
    with capture_logs() as lines:
        logs = LogLines()
        for i in range(4):
            logs.effect(_submit(f"o{i}", f"d{i}"))
        for i in range(4):
            logs.report(_accepted(f"o{i}"))
    assert [line.get("trace_id") for line in lines[4:]] == [None, None, "d2", "d3"]
