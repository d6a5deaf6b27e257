"""What the engine had seen when it acted: what woke it, the last bars and the last trades."""

import numpy as np

from undertow.cli.why.evidence import Evidence
from undertow.cli.why.order_story import SeenBar, SeenTrade, Wake
from undertow.domain.engine_input import OperatorCommanded, ReportReceived, SourceChanged
from undertow.domain.event import CandleCompleted
from undertow.domain.instrument import Instrument
from undertow.domain.side import Side
from undertow.domain.time import NS_PER_MS
from undertow.timeline.journal_record import JournalRecord

BARS_SHOWN = {"1m": 3, "5m": 2, "15m": 1}
_TIMER = ("timer", "a timer of the engine was due")


def seen_trades(evidence: Evidence, instrument: Instrument) -> tuple[SeenTrade, ...]:
    """The instrument's last trades before the cause, oldest first."""
    return tuple(
        SeenTrade(
            event_time_ns=int(row["event_time_ns"]),
            receive_time_ns=int(row["receive_time_ns"]),
            feed_latency_ms=int(row["receive_time_ns"] - row["event_time_ns"]) / NS_PER_MS,
            side=Side(int(row["side"])).name.lower(),
            price=instrument.price_text(int(row["price_ticks"])),
            qty=instrument.qty_text(int(row["qty_lots"])),
        )
        for row in evidence.trades
    )


def seen_bars(evidence: Evidence, cause: JournalRecord | None) -> tuple[SeenBar, ...]:
    """The last bars of each length that had closed before the cause, as far as recorded."""
    before = cause.sequence if cause is not None else evidence.case.target.sequence
    candles = [
        record.value
        for record in evidence.records
        if isinstance(record.value, CandleCompleted) and record.sequence < before
    ]
    kept: list[SeenBar] = []
    for timeframe, count in BARS_SHOWN.items():
        of_length = [candle for candle in candles if candle.timeframe == timeframe]
        kept += [_bar(candle) for candle in of_length[-count:]]
    return tuple(kept)


def wake_of(
    evidence: Evidence, cause: JournalRecord | None, bars: tuple[SeenBar, ...]
) -> Wake | None:
    """What made the engine act. A bar that closed in the same instant is taken for it; an instant
    after every row and input is a timer's.
    """
    record = evidence.last_input
    if cause is None or record is None:
        return None
    at_ns = cause.time_ns
    kind, what = _kind(record, at_ns)
    closed = [bar for bar in bars if bar.at_ns == at_ns]
    if closed and kind in ("market_row", "timer"):
        named = ", ".join(bar.timeframe for bar in closed)
        kind, what = "bar", f"the {named} bar closed"
    return Wake(kind=kind, what=what, at_ns=at_ns, sequence=record.sequence)


def _kind(record: JournalRecord, at_ns: int) -> tuple[str, str]:
    value = record.value
    if isinstance(value, np.ndarray):
        times = value["receive_time_ns"]
        known = times[times <= at_ns]
        is_row = len(known) > 0 and int(known[-1]) == at_ns
        return ("market_row", "a market row was received") if is_row else _TIMER
    if getattr(value, "receive_time_ns", 0) != at_ns:
        return _TIMER
    match value:
        case ReportReceived():
            return "report", f"the venue reported {type(value.report).__name__}"
        case OperatorCommanded():
            return "operator", f"an operator commanded {type(value.command).__name__}"
        case SourceChanged():
            return "source", f"source {value.source} changed: {value.reason}"
        case _:
            return _TIMER


def _bar(candle: CandleCompleted) -> SeenBar:
    return SeenBar(
        timeframe=candle.timeframe,
        open_time_ns=candle.open_time_ns,
        at_ns=candle.at_ns,
        open=candle.open,
        high=candle.high,
        low=candle.low,
        close=candle.close,
        volume=candle.volume,
        buy_volume=candle.buy_volume,
    )
