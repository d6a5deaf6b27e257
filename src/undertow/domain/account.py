"""The account as risk and execution see it: one frozen picture in one reporting currency."""

import msgspec

from undertow.domain.identity import ClientOrderId, InstrumentId, StrategyId
from undertow.domain.money import Money
from undertow.domain.order import OrderState, Purpose
from undertow.domain.position import PositionView
from undertow.domain.side import Side


class WorkingOrder(msgspec.Struct, frozen=True, gc=False):
    """An order that is not over: what is left of it and what it would cost, reporting currency."""

    client_order_id: ClientOrderId
    instrument_id: InstrumentId
    strategy: StrategyId
    side: Side
    purpose: Purpose
    state: OrderState
    remaining_lots: int
    remaining_notional: Money
    created_ns: int


class MarketFacts(msgspec.Struct, frozen=True, gc=False):
    """What is known of an instrument's market now; 0 or NaN where unknown.

    quote_rate: value of one unit of the quote currency in the reporting currency.
    settle_rate: the same for the settlement currency.
    """

    last_ticks: int
    bid_ticks: int
    ask_ticks: int
    atr_ticks: float
    is_healthy: bool
    quote_rate: float
    settle_rate: float


class AccountView(msgspec.Struct, frozen=True):
    """Money in the reporting currency; equity is marked to market.

    free_cash: by venue, what new entries may still use there (wallet less margin in use).
    day_start_equity: equity at 00:00 UTC (or at the start of the run on its first day).
    blocked: instruments with an order of UNKNOWN outcome.
    """

    now_ns: int
    equity: Money
    day_start_equity: Money
    peak_equity: Money
    free_cash: dict[str, Money]
    positions: tuple[PositionView, ...]
    working: tuple[WorkingOrder, ...]
    blocked: frozenset[InstrumentId]
    trades_today: int
