import json
from typing import Any

import numpy as np
import pytest

from undertow.cli.record_lines import as_data, kind_of, line, row_lines, summary
from undertow.domain.command import AmendOrder, CancelOrder, EngageKillSwitch, QueryOrder
from undertow.domain.engine_input import ClockAdvanced, OperatorCommanded, SourceChanged
from undertow.domain.event import CandleCompleted
from undertow.domain.identity import ClientOrderId, InstrumentId
from undertow.domain.market_event import EVENT, EventKind
from undertow.storage.journal_reader import JournalReader
from undertow.timeline.journal import FrameKind
from undertow.timeline.journal_record import JournalRecord, RunStarted, Value

NAME, PERP = ClientOrderId("ut1-o1"), InstrumentId("BTC/USDT:USDT@aster")


def record(value: Value) -> JournalRecord:
    return JournalRecord(FrameKind.INPUT, 7, 1_767_571_270_000_000_000, value)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (AmendOrder("aster", PERP, NAME, 957_000, 52, 1), "ut1-o1 to 957000 ticks, 52 lots"),
        (CancelOrder("aster", PERP, NAME, 1), "ut1-o1"),
        (QueryOrder("aster", PERP, NAME, 1), "ut1-o1"),
        (ClockAdvanced(1), ""),
        (SourceChanged(1, "aster.perp", False, "gone"), "aster.perp lost: gone"),
        (
            CandleCompleted(
                at_ns=9,
                instrument_id=PERP,
                timeframe="1m",
                open_time_ns=0,
                open="1",
                high="3",
                low="1",
                close="2",
                volume="8",
                buy_volume="5",
            ),
            "BTC/USDT:USDT@aster 1m from 00:00:00: 1 3 1 2 volume 8, bought 5",
        ),
        (
            OperatorCommanded(1, EngageKillSwitch("file", "enough")),
            "EngageKillSwitch origin=file reason=enough",
        ),
    ],
)
def test_inputs_and_commands_have_their_words(value: Value, words: str) -> None:
    assert summary(record(value)) == words


def test_every_record_of_a_run_has_a_line(small_run: Any) -> None:
    lines = [line(one) for one in JournalReader(small_run.journal).records()]
    assert lines[0].split()[2:6] == ["RunStarted", "ut1", "paper", "version"]
    text = "\n".join(lines)
    for words in (
        "RiskJudged               ut1-d1 entry BTC/USDT@aster refused stop_too_far",
        "ExecutionJudged          ut1-i2 placed: order_placement sent",
        "SubmitOrder              ut1-o1 entry buy 52 lots BTC/USDT:USDT@aster limit",
        "OrderPlaced              ut1-o4 protect sell 52 lots BTC/USDT:USDT@aster falls_to",
        "fee=2.4893024 USDT", "liquidity=taker", "RunEnded                 its time was over",
    ):  # fmt: skip
        assert words in text


def test_market_rows_are_counted_and_can_be_told(small_run: Any) -> None:
    records = JournalReader(small_run.journal).records()
    run = next(records).value
    market = next(one for one in records if isinstance(one.value, np.ndarray))
    assert isinstance(run, RunStarted)
    assert isinstance(market.value, np.ndarray)
    assert kind_of(market) == "market"
    assert summary(market).startswith(f"{len(market.value)} rows: ")
    told = list(row_lines(market.value, run))
    assert len(told) == len(market.value)
    trade = next(text for text in told if " trade " in text)
    assert 90_000 < float(trade.split()[-2]) < 100_000


def test_rows_of_an_unknown_run_keep_their_numbers() -> None:
    rows = np.zeros(2, EVENT)
    rows["kind"] = (EventKind.QUOTE, EventKind.GAP)
    rows["instrument"] = 9
    told = list(row_lines(rows, None))
    assert told[0].endswith("source 0 instrument 9 quote 0 0 0 0 0")
    assert " gap " in told[1]


def test_data_is_json_even_where_numbers_are_not(small_run: Any) -> None:
    found = {}
    for one in JournalReader(small_run.journal).records():
        data = as_data(one, with_rows=True)
        json.dumps(data, allow_nan=False)
        found[data["kind"]] = data
    assert found["DecisionMade"]["value"]["decision_id"] == "ut1-d5"
    assert found["market"]["rows"] == len(found["market"]["values"])
    assert "values" not in as_data(record(np.zeros(1, EVENT)), with_rows=False)
