"""What everything is worth in the reporting currency at given prices and rates (POS-13)."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import msgspec

from undertow.domain.fixed import power_of_ten
from undertow.domain.identity import InstrumentId
from undertow.domain.instrument import MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.money import Money, divide_half_even
from undertow.ledger.account_name import AccountName
from undertow.ledger.booking import Rates, multiply
from undertow.ledger.exact_price import coin_amount
from undertow.ledger.position import Position

Leverage = Mapping[InstrumentId, int]
"""Notional over initial margin; an instrument that is not named counts as 1."""


class VenueValue(msgspec.Struct, frozen=True):
    """One venue, in the reporting currency.

    wallet: all its balances. unrealised: open profit of its derivatives. margin: initial margin of
    its net positions. free_cash: what new entries may use: balances that can buy or back something
    there, less coins held as spot positions, less margin, less open losses (never plus profits).
    """

    wallet: Money
    unrealised: Money
    margin: Money
    free_cash: Money


class Valuation(msgspec.Struct, frozen=True):
    """equity: wallets and open profit of derivatives. exposure: sum of |notional| of positions.

    unvalued: balances that have no rate and therefore count as nothing in the rest.
    """

    equity: Money
    exposure: Money
    venues: dict[str, VenueValue]
    unvalued: tuple[Money, ...]


class Books(msgspec.Struct, frozen=True):
    """What is valued: wallets and open positions."""

    wallets: Mapping[AccountName, int]
    positions: Sequence[Position]


class Prices(msgspec.Struct, frozen=True):
    """What it is valued at: ticks by instrument index, and rates into the reporting currency.

    A currency without a rate is valued by the mark of the first spot instrument of the table that
    sells it for a currency with one. A position without a mark counts at its entry cost.
    """

    marks: Mapping[int, int]
    rates: Rates


class Valuer:
    """Values books over one table of instruments. Amounts are 10**-18 of a currency."""

    def __init__(self, table: InstrumentTable, reporting: str, leverage: Leverage) -> None:
        self._table = table
        self._reporting = reporting
        self._leverage = leverage
        self._sellers: dict[str, list[int]] = {}
        self._spendable: dict[str, set[str]] = {venue: set() for venue in table.venues}
        for index, row in enumerate(table):
            self._spendable[row.venue] |= {row.quote, row.settle}
            if row.kind is MarketKind.SPOT:
                self._sellers.setdefault(row.base, []).append(index)

    def value(self, books: Books, prices: Prices) -> Valuation:
        """Everything at once."""
        held = sorted({account.owner for account in books.wallets})
        venues = {
            venue: self._venue(venue, books, prices)
            for venue in dict.fromkeys((*self._spendable, *held))
        }
        equity = sum(v.wallet.amount + v.unrealised.amount for v in venues.values())
        exposure = sum(self._cost(p.instrument_id, p.lots, p.cost, prices) for p in books.positions)
        unvalued = tuple(
            Money(amount, account.currency)
            for account, amount in books.wallets.items()
            if amount and self._rate(account.currency, prices) is None
        )
        return Valuation(self._money(equity), self._money(exposure), venues, unvalued)

    def amount(self, amount: int, currency: str, prices: Prices) -> int:
        """An amount in the reporting currency; 0 when the currency has no rate."""
        rate = self._rate(currency, prices)
        return 0 if rate is None else multiply(amount, rate)

    def _rate(self, currency: str, prices: Prices) -> Fraction | float | None:
        if currency == self._reporting:
            return 1
        rate = prices.rates.get(currency)
        if rate is not None:
            return rate
        for index in self._sellers.get(currency, ()):
            row, mark = self._table[index], prices.marks.get(index)
            quote = 1 if row.quote == self._reporting else prices.rates.get(row.quote)
            if mark is not None and quote is not None:
                digits = power_of_ten(row.price_step.digits)
                return Fraction(mark * row.price_step.coefficient, digits) * Fraction(quote)
        return None

    def _venue(self, venue: str, books: Books, prices: Prices) -> VenueValue:
        positions = [p for p in books.positions if self._table.get(p.instrument_id).venue == venue]
        derivatives = [p for p in positions if self._table.get(p.instrument_id).is_perp]
        profits = [self._unrealised(p, prices) for p in derivatives]
        margin = self._margin(derivatives, prices)
        spendable = self._spendable.get(venue, set())
        wallet = cash = 0
        for account, amount in books.wallets.items():
            if account.owner == venue:
                value = self.amount(amount, account.currency, prices)
                wallet += value
                cash += value if account.currency in spendable else 0
        cash -= sum(self._coins(p, spendable, prices) for p in positions) + margin
        cash += sum(profit for profit in profits if profit < 0)
        amounts = (wallet, sum(profits), margin, cash)
        return VenueValue(*(self._money(amount) for amount in amounts))

    def _coins(self, position: Position, spendable: set[str], prices: Prices) -> int:
        # Coins of a spot position that lie in a wallet which could also be spent.
        row = self._table.get(position.instrument_id)
        if row.is_perp or row.base not in spendable:
            return 0
        coins = coin_amount(row, position.signed_lots) - position.coin_fees
        return max(0, self.amount(coins, row.base, prices))

    def _margin(self, derivatives: Sequence[Position], prices: Prices) -> int:
        # The venue nets all strategies of an instrument.
        net: dict[InstrumentId, tuple[int, int]] = {}
        for p in derivatives:
            lots, cost = net.get(p.instrument_id, (0, 0))
            net[p.instrument_id] = (lots + p.signed_lots, cost + p.side * p.cost)
        margin = 0
        for name, (lots, cost) in net.items():
            notional = self._cost(name, abs(lots), abs(cost), prices)
            margin += divide_half_even(notional, self._leverage.get(name, 1))
        return margin

    def _unrealised(self, position: Position, prices: Prices) -> int:
        index = self._table.index(position.instrument_id)
        mark = prices.marks.get(index)
        if mark is None:
            return 0
        gain = position.unrealised(self._table[index], mark)
        return self.amount(gain.amount, gain.currency, prices)

    def _cost(self, name: InstrumentId, lots: int, entry_cost: int, prices: Prices) -> int:
        index = self._table.index(name)
        row, mark = self._table[index], prices.marks.get(index)
        cost = entry_cost if mark is None else row.cost(mark, lots).amount
        return self.amount(cost, row.settle, prices)

    def _money(self, amount: int) -> Money:
        return Money(amount, self._reporting)
