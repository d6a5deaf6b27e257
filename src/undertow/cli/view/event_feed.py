"""The last things that happened, one line each, newest last; what repeats is counted."""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from undertow.cli.view.figures import money, price, short_name
from undertow.cli.view.palette import ACCENT, BAD, DIM, GOOD, TEXT, WARN, signed
from undertow.domain.engine_input import Effect, ReportReceived
from undertow.domain.event import (
    CircuitBreakerReset,
    CircuitBreakerTriggered,
    ExecutionValidationFailed,
    ForceExitRequired,
    MarketDataConnectionLost,
    MarketDataConnectionRestored,
    OrderFailed,
    OrderOutcomeUnknown,
    PositionClosed,
    PositionOpened,
    PositionReconciliationFailed,
    SignalRejected,
    StopHit,
    SystemFailure,
    TradingSignalGenerated,
)
from undertow.domain.instrument import Instrument
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.intent import Action
from undertow.domain.report import OrderFilled
from undertow.domain.side import Side

MOST_LINES = 200
SIGNAL = "signal"

Item = Effect | ReportReceived


class FeedLine(msgspec.Struct):
    """`word` names what happened; lines of one `key` in a row are one line with a `count`.

    decision_id: of a signal, so that its refusal can take its place.
    """

    at_ns: int
    word: str
    style: str
    text: str
    text_style: str = TEXT
    key: str = ""
    count: int = 1
    decision_id: str = ""


class EventFeed:
    """Reads a bounded queue of effects again and again, and takes what is new in it.

    Reports of fills may be in the queue too. Candles, decisions and the like are passed over.
    """

    def __init__(self, table: InstrumentTable) -> None:
        self.lines: deque[FeedLine] = deque(maxlen=MOST_LINES)
        self._table = table
        self._last: Item | None = None

    def catch_up(self, items: Sequence[Item]) -> list[Item]:
        """Take the items that came after the last one taken; returns them in order."""
        fresh: list[Item] = []
        for item in reversed(items):
            if item is self._last:
                break
            fresh.append(item)
        fresh.reverse()
        for item in fresh:
            self._take(item)
        if items:
            self._last = items[-1]
        return fresh

    def _take(self, item: Item) -> None:
        told = _TELLERS.get(type(item))
        line = told(item, self._table) if told is not None else None
        if line is None:
            return
        last = self.lines[-1] if self.lines else None
        if last is not None and last.word == SIGNAL and last.decision_id == line.decision_id:
            self.lines.pop()
            last = self.lines[-1] if self.lines else None
        if last is not None and line.key and last.key == line.key:
            last.count += 1
            last.at_ns, last.text = line.at_ns, line.text
        else:
            self.lines.append(line)


Teller = Callable[[Any, InstrumentTable], FeedLine | None]


def _named(table: InstrumentTable, instrument_id: str) -> Instrument:
    return table.get(instrument_id)


def _signal(event: TradingSignalGenerated, table: InstrumentTable) -> FeedLine:
    signal = event.signal
    instrument = _named(table, signal.instrument_id)
    side = "long" if signal.side is Side.BUY else "short"
    words = f"{signal.strategy} {signal.action.value} {side} {short_name(instrument)}"
    if signal.action is Action.ENTER:
        words += f" at {price(instrument, signal.entry_ticks)}"
        words += f" stop {price(instrument, signal.stop_ticks)}"
    if signal.score:
        words += f" score {signal.score:.1f}"
    text = f"{words}: {signal.reason}"
    return FeedLine(event.at_ns, SIGNAL, ACCENT, text, decision_id=event.decision_id)


def _refused(event: SignalRejected, table: InstrumentTable) -> FeedLine:
    name = short_name(_named(table, event.instrument_id))
    text = f"{event.code}  {name}: {event.reason}"
    key = f"refused {event.code}"
    return FeedLine(event.at_ns, "refused", WARN, text, DIM, key, decision_id=event.decision_id)


def _invalid(event: ExecutionValidationFailed, table: InstrumentTable) -> FeedLine:
    name = short_name(_named(table, event.instrument_id))
    text = f"{event.check}  {name}: {event.reason}"
    return FeedLine(event.at_ns, "invalid", WARN, text, DIM, key=f"invalid {event.check}")


def _filled(item: ReportReceived, table: InstrumentTable) -> FeedLine | None:
    report = item.report
    if not isinstance(report, OrderFilled):
        return None
    instrument = _named(table, report.instrument_id)
    words = f"{report.side.name.lower()} {instrument.qty_text(report.qty_lots)} "
    words += f"{short_name(instrument)} at {price(instrument, report.price_ticks)} "
    words += f"{report.liquidity.value}, {report.client_order_id}"
    style = GOOD if report.side is Side.BUY else BAD
    key = f"fill {report.client_order_id}"
    return FeedLine(item.receive_time_ns, "fill", style, words, key=key)


def _opened(event: PositionOpened, table: InstrumentTable) -> FeedLine:
    name = short_name(_named(table, event.instrument_id))
    side = "long" if event.side is Side.BUY else "short"
    text = f"{side} {event.qty} {name} at {event.entry_price}  {event.strategy}"
    return FeedLine(event.at_ns, "open", GOOD if event.side is Side.BUY else BAD, text)


def _closed(event: PositionClosed, table: InstrumentTable) -> FeedLine:
    name = short_name(_named(table, event.instrument_id))
    profit = float(event.pnl)
    text = f"{money(profit, plus=True)} {event.pnl.currency} ({event.pnl_percent:+.2f}%) {name}"
    text += f": {event.reason}  {event.strategy}"
    return FeedLine(event.at_ns, "close", signed(profit), text, signed(profit))


def _stop_hit(event: StopHit, table: InstrumentTable) -> FeedLine:
    name = short_name(_named(table, event.instrument_id))
    return FeedLine(event.at_ns, "stop hit", WARN, f"{name} at {event.stop_price}")


def _forced(event: ForceExitRequired, table: InstrumentTable) -> FeedLine:
    name = short_name(_named(table, event.instrument_id))
    return FeedLine(event.at_ns, "force", BAD, f"{event.rule} {name}: {event.reason}")


def _tripped(event: CircuitBreakerTriggered, _: InstrumentTable) -> FeedLine:
    text = f"{event.rule} level {event.level}: {event.reason}"
    return FeedLine(event.at_ns, "breaker", BAD, text, BAD)


def _reset(event: CircuitBreakerReset, _: InstrumentTable) -> FeedLine:
    return FeedLine(event.at_ns, "reset", GOOD, f"{event.rule}: entries are allowed again")


def _lost(event: MarketDataConnectionLost, _: InstrumentTable) -> FeedLine:
    return FeedLine(event.at_ns, "lost", BAD, f"{event.source}: {event.reason}")


def _restored(event: MarketDataConnectionRestored, _: InstrumentTable) -> FeedLine:
    return FeedLine(event.at_ns, "back", GOOD, f"{event.source} is healthy again")


def _failed(event: OrderFailed, table: InstrumentTable) -> FeedLine:
    name = short_name(_named(table, event.instrument_id))
    text = f"{event.client_order_id} {name}: {event.reason}"
    return FeedLine(event.at_ns, "failed", WARN, text)


def _unknown(event: OrderOutcomeUnknown, table: InstrumentTable) -> FeedLine:
    name = short_name(_named(table, event.instrument_id))
    text = f"{event.client_order_id} {name}: outcome of {event.request} not known"
    return FeedLine(event.at_ns, "unknown", WARN, text, WARN)


def _fault(event: SystemFailure, _: InstrumentTable) -> FeedLine:
    style = BAD if event.is_critical else WARN
    return FeedLine(event.at_ns, "failure", style, f"{event.component}: {event.error}", style)


def _differs(event: PositionReconciliationFailed, _: InstrumentTable) -> FeedLine:
    text = f"{event.venue}: {'; '.join(event.discrepancies)}"
    return FeedLine(event.at_ns, "differs", BAD, text, BAD)


_TELLERS: dict[type, Teller] = {
    TradingSignalGenerated: _signal,
    SignalRejected: _refused,
    ExecutionValidationFailed: _invalid,
    ReportReceived: _filled,
    PositionOpened: _opened,
    PositionClosed: _closed,
    StopHit: _stop_hit,
    ForceExitRequired: _forced,
    CircuitBreakerTriggered: _tripped,
    CircuitBreakerReset: _reset,
    MarketDataConnectionLost: _lost,
    MarketDataConnectionRestored: _restored,
    OrderFailed: _failed,
    OrderOutcomeUnknown: _unknown,
    SystemFailure: _fault,
    PositionReconciliationFailed: _differs,
}
