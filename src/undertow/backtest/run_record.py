"""What a backtest keeps of its run while it goes on: fills with their circumstances, signals,
funding, failures. Everything else of a result follows from these and from the prices.
"""

from collections.abc import Sequence

import msgspec

from undertow.domain.command import Command
from undertow.domain.engine_input import Input, ReportReceived
from undertow.domain.event import (
    Event,
    OrderFailed,
    OrderPlaced,
    SystemFailure,
    TradingSignalGenerated,
)
from undertow.domain.identity import InstrumentId, StrategyId
from undertow.domain.intent import Signal
from undertow.domain.market_event import EventArray
from undertow.domain.order import Liquidity, Order, Purpose, Trigger
from undertow.domain.report import FundingSettled, PositionLiquidated
from undertow.engine.engine import Engine
from undertow.ledger.fill import Fill
from undertow.timeline.market_data import DataFidelity

TIMED_OUT = ("entry_timeout", "exit_timeout", "timeout")


class FillNote(msgspec.Struct, frozen=True, gc=False):
    """A fill, the price it is measured against, and half the spread then, in ticks."""

    fill: Fill
    reference_ticks: float
    half_spread_ticks: float


class SignalNote(msgspec.Struct, frozen=True):
    """A signal and when it was made."""

    at_ns: int
    signal: Signal


class FundingNote(msgspec.Struct, frozen=True):
    """Funding received (negative: paid) by one strategy, 1e-18 of the currency."""

    at_ns: int
    strategy: StrategyId
    instrument_id: InstrumentId
    amount: int
    currency: str


class _Sent(msgspec.Struct, frozen=True, gc=False):
    reference_ticks: float
    half_spread_ticks: float


class RunRecord:
    """A `Record` of the conductor, and the listener of the engine's fills."""

    def __init__(self, engine: Engine, fidelity: DataFidelity, half_spread_ppm: int) -> None:
        self._engine = engine
        self._fidelity = fidelity
        self._half_ppm = half_spread_ppm
        self._sent: dict[str, _Sent] = {}
        self.fills: list[FillNote] = []
        self.signals: dict[str, SignalNote] = {}
        self.funding: list[FundingNote] = []
        self.failures: list[str] = []
        self.liquidated: list[tuple[int, InstrumentId]] = []
        self.timeouts = 0
        self.orders = 0
        engine.on_fill = self.on_fill

    @property
    def failed(self) -> bool:
        """Whether a strategy failed."""
        return bool(self.failures)

    def append_market(self, rows: EventArray) -> None:
        """Rows are looked at when they are read, once for all."""

    def append_input(self, value: Input) -> None:
        """Keep funding and liquidations."""
        if not isinstance(value, ReportReceived):
            return
        report = value.report
        if isinstance(report, FundingSettled):
            self._share_funding(value.receive_time_ns, report)
        elif isinstance(report, PositionLiquidated):
            self.liquidated.append((value.receive_time_ns, report.instrument_id))

    def append_event(self, value: Event) -> None:
        """Keep signals, what an order was sent at, and what failed."""
        if isinstance(value, OrderPlaced):
            self._note_sent(value.order)
        elif isinstance(value, TradingSignalGenerated):
            self.signals[value.decision_id] = SignalNote(value.at_ns, value.signal)
        elif isinstance(value, OrderFailed):
            self.timeouts += any(word in value.reason for word in TIMED_OUT)
        elif isinstance(value, SystemFailure):
            self.failures.append(f"{value.component}: {value.error}")

    def append_commands(self, commands: Sequence[Command]) -> None:
        """Nothing is written ahead: nothing leaves this process."""

    def on_fill(self, fill: Fill) -> None:
        """Keep a fill with what it is measured against."""
        sent = self._sent.get(fill.client_order_id)
        if fill.liquidity is Liquidity.MAKER:
            note = FillNote(fill, fill.price_ticks, 0.0)
        elif sent is None or (
            self._fidelity is DataFidelity.BARS and fill.purpose is not Purpose.PROTECT
        ):
            # Of bars the open is the first price that could be had: what came before is no cost.
            last = self._engine.flow[self._engine.table.index(fill.instrument_id)].last_ticks
            note = FillNote(fill, last or fill.price_ticks, self._half(last))
        else:
            note = FillNote(fill, sent.reference_ticks, sent.half_spread_ticks)
        self.fills.append(note)

    def _note_sent(self, order: Order) -> None:
        self.orders += 1
        if isinstance(order.terms, Trigger):
            ticks = float(order.terms.trigger_ticks)
            self._sent[order.client_order_id] = _Sent(ticks, self._half(ticks))
            return
        flow = self._engine.flow[self._engine.table.index(order.instrument_id)]
        bid, ask = flow.bid_ticks, flow.ask_ticks
        if bid and ask:
            sent = _Sent((bid + ask) / 2, (ask - bid) / 2)
        else:
            sent = _Sent(flow.last_ticks, self._half(flow.last_ticks))
        self._sent[order.client_order_id] = sent

    def _half(self, ticks: float) -> float:
        return ticks * self._half_ppm / 1e6

    def _share_funding(self, at_ns: int, report: FundingSettled) -> None:
        held = [p for p in self._engine.ledger.positions if p.instrument_id == report.instrument_id]
        net = sum(position.signed_lots for position in held)
        for position in held:
            part = report.amount.amount * position.signed_lots // net if net else 0
            self.funding.append(
                FundingNote(
                    at_ns, position.strategy, report.instrument_id, part, report.amount.currency
                )
            )
