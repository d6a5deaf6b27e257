"""Whether an order can be paid for, and what is set aside while it rests.

Spot: a resting buy sets aside its value at its limit and the taker fee, a resting sell its coins; a
taker must be able to pay every level it would take. Derivatives: initial margin of the larger
exposure and the taker fee, see `margin`. Triggers set nothing aside until they are released.
"""

from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.order import Limit, Market, Order
from undertow.domain.side import Side
from undertow.simulator.exchange_config import ExchangeConfig
from undertow.simulator.margin import Margin
from undertow.simulator.reject_code import RejectCode, Rejection
from undertow.simulator.taker_plan import TakerPlanner
from undertow.simulator.valuation import value_at
from undertow.simulator.venue_account import Account, VenueAccount, base_amount
from undertow.simulator.venue_markets import VenueMarkets
from undertow.simulator.venue_order import VenueOrder


class Funds:
    """Judges what orders need, and keeps what resting spot orders hold."""

    def __init__(
        self,
        table: InstrumentTable,
        config: ExchangeConfig,
        *,
        account: VenueAccount,
        markets: VenueMarkets,
        planner: TakerPlanner,
        margin: Margin,
    ) -> None:
        self._table = table
        self._has_fee_in_base = config.is_spot_fee_in_base
        self._account = account
        self._markets = markets
        self._planner = planner
        self._margin = margin

    def reducible(self, index: int, side: Side) -> int:
        """Lots by which an order on `side` could reduce: the opposite position; on spot, a sell
        reduces the coins in the wallet.
        """
        instrument = self._table[index]
        if instrument.kind is not MarketKind.SPOT:
            return max(0, -side * self._account.signed_lots(index))
        if side is Side.BUY:
            return 0
        coins = self._account.amount(Account.TRADER, instrument.base)
        return max(0, coins) // base_amount(instrument, 1)

    def exposure(self, index: int) -> int:
        """Lots held, < 0 when short; on spot the coins that can be sold."""
        if self._table[index].kind is MarketKind.SPOT:
            return self.reducible(index, Side.SELL)
        return self._account.signed_lots(index)

    def problem(
        self, index: int, order: Order, terms: Market | Limit, lots: int
    ) -> Rejection | None:
        """None when a new order for `lots` under `terms` can be paid for."""
        if order.is_reduce_only:
            lots = min(lots, self.reducible(index, order.side))
        if self._table[index].kind is MarketKind.SPOT:
            return self._spot_problem(index, order.side, terms, lots, 0)
        return self._margin_problem(index, order.side, terms, lots)

    def amend_problem(self, order: VenueOrder, terms: Limit, qty_lots: int) -> Rejection | None:
        """None when a resting order can be paid for as amended."""
        index, side = order.index, order.side
        if self._table[index].kind is MarketKind.SPOT:
            lots = qty_lots - order.filled_lots
            return self._spot_problem(index, side, terms, lots, order.held)
        more = 0 if order.order.is_reduce_only else max(0, qty_lots - order.qty_lots)
        return self._margin_problem(index, side, terms, more)

    def set_aside(self, order: VenueOrder) -> None:
        """Hold what a resting spot order needs for what remains; release it when it is over."""
        instrument = self._table[order.index]
        if instrument.kind is not MarketKind.SPOT or order.is_trigger:
            return
        needed = 0
        if order.is_open and isinstance(order.terms, Limit):
            needed = self._spot_need(
                order.index, order.side, order.terms.price_ticks, order.remaining
            )
        self._account.hold(_paid_in(instrument, order.side), needed - order.held)
        order.held = needed

    def can_fill(self, order: VenueOrder, ticks: int, lots: int) -> bool:
        """True when a spot execution can be paid from the wallet; derivatives always can."""
        instrument = self._table[order.index]
        if instrument.kind is not MarketKind.SPOT:
            return True
        need = self._spot_need(order.index, order.side, ticks, lots)
        return need <= self._account.amount(Account.TRADER, _paid_in(instrument, order.side))

    def _spot_problem(
        self, index: int, side: Side, terms: Market | Limit, lots: int, held: int
    ) -> Rejection | None:
        instrument = self._table[index]
        if isinstance(terms, Limit):
            need = self._spot_need(index, side, terms.price_ticks, lots)
        else:
            plan = self._planner.market(index, side, lots)
            need = sum(self._spot_need(index, side, t.ticks, t.lots) for t in plan.takes)
        currency = _paid_in(instrument, side)
        free = self._margin.free(currency) + held
        if need <= free:
            return None
        reason = f"expected at most {free}e-18 {currency}, found a need of {need}e-18"
        return Rejection(RejectCode.INSUFFICIENT_BALANCE, reason)

    def _margin_problem(
        self, index: int, side: Side, terms: Market | Limit, lots: int
    ) -> Rejection | None:
        instrument = self._table[index]
        more = self._margin.required(index, side, lots) - self._margin.required(index)
        if more <= 0:
            return None
        mark_e8 = self._markets.mark_e8(index)
        rate_ppm = self._account.fees.highest(index)
        fee = value_at(instrument, mark_e8, lots) * rate_ppm // 1_000_000
        if isinstance(terms, Limit):
            at_limit = instrument.fee(terms.price_ticks, lots, rate_ppm)
            fee = max(fee, at_limit.amount)
        free = self._margin.free(instrument.settle)
        if more + fee <= free:
            return None
        reason = (
            f"expected at most {free}e-18 {instrument.settle}, found a need of {more + fee}e-18"
        )
        return Rejection(RejectCode.INSUFFICIENT_MARGIN, reason)

    def _spot_need(self, index: int, side: Side, ticks: int, lots: int) -> int:
        instrument = self._table[index]
        if side is Side.SELL:
            return base_amount(instrument, lots)
        rate_ppm = 0 if self._has_fee_in_base else self._account.fees.highest(index)
        return (instrument.cost(ticks, lots) + instrument.fee(ticks, lots, rate_ppm)).amount


def _paid_in(instrument: Instrument, side: Side) -> str:
    return instrument.settle if side is Side.BUY else instrument.base
