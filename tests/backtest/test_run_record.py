"""What a fill is measured against, by the class of the data and the kind of the order."""

from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from tests.backtest.test_trade_book import LINEAR, note

from undertow.backtest.run_record import RunRecord
from undertow.domain.engine_input import ReportReceived
from undertow.domain.event import OrderPlaced, SystemFailure
from undertow.domain.identity import ClientOrderId, InstrumentId, StrategyId
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.money import Money
from undertow.domain.order import Liquidity, Market, Order, Purpose, Trigger, TriggerWhen
from undertow.domain.report import FundingSettled
from undertow.domain.side import Side
from undertow.timeline.market_data import DataFidelity


def recorder(fidelity: DataFidelity, *, bid: int = 0, ask: int = 0) -> RunRecord:
    held = [SimpleNamespace(instrument_id=LINEAR.instrument_id, strategy=name, signed_lots=lots)
            for name, lots in (("a", 30), ("b", -10))]  # fmt: skip
    engine: Any = SimpleNamespace(
        table=InstrumentTable([LINEAR]),
        flow=[SimpleNamespace(last_ticks=1_000, bid_ticks=bid, ask_ticks=ask)],
        ledger=SimpleNamespace(positions=held),
        on_fill=None,
    )
    return RunRecord(engine, fidelity, 100)


def placed(terms: Any, purpose: Purpose = Purpose.ENTRY) -> OrderPlaced:
    order = Order(
        ClientOrderId("o10"), InstrumentId(LINEAR.instrument_id), StrategyId("s"), Side.BUY, 5,
        terms, purpose, False, "", 0,
    )  # fmt: skip
    return OrderPlaced(at_ns=0, order=order)


@pytest.mark.parametrize(
    ("fidelity", "quotes", "expected"),
    [
        (DataFidelity.BARS, (0, 0), (1_000, 0.1)),
        (DataFidelity.TRADES, (0, 0), (1_000, 0.1)),
        (DataFidelity.L2, (998, 1_004), (1_001, 3.0)),
    ],
)
def test_a_market_order_is_measured_against_what_was_known(
    fidelity: DataFidelity, quotes: tuple[int, int], expected: tuple[float, float]
) -> None:
    record = recorder(fidelity, bid=quotes[0], ask=quotes[1])
    record.append_event(placed(Market()))
    record.on_fill(note(LINEAR, 10, Side.BUY, 1_010, 5).fill)
    (found,) = record.fills
    assert (found.reference_ticks, found.half_spread_ticks) == expected


def test_a_stop_is_measured_against_its_trigger() -> None:
    record = recorder(DataFidelity.BARS)
    terms = Trigger(950, TriggerWhen.FALLS_TO, Market())
    record.append_event(placed(terms, Purpose.PROTECT))
    fill = msgspec.structs.replace(
        note(LINEAR, 10, Side.SELL, 945, 5).fill, purpose=Purpose.PROTECT
    )
    record.on_fill(fill)
    assert record.fills[0].reference_ticks == 950


def test_a_maker_pays_its_own_price() -> None:
    record = recorder(DataFidelity.L2, bid=998, ask=1_004)
    fill = note(LINEAR, 10, Side.BUY, 998, 5).fill
    record.on_fill(msgspec.structs.replace(fill, liquidity=Liquidity.MAKER))
    assert (record.fills[0].reference_ticks, record.fills[0].half_spread_ticks) == (998, 0.0)


def test_funding_is_shared_by_lots() -> None:
    record = recorder(DataFidelity.BARS)
    report = FundingSettled(
        venue="x", event_time_ns=5, instrument_id=InstrumentId(LINEAR.instrument_id),
        amount=Money.of("-20", "USDT"),
    )  # fmt: skip
    record.append_input(ReportReceived(7, report))
    assert [(one.strategy, one.amount // 10**18) for one in record.funding] == [
        ("a", -30),
        ("b", 10),
    ]


def test_failures_are_kept_in_words() -> None:
    record = recorder(DataFidelity.BARS)
    assert not record.failed
    record.append_event(SystemFailure(at_ns=0, component="strategy s", error="no (a.py:3)"))
    assert record.failures == ["strategy s: no (a.py:3)"]
    assert record.failed
