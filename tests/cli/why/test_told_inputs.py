from collections.abc import Callable

import msgspec
import numpy as np
import pytest

from undertow.cli.why.evidence import Evidence, cause_of
from undertow.cli.why.order_story import OrderStory
from undertow.cli.why.told_inputs import seen_bars, wake_of
from undertow.domain.command import PauseEntries
from undertow.domain.engine_input import OperatorCommanded, SourceChanged
from undertow.domain.event import CandleCompleted
from undertow.domain.identity import InstrumentId
from undertow.domain.market_event import EVENT
from undertow.domain.time import NS_PER_MINUTE
from undertow.timeline.journal import FrameKind
from undertow.timeline.journal_record import JournalRecord, Value

LONG = "BTC/USDT:USDT@aster"
Find = Callable[[str, str], Evidence]


def candle(sequence: int, at_ns: int, timeframe: str = "1m") -> JournalRecord:
    numbers = dict.fromkeys(("open", "high", "low", "close", "volume", "buy_volume"), "1")
    value = CandleCompleted(
        at_ns=at_ns, instrument_id=InstrumentId(LONG), timeframe=timeframe,
        open_time_ns=at_ns - NS_PER_MINUTE, **numbers,
    )  # fmt: skip
    return JournalRecord(FrameKind.EVENT, sequence, at_ns, value)


def woken_by(found: Evidence, value: Value) -> tuple[str, str]:
    record = JournalRecord(FrameKind.INPUT, 5, 1, value)
    cause = cause_of(found.case, found.records)
    wake = wake_of(msgspec.structs.replace(found, last_input=record), cause, ())
    assert wake is not None
    return wake.kind, wake.what


def test_trades_have_both_clocks(story: Callable[[str, str], OrderStory]) -> None:
    for trade in story(LONG, "entry").trades:
        waited_ms = (trade.receive_time_ns - trade.event_time_ns) / 1e6
        assert trade.feed_latency_ms == pytest.approx(waited_ms)
        assert trade.side in ("buy", "sell")
        assert float(trade.price) == pytest.approx(95_700, rel=0.01)


def test_a_check_is_woken_by_its_timer_and_a_stop_by_a_report(
    story: Callable[[str, str], OrderStory],
) -> None:
    entry, stop = story(LONG, "entry").wake, story(LONG, "protect").wake
    assert entry is not None
    assert entry.kind == "timer"
    assert stop is not None
    assert (stop.kind, stop.what) == ("report", "the venue reported OrderFilled")


def test_other_inputs_wake_too(evidence: Find) -> None:
    found = evidence(LONG, "entry")
    at_ns = found.case.target.sent_ns
    assert woken_by(found, OperatorCommanded(at_ns, PauseEntries("command")))[0] == "operator"
    lost = SourceChanged(at_ns, "aster.perp", False, "gone")
    assert woken_by(found, lost) == ("source", "source aster.perp changed: gone")
    rows = np.zeros(2, EVENT)
    rows["receive_time_ns"] = (at_ns, at_ns + 1)
    assert woken_by(found, rows)[0] == "market_row"
    rows["receive_time_ns"] = (at_ns - 5, at_ns + 1)
    assert woken_by(found, rows)[0] == "timer"


def test_the_last_bars_before_the_cause_are_shown(evidence: Find) -> None:
    found = evidence(LONG, "entry")
    cause = cause_of(found.case, found.records)
    assert cause is not None
    minutes = [candle(cause.sequence - 9 + i, cause.time_ns - 8 + i) for i in range(8)]
    late = candle(cause.sequence + 1, cause.time_ns)
    records = (*minutes, candle(cause.sequence - 1, cause.time_ns, "5m"), late)
    told = msgspec.structs.replace(found, records=records)
    bars = seen_bars(told, cause)
    assert [bar.timeframe for bar in bars] == ["1m", "1m", "1m", "5m"]
    wake = wake_of(told, cause, bars)
    assert wake is not None
    assert (wake.kind, wake.what) == ("bar", "the 5m bar closed")
    assert wake_of(told, None, bars) is None
