"""Orders, fills, holdings and the cash book, as commands and venue reports tell of them.

Reports move an order as far as they say; what the engine itself believes is in its snapshots. An
order that is over stays over, except that late fills still count.
"""

import sqlite3
from typing import assert_never

from undertow.domain.command import AmendOrder, CancelOrder, Command, QueryOrder, SubmitOrder
from undertow.domain.errors import DataError
from undertow.domain.instrument import Instrument
from undertow.domain.money import Money
from undertow.domain.order import Limit, Market, Order, OrderState, Trigger
from undertow.domain.report import (
    AmendRejected,
    BalanceReported,
    CancelRejected,
    FundingSettled,
    OrderAccepted,
    OrderAmended,
    OrderCanceled,
    OrderExpired,
    OrderFilled,
    OrderRejected,
    OrderStatus,
    OrderTriggered,
    PositionLiquidated,
    PositionReported,
    Report,
    RequestTimedOut,
)
from undertow.ledger.account_name import AccountKind
from undertow.ledger.exact_price import average_price_text
from undertow.storage.instrument_rows import InstrumentRows

_OVER = ("FILLED", "CANCELED", "REJECTED", "EXPIRED")
_UNKNOWN_ORDER = ("", "external")


class OrderProjection:
    """Writes into an open transaction; `at_ns` and `sequence` are the record's."""

    def __init__(self, connection: sqlite3.Connection, instruments: InstrumentRows) -> None:
        self._connection = connection
        self._instruments = instruments

    def on_command(self, command: Command, at_ns: int, sequence: int) -> None:
        """A command was journaled and may have been sent."""
        match command:
            case SubmitOrder():
                self._submit(command.venue, command.order, at_ns, sequence)
            case CancelOrder():
                self._move(command.client_order_id, OrderState.PENDING_CANCEL, at_ns)
            case AmendOrder():
                self._move(command.client_order_id, OrderState.PENDING_AMEND, at_ns)
            case QueryOrder():
                return
            case _:
                assert_never(command)

    def on_report(self, report: Report, at_ns: int, sequence: int) -> None:
        """A venue's report reached us."""
        match report:
            case OrderFilled():
                self._fill(report, at_ns, sequence)
            case FundingSettled():
                self._book(sequence, at_ns, AccountKind.FUNDING, report)
            case OrderAmended():
                self._amend(report, at_ns)
            case OrderAccepted() | OrderTriggered():
                self._name(report.client_order_id, report.venue_order_id)
                self._rest(report.client_order_id, at_ns)
            case OrderStatus():
                self._name(report.client_order_id, report.venue_order_id)
                self._move(report.client_order_id, report.state, at_ns)
            case CancelRejected() | AmendRejected():
                self._rest(report.client_order_id, at_ns)
            case BalanceReported() | PositionReported() | PositionLiquidated():
                return
            case _:
                self._end(report, at_ns)

    def realise(
        self, sequence: int, at_ns: int, trade: tuple[str, str, str], profit: Money
    ) -> None:
        """Book a closed trade's profit before fees and funding; `trade` is (strategy, instrument,
        trade id).
        """
        strategy, instrument_id, reference = trade
        venue = instrument_id.rpartition("@")[2]
        place = (sequence, at_ns, instrument_id, reference)
        self._entries(place, (AccountKind.REALISED, strategy), venue, profit)

    def _end(
        self,
        report: OrderRejected | OrderCanceled | OrderExpired | RequestTimedOut,
        at_ns: int,
    ) -> None:
        match report:
            case OrderRejected():
                reason = f"{report.code}: {report.reason}"
                self._move(report.client_order_id, OrderState.REJECTED, at_ns, reason)
            case OrderCanceled():
                self._move(report.client_order_id, OrderState.CANCELED, at_ns)
            case OrderExpired():
                self._move(report.client_order_id, OrderState.EXPIRED, at_ns, report.reason)
            case RequestTimedOut():
                reason = f"no answer to {report.request}"
                self._move(report.client_order_id, OrderState.UNKNOWN, at_ns, reason)
            case _:
                assert_never(report)

    def _submit(self, venue: str, order: Order, at_ns: int, sequence: int) -> None:
        instrument = self._instruments.get(order.instrument_id)
        kind, price, trigger = _terms(order, instrument)
        self._connection.execute(
            "INSERT INTO orders VALUES "
            "(?, ?, '', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '0', '', ?, '', ?, ?, ?, ?) "
            "ON CONFLICT DO NOTHING",
            (
                order.client_order_id, venue, order.instrument_id, order.strategy, int(order.side),
                order.purpose.value, order.is_reduce_only, kind, price, trigger,
                instrument.qty_text(order.qty_lots), order.qty_lots,
                OrderState.PENDING_CREATE.name, order.decision_id, order.created_ns, at_ns,
                sequence,
            ),
        )  # fmt: skip

    def _move(self, order_id: str, state: OrderState, at_ns: int, reason: str = "") -> None:
        self._connection.execute(
            "UPDATE orders SET state = ?, updated_ns = ?, reason = CASE ? WHEN '' THEN reason "
            "ELSE ? END WHERE client_order_id = ? AND state NOT IN (?, ?, ?, ?)",
            (state.name, at_ns, reason, reason, order_id, *_OVER),
        )

    def _rest(self, order_id: str, at_ns: int) -> None:
        # Back to resting: open, or partly filled when something was filled before.
        self._connection.execute(
            "UPDATE orders SET updated_ns = ?, state = CASE filled_lots WHEN 0 THEN ? ELSE ? END "
            "WHERE client_order_id = ? AND state NOT IN (?, ?, ?, ?)",
            (
                at_ns, OrderState.OPEN.name, OrderState.PARTIALLY_FILLED.name, order_id, *_OVER,
            ),
        )  # fmt: skip

    def _name(self, order_id: str, venue_order_id: str) -> None:
        self._connection.execute(
            "UPDATE orders SET venue_order_id = ? WHERE client_order_id = ?",
            (venue_order_id, order_id),
        )

    def _amend(self, report: OrderAmended, at_ns: int) -> None:
        row = self._connection.execute(
            "SELECT instrument_id FROM orders WHERE client_order_id = ?",
            (report.client_order_id,),
        ).fetchone()
        if row is None:
            return
        instrument = self._instruments.get(row[0])
        price = instrument.price_text(report.price_ticks)
        self._connection.execute(
            "UPDATE orders SET qty = ?, qty_lots = ?, "
            "price = CASE trigger_price WHEN '' THEN ? ELSE price END, "
            "trigger_price = CASE trigger_price WHEN '' THEN '' ELSE ? END "
            "WHERE client_order_id = ?",
            (
                instrument.qty_text(report.qty_lots), report.qty_lots, price, price,
                report.client_order_id,
            ),
        )  # fmt: skip
        self._rest(report.client_order_id, at_ns)

    def _fill(self, report: OrderFilled, at_ns: int, sequence: int) -> None:
        instrument = self._instruments.find(report.instrument_id)
        if instrument is None:
            return  # somebody traded by hand what no run of ours knows
        decision_id, strategy = (
            self._connection.execute(
                "SELECT decision_id, strategy FROM orders WHERE client_order_id = ?",
                (report.client_order_id,),
            ).fetchone()
            or _UNKNOWN_ORDER
        )
        new = self._connection.execute(
            "INSERT INTO fills VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT DO NOTHING",
            (
                report.venue, report.fill_id, report.client_order_id, report.instrument_id,
                strategy, int(report.side), instrument.price_text(report.price_ticks),
                instrument.qty_text(report.qty_lots), report.liquidity.value, report.fee.text,
                report.fee.currency, report.event_time_ns, sequence,
            ),
        ).rowcount  # fmt: skip
        if not new:
            return
        self._connection.execute(
            "INSERT INTO holdings VALUES (?, ?, ?) ON CONFLICT DO UPDATE "
            "SET signed_lots = signed_lots + excluded.signed_lots",
            (strategy, report.instrument_id, report.side * report.qty_lots),
        )
        place = (
            sequence,
            at_ns,
            report.instrument_id,
            f"{report.client_order_id}/{report.fill_id}",
        )
        self._entries(place, (AccountKind.FEES, strategy), report.venue, -report.fee)
        if strategy != _UNKNOWN_ORDER[1]:
            self._count_fill(report, instrument, at_ns, decision_id)

    def _count_fill(
        self, report: OrderFilled, instrument: Instrument, at_ns: int, decision_id: str
    ) -> None:
        qty, filled, cost, state = self._connection.execute(
            "SELECT qty_lots, filled_lots, filled_cost, state FROM orders "
            "WHERE client_order_id = ?",
            (report.client_order_id,),
        ).fetchone()
        filled += report.qty_lots
        cost = int(cost) + instrument.cost(report.price_ticks, report.qty_lots).amount
        average = average_price_text(instrument, cost, filled)
        if filled >= qty:
            state = OrderState.FILLED.name
        elif state not in _OVER:
            state = OrderState.PARTIALLY_FILLED.name
        self._connection.execute(
            "UPDATE orders SET filled_lots = ?, filled_cost = ?, average_price = ?, state = ?, "
            "updated_ns = ?, venue_order_id = ? WHERE client_order_id = ?",
            (
                filled, str(cost), average, state, at_ns, report.venue_order_id,
                report.client_order_id,
            ),
        )  # fmt: skip
        self._connection.execute(
            "UPDATE decisions SET fill_price = ? WHERE decision_id = ? AND order_id = ?",
            (average, decision_id, report.client_order_id),
        )

    def _book(self, sequence: int, at_ns: int, kind: AccountKind, report: FundingSettled) -> None:
        place = (sequence, at_ns, report.instrument_id, "")
        self._entries(place, (kind, report.venue), report.venue, report.amount)

    def _entries(
        self,
        place: tuple[int, int, str, str],
        account: tuple[AccountKind, str],
        venue: str,
        received: Money,
    ) -> None:
        # What the wallet received, and the account it came from, summing to zero.
        if not received:
            return
        sequence, at_ns, instrument_id, reference = place
        (kind, owner), paid = account, -received
        self._connection.executemany(
            "INSERT INTO ledger_entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (sequence, 1, at_ns, AccountKind.WALLET.value, venue, "", received.text,
                 received.currency, reference),
                (sequence, 2, at_ns, kind.value, owner, instrument_id, paid.text,
                 paid.currency, reference),
            ],
        )  # fmt: skip


def _terms(order: Order, instrument: Instrument) -> tuple[str, str, str]:
    # Kind, limit price and trigger price in words; empty where the order has none.
    match order.terms:
        case Market():
            return "market", "", ""
        case Limit():
            return "limit", instrument.price_text(order.terms.price_ticks), ""
        case Trigger(trigger_ticks=ticks, then=Limit() as then):
            return (
                "stop_limit",
                instrument.price_text(then.price_ticks),
                instrument.price_text(ticks),
            )
        case Trigger(trigger_ticks=ticks):
            return "stop_market", "", instrument.price_text(ticks)
        case _:
            raise DataError(f"expected terms of an order, found {order.terms!r}")
