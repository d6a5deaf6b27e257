"""What the venue asks of an order before it takes it in. The first failure is the answer."""

from undertow.domain.errors import UnknownNameError
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.money import Money
from undertow.domain.order import Limit, Market, Order, Terms, Trigger
from undertow.domain.side import Side
from undertow.simulator.exchange_config import ExchangeConfig
from undertow.simulator.funds import Funds
from undertow.simulator.instrument_terms import TermsHistory
from undertow.simulator.reject_code import RejectCode, Rejection
from undertow.simulator.taker_plan import TakerPlanner
from undertow.simulator.venue_markets import VenueMarkets
from undertow.simulator.venue_order import VenueOrder

_PPM = 1_000_000


class OrderChecks:
    """Judges new and amended orders; changes nothing."""

    def __init__(
        self,
        venue: str,
        table: InstrumentTable,
        config: ExchangeConfig,
        *,
        markets: VenueMarkets,
        planner: TakerPlanner,
        funds: Funds,
    ) -> None:
        self._venue = venue
        self._table = table
        self._band_ppm = config.limit_band_ppm
        self._terms = TermsHistory(table, config.terms_of)
        self._markets = markets
        self._planner = planner
        self._funds = funds

    def index(self, order: Order) -> int | Rejection:
        """Place of the order's instrument in the table, when it is one of this venue."""
        try:
            index = self._table.index(order.instrument_id)
        except UnknownNameError as unknown:
            return Rejection(RejectCode.UNKNOWN_INSTRUMENT, str(unknown))
        if self._table[index].venue != self._venue:
            reason = f"expected an instrument of {self._venue}, found {order.instrument_id}"
            return Rejection(RejectCode.UNKNOWN_INSTRUMENT, reason)
        return index

    def problem(
        self, index: int, order: Order, terms: Terms, lots: int, *, at_ns: int = 0
    ) -> Rejection | None:
        """What is wrong with an order for `lots` under `terms`; None when nothing is."""
        found = self._size(index, order, terms, lots, at_ns=at_ns)
        if found is None and not isinstance(terms, Trigger):
            found = self._market(index, order, terms) or self._reduction(index, order)
            found = found or self._funds.problem(index, order, terms, lots)
        return found

    def amendment(
        self, order: VenueOrder, terms: Terms, qty_lots: int, *, at_ns: int = 0
    ) -> Rejection | None:
        """What is wrong with amending an open order to `terms` and a total of `qty_lots`."""
        if qty_lots <= order.filled_lots:
            reason = f"expected more than the {order.filled_lots} filled lots, found {qty_lots}"
            return Rejection(RejectCode.NOT_AMENDABLE, reason)
        found = self._size(order.index, order.order, terms, qty_lots, at_ns=at_ns)
        if found is None and isinstance(terms, Limit):
            found = self._limit(order.index, order.side, terms)
            found = found or self._funds.amend_problem(order, terms, qty_lots)
        return found

    def _size(
        self, index: int, order: Order, terms: Terms, lots: int, *, at_ns: int
    ) -> Rejection | None:
        rules = self._terms.at(index, at_ns)
        prices = _prices(terms)
        if lots < 1 or any(ticks < 1 for ticks in prices):
            reason = f"expected whole lots and ticks above 0, found {lots} and {prices}"
            return Rejection(RejectCode.OFF_GRID, reason)
        if lots % rules.lot_multiple or any(ticks % rules.tick_multiple for ticks in prices):
            steps = f"{rules.lot_multiple} lots and {rules.tick_multiple} ticks"
            reason = f"expected multiples of {steps}, found {lots} and {prices}"
            return Rejection(RejectCode.OFF_GRID, reason)
        if lots < rules.min_lots:
            reason = f"expected at least {rules.min_lots} lots, found {lots}"
            return Rejection(RejectCode.BELOW_MIN_LOTS, reason)
        if rules.max_lots and lots > rules.max_lots:
            reason = f"expected at most {rules.max_lots} lots, found {lots}"
            return Rejection(RejectCode.ABOVE_MAX_LOTS, reason)
        if order.is_reduce_only:
            return None
        return self._notional(index, rules.min_notional, prices, lots)

    def _notional(
        self, index: int, least: Money, prices: tuple[int, ...], lots: int
    ) -> Rejection | None:
        # Closing orders are exempt, or dust could never be closed.
        instrument = self._table[index]
        ticks = prices[0] if prices else self._markets.mark_ticks(index)
        value = instrument.notional(ticks, lots)
        if value < least:
            reason = f"expected a value of at least {least}, found {value}"
            return Rejection(RejectCode.BELOW_MIN_NOTIONAL, reason)
        return None

    def _market(self, index: int, order: Order, terms: Market | Limit) -> Rejection | None:
        if not self._planner.has_market(index) and not order.is_reduce_only:
            reason = f"expected a valid book of {order.instrument_id}, found none now"
            return Rejection(RejectCode.NO_BOOK, reason)
        return self._limit(index, order.side, terms) if isinstance(terms, Limit) else None

    def _limit(self, index: int, side: Side, terms: Limit) -> Rejection | None:
        touch = self._markets.touch
        reference = touch(index, side.opposite) or touch(index, side)
        band = reference * self._band_ppm // _PPM
        if band and side * (terms.price_ticks - reference) > band:
            found = f"found {terms.price_ticks}"
            reason = f"expected a price within {band} ticks of {reference}, {found}"
            return Rejection(RejectCode.PRICE_BAND, reason)
        if terms.is_post_only and self._planner.would_take(index, side, terms.price_ticks):
            reason = f"post-only at {terms.price_ticks} would take"
            return Rejection(RejectCode.POST_ONLY_WOULD_TAKE, reason)
        return None

    def _reduction(self, index: int, order: Order) -> Rejection | None:
        if order.is_reduce_only and not self._funds.reducible(index, order.side):
            reason = f"reduce-only {order.side.name} found nothing to reduce"
            return Rejection(RejectCode.NOTHING_TO_REDUCE, reason)
        return None


def _prices(terms: Terms) -> tuple[int, ...]:
    if isinstance(terms, Trigger):
        return (terms.trigger_ticks, *_prices(terms.then))
    return (terms.price_ticks,) if isinstance(terms, Limit) else ()
