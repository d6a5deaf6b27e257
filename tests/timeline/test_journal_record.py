import math

import numpy as np
import pytest

from undertow.domain.command import CancelOrder, SubmitOrder
from undertow.domain.engine_input import ClockAdvanced, ReportReceived
from undertow.domain.errors import JournalCorrupt
from undertow.domain.event import DecisionMade, NewsReceived
from undertow.domain.fixed import Step
from undertow.domain.identity import ClientOrderId, DecisionId, InstrumentId, StrategyId
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.intent import Check, Verdict
from undertow.domain.market_event import EVENT
from undertow.domain.money import Money
from undertow.domain.order import Limit, Market, Order, Purpose, Trigger, TriggerWhen
from undertow.domain.report import BalanceReported
from undertow.domain.side import Side
from undertow.timeline.journal import Frame, FrameKind
from undertow.timeline.journal_record import (
    RunEnded,
    RunStarted,
    SegmentSealed,
    SnapshotTaken,
    Value,
    decode_record,
    encode_value,
)

BTC = InstrumentId("BTC/USDT:USDT@binance")
INSTRUMENT = Instrument(
    symbol="BTC/USDT:USDT",
    venue="binance",
    raw_symbol="BTCUSDT",
    kind=MarketKind.LINEAR,
    base="BTC",
    quote="USDT",
    settle="USDT",
    price_step=Step(1, 1),
    qty_step=Step(1, 3),
)
STOP = Trigger(100, TriggerWhen.FALLS_TO, Limit(90, is_post_only=True))


def _submit(terms: Market | Limit | Trigger) -> SubmitOrder:
    order = Order(
        ClientOrderId("ut1-o1"),
        BTC,
        StrategyId("s"),
        Side.SELL,
        5,
        terms,
        Purpose.PROTECT,
        is_reduce_only=True,
        decision_id="ut1-d1",
        created_ns=3,
    )
    return SubmitOrder("binance", order, 4)


DECISION = DecisionMade(
    at_ns=1,
    decision_id=DecisionId("ut1-d1"),
    strategy=StrategyId("s"),
    instrument_id=BTC,
    outcome="enter",
    side=1,
    score=1.5,
    verdicts=(Verdict("cascade", True, "ok", checks=(Check("ratio", True, 2.5, 2.0),)),),
    inputs={"a": 0.1},
)
VALUES: list[tuple[FrameKind, Value]] = [
    (
        FrameKind.RUN_STARTED,
        RunStarted(7, 1, "paper", "1.0", 1 << 70, "ab", "x: 1", (INSTRUMENT,), ("s",), ("t",)),
    ),
    (FrameKind.INPUT, ClockAdvanced(5)),
    (
        FrameKind.INPUT,
        ReportReceived(
            6,
            BalanceReported(
                venue="b", event_time_ns=5, balance=Money.of("98765432.000000000000000001", "USDT")
            ),
        ),
    ),
    (FrameKind.COMMAND, _submit(Market())),
    (FrameKind.COMMAND, _submit(STOP)),
    (FrameKind.COMMAND, CancelOrder("binance", BTC, ClientOrderId("ut1-o1"), 9)),
    (FrameKind.EVENT, DECISION),
    (FrameKind.EVENT, NewsReceived(at_ns=1, asset="BTC", impact=-0.5, text="t", source="s")),
    (FrameKind.SNAPSHOT_TAKEN, SnapshotTaken(1, 2, "ab")),
    (FrameKind.RUN_ENDED, RunEnded(1, "ab", "asked", {"inputs": 3})),
    (FrameKind.SEGMENT_SEALED, SegmentSealed(2)),
]


@pytest.mark.parametrize(("kind", "value"), VALUES)
def test_values_round_trip(kind: FrameKind, value: Value) -> None:
    record = decode_record(Frame(kind, 4, 5, encode_value(value)))
    assert (record.kind, record.sequence, record.time_ns) == (kind, 4, 5)
    assert record.value == value


def test_market_rows_round_trip_bit_for_bit() -> None:
    rows = np.frombuffer(np.random.default_rng(1).bytes(64 * 50), EVENT)
    value = decode_record(Frame(FrameKind.MARKET, 1, 1, encode_value(rows))).value
    assert isinstance(value, np.ndarray)
    assert value.dtype == EVENT
    assert value.tobytes() == rows.tobytes()


def test_nan_survives() -> None:
    decision = DecisionMade(
        at_ns=1,
        decision_id=DecisionId("d"),
        strategy=StrategyId("s"),
        instrument_id=BTC,
        outcome="hold",
        side=0,
        score=math.nan,
        verdicts=(),
        inputs={"x": math.inf},
    )
    value = decode_record(Frame(FrameKind.EVENT, 1, 1, encode_value(decision))).value
    assert isinstance(value, DecisionMade)
    assert math.isnan(value.score)
    assert value.inputs == {"x": math.inf}


def test_a_run_is_named_as_its_ids_begin() -> None:
    started = VALUES[0][1]
    assert isinstance(started, RunStarted)
    assert started.run_id == "ut7"


def test_payloads_that_are_not_ours_are_refused() -> None:
    with pytest.raises(JournalCorrupt, match="frame 9: expected whole rows of 64 bytes, found 65"):
        decode_record(Frame(FrameKind.MARKET, 9, 1, bytes(65)))
    with pytest.raises(JournalCorrupt, match="frame 9: expected a COMMAND payload"):
        decode_record(Frame(FrameKind.COMMAND, 9, 1, encode_value(ClockAdvanced(1))))
