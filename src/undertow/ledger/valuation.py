"""What everything is worth in the reporting currency at given prices and rates (POS-13)."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import msgspec

from undertow.domain.fixed import power_of_ten
from undertow.domain.identity import InstrumentId
from undertow.domain.instrument import MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.money import Money, divide_half_even
from undertow.ledger.account_name import AccountKind, AccountName
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
    """What is valued: account balances and open positions."""

    balances: Mapping[AccountName, int]
    positions: Sequence[Position]


class Valuer:
    """Prices and rates of one instant. Amounts are 10**-18 of a currency.

    A currency without a rate is valued by the mark of the first spot instrument of the table that
    sells it for a currency with one. A position without a mark counts at its entry cost.
    """

    def __init__(
        self,
        table: InstrumentTable,
        reporting: str,
        marks: Mapping[int, int],
        rates: Rates,
        leverage: Leverage,
    ) -> None:
        self._table = table
        self._reporting = reporting
        self._marks = marks
        self._rates = {**rates, reporting: 1}
        self._leverage = leverage

    def value(self, books: Books) -> Valuation:
        """Everything at once."""
        held = {a.owner for a in books.balances if a.kind is AccountKind.WALLET}
        names = dict.fromkeys((*self._table.venues, *sorted(held)))
        venues = {venue: self._venue(venue, books) for venue in names}
        equity = sum(v.wallet.amount + v.unrealised.amount for v in venues.values())
        exposure = sum(self._cost(p.instrument_id, p.lots, p.cost) for p in books.positions)
        unvalued = tuple(
            Money(amount, account.currency)
            for account, amount in books.balances.items()
            if account.kind is AccountKind.WALLET
            and amount
            and self.amount(amount, account.currency) is None
        )
        return Valuation(self._money(equity), self._money(exposure), venues, unvalued)

    def amount(self, amount: int, currency: str) -> int | None:
        """An amount in the reporting currency; None when the currency has no rate."""
        rate = self._rate(currency)
        return None if rate is None else multiply(amount, rate)

    def _rate(self, currency: str) -> Fraction | float | None:
        rate = self._rates.get(currency)
        if rate is not None:
            return rate
        for index, row in enumerate(self._table):
            sells_it = row.kind is MarketKind.SPOT and row.base == currency
            if sells_it and index in self._marks and row.quote in self._rates:
                price = Fraction(self._marks[index] * row.price_step.coefficient)
                return (
                    price / power_of_ten(row.price_step.digits) * Fraction(self._rates[row.quote])
                )
        return None

    def _venue(self, venue: str, books: Books) -> VenueValue:
        positions = [p for p in books.positions if self._table.get(p.instrument_id).venue == venue]
        derivatives = [p for p in positions if self._table.get(p.instrument_id).is_perp]
        profits = [self._unrealised(p) for p in derivatives]
        margin = self._margin(derivatives)
        wallet, cash = self._wallets(venue, books.balances)
        cash -= sum(self._coins(p) for p in positions) + margin
        cash += sum(profit for profit in profits if profit < 0)
        amounts = (wallet, sum(profits), margin, cash)
        return VenueValue(*(self._money(amount) for amount in amounts))

    def _wallets(self, venue: str, balances: Mapping[AccountName, int]) -> tuple[int, int]:
        spendable = {
            c for row in self._table if row.venue == venue for c in (row.quote, row.settle)
        }
        wallet = cash = 0
        for account, amount in balances.items():
            if account.kind is AccountKind.WALLET and account.owner == venue and amount:
                value = self.amount(amount, account.currency) or 0
                wallet += value
                cash += value if account.currency in spendable else 0
        return wallet, cash

    def _coins(self, position: Position) -> int:
        # Coins of a spot position that lie in a wallet which could also be spent.
        row = self._table.get(position.instrument_id)
        spendable = {c for r in self._table if r.venue == row.venue for c in (r.quote, r.settle)}
        if row.is_perp or row.base not in spendable:
            return 0
        coins = coin_amount(row, position.signed_lots) - position.coin_fees
        return max(0, self.amount(coins, row.base) or 0)

    def _margin(self, derivatives: Sequence[Position]) -> int:
        # The venue nets all strategies of an instrument.
        net: dict[InstrumentId, tuple[int, int]] = {}
        for p in derivatives:
            lots, cost = net.get(p.instrument_id, (0, 0))
            net[p.instrument_id] = (lots + p.signed_lots, cost + p.side * p.cost)
        return sum(
            divide_half_even(self._cost(name, abs(lots), abs(cost)), self._leverage.get(name, 1))
            for name, (lots, cost) in net.items()
        )

    def _unrealised(self, position: Position) -> int:
        index = self._table.index(position.instrument_id)
        if index not in self._marks:
            return 0
        gain = position.unrealised(self._table[index], self._marks[index])
        return self.amount(gain.amount, gain.currency) or 0

    def _cost(self, name: InstrumentId, lots: int, entry_cost: int) -> int:
        index = self._table.index(name)
        row, mark = self._table[index], self._marks.get(index)
        cost = entry_cost if mark is None else row.cost(mark, lots).amount
        return self.amount(cost, row.settle) or 0

    def _money(self, amount: int) -> Money:
        return Money(amount, self._reporting)
