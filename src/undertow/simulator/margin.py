"""What the account may still do: free money, margin in use, and how far from liquidation it is.

Initial margin of an instrument is value(mark) * exposure / leverage, where the exposure is the
larger of what position and resting buys, or position and resting sells, could become. Unrealised
losses count against the free money, unrealised profits do not help (venues differ; this is the
strict form). Liquidation compares equity with maintenance margin, both at the mark price:

* cross: wallet + sum of unrealised profit <= sum of maintenance, per settlement currency;
* isolated: margin of the position + its unrealised profit <= its maintenance.
"""

from undertow.domain.instrument import MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.side import Side
from undertow.simulator.exchange_config import ExchangeConfig, MarginMode
from undertow.simulator.order_register import OrderRegister
from undertow.simulator.valuation import mark_at_loss, profit_at, value_at
from undertow.simulator.venue_account import Account, VenueAccount
from undertow.simulator.venue_markets import VenueMarkets

_PPM = 1_000_000


class Margin:
    """Reads account, orders and marks; changes nothing but the guards of the markets."""

    def __init__(
        self,
        table: InstrumentTable,
        config: ExchangeConfig,
        account: VenueAccount,
        register: OrderRegister,
        markets: VenueMarkets,
    ) -> None:
        self._table = table
        self._is_isolated = config.margin_mode is MarginMode.ISOLATED
        self._account = account
        self._register = register
        self._markets = markets

    def free(self, currency: str) -> int:
        """Money of a currency that nothing needs, units of 1e-18; < 0 when too much is in use."""
        wallet = self._account.amount(Account.TRADER, currency)
        used = sum(self.required(index) for index in self._busy(currency))
        loss = 0 if self._is_isolated else min(0, self._profit(currency))
        return wallet + loss - self._account.held(currency) - used

    def required(self, index: int, side: Side | None = None, more_lots: int = 0) -> int:
        """Initial margin of an instrument, with `more_lots` more ordered on a side."""
        mark_e8 = self._markets.mark_e8(index)
        position = self._account.position(index)
        held = position.signed_lots if position else 0
        buys, sells = self._ordered(index)
        if side is Side.BUY:
            buys += more_lots
        elif side is Side.SELL:
            sells += more_lots
        exposure = max(abs(held), abs(held + buys), abs(held - sells))
        if not exposure:
            return 0
        if not mark_e8 and not self._is_isolated:
            cost = position.entry_cost if position else 0
            return cost // self._account.leverage(index, cost)
        value = self._value(index, mark_e8, exposure)
        leverage = self._account.leverage(index, value)
        if self._is_isolated:
            margin = position.margin if position else 0
            return margin + self._value(index, mark_e8, exposure - abs(held)) // leverage
        return value // leverage

    def equity(self, currency: str) -> int:
        """Wallet and unrealised profit of a settlement currency."""
        return self._account.amount(Account.TRADER, currency) + self._profit(currency)

    def maintenance(self, index: int) -> int:
        """Maintenance margin of one open position at its mark."""
        lots = abs(self._account.signed_lots(index))
        value = self._value(index, self._markets.mark_e8(index), lots)
        return self._account.tiers[index].amount(value)

    def profit(self, index: int) -> int:
        """Unrealised profit of one open position at its mark."""
        position = self._account.position(index)
        mark_e8 = self._markets.mark_e8(index)
        if position is None or not mark_e8:
            return 0
        return profit_at(self._table[index], mark_e8, position.signed_lots, position.entry_cost)

    def slack(self, index: int) -> int:
        """How much the account may lose before this position is liquidated; <= 0: it must be now.

        Isolated: of this position alone. Cross: of all that share its settlement currency.
        """
        if self._is_isolated:
            position = self._account.position(index)
            assert position is not None, "slack is asked of open positions"
            return position.margin + self.profit(index) - self.maintenance(index)
        currency = self._table[index].settle
        needed = sum(self.maintenance(i) for i in self._account.open_indexes(currency))
        return self.equity(currency) - needed

    def bankruptcy_ticks(self, index: int) -> int:
        """The price at which an open position's share of the margin is gone, rounded against us.

        Isolated: its own margin. Cross: the equity of the currency, shared by maintenance margin.
        """
        position = self._account.position(index)
        assert position is not None, "only open positions can be bankrupt"
        if self._is_isolated:
            left = position.margin + self.profit(index)
        else:
            currency = self._table[index].settle
            weights = [self.maintenance(i) for i in self._account.open_indexes(currency)]
            share = self.maintenance(index)
            left = self.equity(currency) * share // max(1, sum(weights))
        mark_e8 = self._markets.mark_e8(index)
        lots = position.signed_lots
        bound = mark_at_loss(self._table[index], mark_e8, lots, left)
        return self._markets.ticks_beyond(index, lots, bound)

    def guard(self, currency: str) -> None:
        """Tell the markets which marks cannot be passed without a look at this currency.

        Each of n positions may use up 1/n of the slack, so while all marks stay inside their
        guards the account stays above maintenance, whatever they do together.
        """
        indexes = self._account.open_indexes(currency)
        if not indexes:
            return
        # Cross: one slack for all of them.
        shared = 0 if self._is_isolated else max(0, self.slack(indexes[0])) // len(indexes)
        for index in indexes:
            share = max(0, self.slack(index)) if self._is_isolated else shared
            loss = share * _PPM // (_PPM + self._account.tiers[index].rate_ppm_max)
            mark_e8 = self._markets.mark_e8(index)
            lots = self._account.signed_lots(index)
            bound = mark_at_loss(self._table[index], mark_e8, lots, loss) if mark_e8 else None
            low, high = (bound, None) if lots > 0 else (None, bound)
            self._markets.set_guard(index, low, high)

    def _value(self, index: int, mark_e8: int, lots: int) -> int:
        return value_at(self._table[index], mark_e8, lots) if mark_e8 else 0

    def _profit(self, currency: str) -> int:
        return sum(self.profit(index) for index in self._account.open_indexes(currency))

    def _ordered(self, index: int) -> tuple[int, int]:
        # Lots that resting orders could still buy and sell; reduce-only ones open nothing.
        buys = sells = 0
        for order in self._register.live(index):
            if order.is_trigger or order.order.is_reduce_only:
                continue
            if order.side is Side.BUY:
                buys += order.remaining
            else:
                sells += order.remaining
        return buys, sells

    def _busy(self, currency: str) -> list[int]:
        # Derivatives settled in the currency that have a position or orders, ascending.
        found = {*self._account.open_indexes(currency), *self._register.live_indexes()}
        return [
            index
            for index in sorted(found)
            if self._table[index].settle == currency
            and self._table[index].kind is not MarketKind.SPOT
        ]
