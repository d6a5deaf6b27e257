"""The venue closes a position of ours by force, with an order of its own, whole, at any price.

At the bankruptcy price, where the margin behind the position is gone (BT-10): the venue takes the
position over, and what the market then makes of it is its insurance fund's gain or loss. Or, if so
configured, through the book and beyond it by slippage. Both pay the taker fee and the liquidation
fee.
"""

from undertow.domain.identity import ClientOrderId, StrategyId
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.order import Liquidity, Market, Order, Purpose
from undertow.domain.report import PositionLiquidated
from undertow.domain.side import Side
from undertow.simulator.exchange_config import ExchangeConfig, LiquidationFill
from undertow.simulator.margin import Margin
from undertow.simulator.matcher import Matcher
from undertow.simulator.order_register import OrderRegister
from undertow.simulator.outbox import Outbox
from undertow.simulator.taker_plan import TakerPlanner
from undertow.simulator.venue_account import VenueAccount
from undertow.simulator.venue_markets import VenueMarkets
from undertow.simulator.venue_order import VenueOrder


class ForcedClose:
    """Closes positions; when, `liquidation` decides."""

    def __init__(
        self,
        venue: str,
        table: InstrumentTable,
        config: ExchangeConfig,
        *,
        account: VenueAccount,
        register: OrderRegister,
        markets: VenueMarkets,
        margin: Margin,
        planner: TakerPlanner,
        matcher: Matcher,
        outbox: Outbox,
    ) -> None:
        self._venue = venue
        self._table = table
        self._fee_ppm = config.liquidation_fee_ppm
        self._is_book = config.liquidation_fill is LiquidationFill.BOOK
        self._account = account
        self._register = register
        self._markets = markets
        self._margin = margin
        self._planner = planner
        self._matcher = matcher
        self._outbox = outbox

    def close(self, index: int, at_ns: int) -> None:
        """Close the open position of an instrument and say so."""
        signed_lots = self._account.signed_lots(index)
        assert signed_lots, "only open positions are liquidated"
        side, lots = Side.SELL if signed_lots > 0 else Side.BUY, abs(signed_lots)
        bankruptcy_ticks = self._margin.bankruptcy_ticks(index)
        self._outbox.push(
            PositionLiquidated(
                venue=self._venue,
                event_time_ns=at_ns,
                instrument_id=self._table[index].instrument_id,
                signed_lots=signed_lots,
                price_ticks=self._markets.mark_ticks(index),
            )
        )
        order = self._order(index, side, lots, at_ns)
        if self._is_book:
            for take in self._planner.forced(index, side, lots).takes:
                if take.level >= 0:
                    self._markets.take(index, side, take.level, take.lots)
                self._fill(order, take.ticks, take.lots, at_ns)
        else:
            self._fill(order, bankruptcy_ticks, lots, at_ns)
        assert not order.is_open, "a liquidation is whole"

    def _fill(self, order: VenueOrder, ticks: int, lots: int, at_ns: int) -> None:
        self._matcher.fill(order, ticks, lots, Liquidity.TAKER, at_ns, extra_ppm=self._fee_ppm)

    def _order(self, index: int, side: Side, lots: int, at_ns: int) -> VenueOrder:
        order = Order(
            client_order_id=ClientOrderId(f"{self._venue}-liquidation-{at_ns}-{index}"),
            instrument_id=self._table[index].instrument_id,
            strategy=StrategyId(self._venue),
            side=side,
            qty_lots=lots,
            terms=Market(),
            purpose=Purpose.FLATTEN,
            is_reduce_only=True,
            decision_id="",
            created_ns=at_ns,
        )
        return self._register.add(order, index)
