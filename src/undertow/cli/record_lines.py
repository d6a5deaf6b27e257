"""Journal records as lines for people and as plain data for programs."""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec
import numpy as np

from undertow.domain.command import AmendOrder, CancelOrder, QueryOrder, SubmitOrder
from undertow.domain.engine_input import (
    ClockAdvanced,
    OperatorCommanded,
    ReportReceived,
    SourceChanged,
)
from undertow.domain.event import (
    CandleCompleted,
    DecisionMade,
    ExecutionJudged,
    OrderPlaced,
    RiskJudged,
    TradingSignalGenerated,
)
from undertow.domain.instrument import Instrument
from undertow.domain.intent import Approved
from undertow.domain.market_event import EVENT, EventArray, EventKind
from undertow.domain.money import Money
from undertow.domain.order import Limit, Order, Trigger
from undertow.domain.time import utc_text
from undertow.timeline.journal_record import JournalRecord, RunEnded, RunStarted

_TAGS = ("at_ns", "event", "command", "input", "report", "operator")
_PRICED = (EventKind.TRADE, EventKind.BOOK_LEVEL, EventKind.QUOTE, EventKind.LIQUIDATION)


def kind_of(record: JournalRecord) -> str:
    """The name of what a record says: of the report inside an input, else of the value's type."""
    value = record.value
    if isinstance(value, np.ndarray):
        return "market"
    if isinstance(value, ReportReceived):
        return type(value.report).__name__
    return type(value).__name__


def line(record: JournalRecord) -> str:
    """Sequence, time, kind and summary."""
    head = f"{record.sequence:>9} {utc_text(record.time_ns)[:26]} {kind_of(record):<24}"
    return f"{head} {summary(record)}".rstrip()


def summary(record: JournalRecord) -> str:
    """What a record says, in one line."""
    value = record.value
    if isinstance(value, np.ndarray):
        return _market(value)
    told = _WORDS.get(type(value))
    return told(value) if told is not None else _fields(value)


def row_lines(rows: EventArray, run: RunStarted | None) -> Iterator[str]:
    """Market rows one a line, by name and in decimals where the run's tables are known."""
    for row in rows:
        kind = EventKind(int(row["kind"]))
        index, source = int(row["instrument"]), int(row["source"])
        named = run is not None and index < len(run.instruments) and source < len(run.sources)
        instrument = run.instruments[index] if named and run is not None else None
        where = run.sources[source] if named and run is not None else f"source {source}"
        what = instrument.instrument_id if instrument is not None else f"instrument {index}"
        times = f"{utc_text(int(row['event_time_ns']))[11:26]}"
        yield f"{times} {where} {what} {kind.name.lower()} {_figures(row, kind, instrument)}"


def as_data(record: JournalRecord, *, with_rows: bool) -> dict[str, Any]:
    """A record as plain containers for JSON; numbers that are not finite are None."""
    value = record.value
    data: dict[str, Any] = {
        "sequence": record.sequence,
        "time_ns": record.time_ns,
        "frame": record.kind.name.lower(),
        "kind": kind_of(record),
    }
    if isinstance(value, np.ndarray):
        data["rows"] = len(value)
        data["kinds"] = _kinds(value)
        if with_rows:
            names = EVENT.names or ()
            data["values"] = [dict(zip(names, row.item(), strict=True)) for row in value]
        return data
    data["value"] = _finite(msgspec.to_builtins(value))
    return data


def _market(rows: EventArray) -> str:
    kinds = ", ".join(f"{count} {name}" for name, count in _kinds(rows).items())
    return f"{len(rows)} rows: {kinds}"


def _kinds(rows: EventArray) -> dict[str, int]:
    counts = np.bincount(rows["kind"], minlength=max(EventKind) + 1)
    return {kind.name.lower(): int(counts[kind]) for kind in EventKind if counts[kind]}


def _figures(row: Any, kind: EventKind, instrument: Instrument | None) -> str:
    side = {1: "buy ", -1: "sell "}.get(int(row["side"]), "")
    ticks, lots = int(row["price_ticks"]), int(row["qty_lots"])
    if instrument is None or kind not in _PRICED:
        rest = [int(row[name]) for name in ("price_b", "qty_b", "sequence")]
        return f"{side}{ticks} {lots} {rest[0]} {rest[1]} {rest[2]}"
    text = f"{side}{instrument.price_text(ticks)} {instrument.qty_text(lots)}"
    if kind is EventKind.QUOTE:
        ask, ask_lots = int(row["price_b"]), int(row["qty_b"])
        return f"{text} / {instrument.price_text(ask)} {instrument.qty_text(ask_lots)}"
    return text


def _order(order: Order) -> str:
    terms = order.terms
    if isinstance(terms, Limit):
        price = f"limit {terms.price_ticks} {terms.time_in_force.value}"
    elif isinstance(terms, Trigger):
        price = f"{terms.when.value} {terms.trigger_ticks}"
    else:
        price = "market"
    return (
        f"{order.client_order_id} {order.purpose.value} {order.side.name.lower()} "
        f"{order.qty_lots} lots {order.instrument_id} {price} ({order.decision_id})"
    )


def _candle(bar: CandleCompleted) -> str:
    prices = f"{bar.open} {bar.high} {bar.low} {bar.close}"
    opened = utc_text(bar.open_time_ns)[11:19]
    words = f"{bar.instrument_id} {bar.timeframe} from {opened}: {prices}"
    return f"{words} volume {bar.volume}, bought {bar.buy_volume}"


def _decision(made: DecisionMade) -> str:
    last = made.verdicts[-1].reason if made.verdicts else ""
    words = f"{made.decision_id} {made.strategy} {made.instrument_id} {made.outcome} {last}"
    return words.rstrip()


def _signal(made: TradingSignalGenerated) -> str:
    signal = made.signal
    return (
        f"{made.decision_id} {signal.action.value} {signal.side.name.lower()} "
        f"{signal.instrument_id} entry {signal.entry_ticks} stop {signal.stop_ticks}: "
        f"{signal.reason}"
    )


def _risk(judged: RiskJudged) -> str:
    verdict = judged.verdict
    intent = verdict.intent
    head = f"{judged.decision_id} {intent.purpose.value} {intent.instrument_id}"
    if isinstance(verdict, Approved):
        return f"{head} approved {verdict.qty_lots} lots"
    return f"{head} refused {verdict.code}: {verdict.reason}"


def _execution(judged: ExecutionJudged) -> str:
    last = judged.verdicts[-1]
    return f"{judged.intent_id} {judged.outcome}: {last.name} {last.reason}"


def _run(run: RunStarted) -> str:
    return (
        f"{run.run_id} {run.mode} version {run.version} seed {run.seed} "
        f"{len(run.instruments)} instruments, sources {', '.join(run.sources)}, "
        f"strategies {', '.join(run.strategies)}"
    )


def _ended(ended: RunEnded) -> str:
    counts = " ".join(f"{name}={count}" for name, count in ended.counters.items())
    return f"{ended.reason} state {ended.state_hash} {counts}"


_WORDS: dict[type, Callable[[Any], str]] = {
    SubmitOrder: lambda value: _order(value.order),
    OrderPlaced: lambda value: _order(value.order),
    AmendOrder: lambda value: (
        f"{value.client_order_id} to {value.price_ticks} ticks, {value.qty_lots} lots"
    ),
    CancelOrder: lambda value: str(value.client_order_id),
    QueryOrder: lambda value: str(value.client_order_id),
    ReportReceived: lambda value: _fields(value.report),
    ClockAdvanced: lambda _: "",
    OperatorCommanded: lambda value: f"{type(value.command).__name__} {_fields(value.command)}",
    SourceChanged: lambda value: (
        f"{value.source} {'healthy' if value.is_healthy else 'lost'}: {value.reason}"
    ),
    CandleCompleted: _candle,
    DecisionMade: _decision,
    TradingSignalGenerated: _signal,
    RiskJudged: _risk,
    ExecutionJudged: _execution,
    RunStarted: _run,
    RunEnded: _ended,
}


def _fields(value: Any) -> str:
    # Every field that says something, as name=value; nested values by their own words.
    parts = []
    for name in type(value).__struct_fields__:
        field = getattr(value, name)
        if name in _TAGS or field in ("", None, ()):
            continue
        parts.append(f"{name}={_word(field)}")
    return " ".join(parts)


def _word(field: object) -> str:
    if isinstance(field, Money):
        return str(field)
    if isinstance(field, float):
        return f"{field:.8g}"
    named = getattr(field, "name", None)
    if isinstance(named, str):
        return named.lower()
    if isinstance(field, tuple | list):
        return ",".join(_word(item) for item in field)
    return str(field)


def _finite(data: Any) -> Any:
    if isinstance(data, float):
        return data if math.isfinite(data) else None
    if isinstance(data, dict):
        return {key: _finite(item) for key, item in data.items()}
    if isinstance(data, Sequence) and not isinstance(data, str):
        return [_finite(item) for item in data]
    return data
