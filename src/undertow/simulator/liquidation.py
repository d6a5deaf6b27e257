"""Liquidation at the mark price, and funding.

Rule (DEFINITIONS liquidation.*, D-143): when the slack of `margin` is gone, isolated positions are
closed one by one, each by its own slack; under cross margin all open orders on the derivatives of
that settlement currency expire first, then positions are closed, largest maintenance margin first,
until the rest is healthy. How a position is closed, `forced_close` says. What a position loses
beyond its isolated margin, or an account without any position beyond its wallet, the insurance fund
pays; positions and balance are then reported.
"""

from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.money import Money
from undertow.domain.report import BalanceReported, FundingSettled, PositionReported
from undertow.simulator.exchange_config import ExchangeConfig, MarginMode
from undertow.simulator.forced_close import ForcedClose
from undertow.simulator.margin import Margin
from undertow.simulator.matcher import Matcher
from undertow.simulator.order_register import OrderRegister
from undertow.simulator.outbox import Outbox
from undertow.simulator.venue_account import Account, VenueAccount
from undertow.simulator.venue_markets import VenueMarkets


class Liquidation:
    """Looks at the account after whatever may have changed it."""

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
        matcher: Matcher,
        forced: ForcedClose,
        outbox: Outbox,
    ) -> None:
        self._venue = venue
        self._table = table
        self._is_isolated = config.margin_mode is MarginMode.ISOLATED
        self._account = account
        self._register = register
        self._markets = markets
        self._margin = margin
        self._matcher = matcher
        self._forced = forced
        self._outbox = outbox

    def review(self, currencies: list[str], at_ns: int) -> None:
        """Liquidate what must be, and set new guards; the account's invariants are checked."""
        for currency in currencies:
            if self._is_isolated:
                self._review_isolated(currency, at_ns)
            else:
                self._review_cross(currency, at_ns)
            self._margin.guard(currency)
        self._matcher.take_touched()
        self._account.check()

    def review_worst(self, index: int, low_ticks: int, high_ticks: int, at_ns: int) -> None:
        """A bar has been played: would the position have survived its worst price?

        Only where no mark price is known; the price itself is the last one again afterwards.
        """
        market = self._markets.market(index)
        lots = self._account.signed_lots(index)
        if market["mark_e8"] or not lots:
            return
        close = int(market["last_ticks"])
        currency = self._table[index].settle
        market["last_ticks"] = low_ticks if lots > 0 else high_ticks
        self.review([currency], at_ns)
        market["last_ticks"] = close
        self.review([currency], at_ns)

    def settle_funding(self, index: int, mark_e8: int, rate_e12: int, at_ns: int) -> None:
        """A funding row of an instrument in which a position is open."""
        mark_e8 = max(0, mark_e8) or self._markets.mark_e8(index)
        amount = self._account.settle_funding(index, mark_e8, rate_e12)
        instrument = self._table[index]
        self._outbox.push(
            FundingSettled(
                venue=self._venue,
                event_time_ns=at_ns,
                instrument_id=instrument.instrument_id,
                amount=amount,
            )
        )
        self.review([instrument.settle], at_ns)

    def _review_isolated(self, currency: str, at_ns: int) -> None:
        for index in self._account.open_indexes(currency):
            if self._margin.slack(index) > 0:
                continue
            position = self._account.position(index)
            assert position is not None
            before = self._account.amount(Account.TRADER, currency)
            most = position.margin
            self._expire_orders(index, at_ns)
            self._forced.close(index, at_ns)
            lost = before - self._account.amount(Account.TRADER, currency)
            self._account.absorb(currency, max(0, lost - most))
            self._report_position(index, at_ns)
            self._report_balance(currency, at_ns)

    def _review_cross(self, currency: str, at_ns: int) -> None:
        indexes = self._account.open_indexes(currency)
        if not indexes or self._margin.slack(indexes[0]) > 0:
            if self._cover(currency):
                self._report_balance(currency, at_ns)
            return
        for index in self._register.live_indexes():
            if self._table[index].is_perp and self._table[index].settle == currency:
                self._expire_orders(index, at_ns)
        for index in sorted(indexes, key=lambda i: (-self._margin.maintenance(i), i)):
            if self._margin.slack(index) <= 0:
                self._forced.close(index, at_ns)
                self._report_position(index, at_ns)
        self._cover(currency)
        self._report_balance(currency, at_ns)

    def _cover(self, currency: str) -> bool:
        # Nothing is left that could lose or win: a negative wallet is the insurance fund's.
        deficit = -self._account.amount(Account.TRADER, currency)
        is_due = deficit > 0 and not self._account.open_indexes(currency)
        if is_due:
            self._account.absorb(currency, deficit)
        return is_due

    def _expire_orders(self, index: int, at_ns: int) -> None:
        for order in self._register.live(index):
            self._matcher.expire(order, "liquidation", at_ns)

    def _report_position(self, index: int, at_ns: int) -> None:
        self._outbox.push(
            PositionReported(
                venue=self._venue,
                event_time_ns=at_ns,
                instrument_id=self._table[index].instrument_id,
                signed_lots=self._account.signed_lots(index),
            )
        )

    def _report_balance(self, currency: str, at_ns: int) -> None:
        balance = Money(self._account.amount(Account.TRADER, currency), currency)
        self._outbox.push(BalanceReported(venue=self._venue, event_time_ns=at_ns, balance=balance))
