"""The venue's own books of our account: wallets, positions, and who got what we paid.

Every movement has two sides, between our wallet and the fee account, the other traders (`market`),
the funding pool or the insurance fund, so that the sum over all accounts of a currency is what was
deposited, always. This is the venue's truth, made from nothing of the trader's ledger, so that the
two can be compared.
"""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.money import MONEY_DIGITS, Money
from undertow.domain.order import Liquidity
from undertow.domain.side import Side
from undertow.simulator.exchange_config import ExchangeConfig, MarginMode
from undertow.simulator.fee_program import FeeBook
from undertow.simulator.maintenance import Maintenance
from undertow.simulator.valuation import lot_scale, share_ppm, value_at
from undertow.simulator.venue_position import VenuePosition

_RATE_UNIT = 10**12


class Account(StrEnum):
    """Whose money it is."""

    TRADER = "trader"
    FEES = "fees"
    MARKET = "market"
    FUNDING = "funding"
    INSURANCE = "insurance"


class AccountState(msgspec.Struct, frozen=True):
    """What the venue's books remember, amounts in units of 1e-18."""

    books: dict[str, dict[str, int]]
    deposited: dict[str, int]
    held: dict[str, int]
    positions: dict[int, VenuePosition]
    fee_volumes: dict[int, int]


class VenueAccount:
    """One trader's account at one venue. Amounts are integers of 1e-18 of a currency."""

    def __init__(
        self, table: InstrumentTable, config: ExchangeConfig, balances: Iterable[Money]
    ) -> None:
        self._table = table
        self._config = config
        self._books: dict[str, dict[str, int]] = {account: {} for account in Account}
        self._deposited: dict[str, int] = {}
        self._held: dict[str, int] = {}
        self._positions: dict[int, VenuePosition] = {}
        self._open: dict[str | None, tuple[int, ...]] = {}
        self.fees = FeeBook(table, config.fee_eras)
        self.tiers = [
            Maintenance(config.maintenance_of.get(instrument.symbol, config.maintenance))
            for instrument in table
        ]
        for balance in balances:
            self._add(Account.TRADER, balance.currency, balance.amount)
            self._deposited[balance.currency] = (
                self._deposited.get(balance.currency, 0) + balance.amount
            )

    def amount(self, account: Account, currency: str) -> int:
        """What an account has of a currency."""
        return self._books[account].get(currency, 0)

    def held(self, currency: str) -> int:
        """What resting spot orders have set aside of our wallet."""
        return self._held.get(currency, 0)

    def hold(self, currency: str, change: int) -> None:
        """Set more aside, or less."""
        self._held[currency] = self.held(currency) + change
        assert self._held[currency] >= 0, "no more is released than was held"

    def balances(self) -> tuple[Money, ...]:
        """Our wallets, by currency name."""
        book = self._books[Account.TRADER]
        return tuple(Money(book[currency], currency) for currency in sorted(book))

    def position(self, index: int) -> VenuePosition | None:
        """The open position of an instrument."""
        return self._positions.get(index)

    def signed_lots(self, index: int) -> int:
        """Lots of the open position, < 0 when short, 0 when flat."""
        position = self._positions.get(index)
        return position.signed_lots if position else 0

    def open_indexes(self, currency: str | None = None) -> tuple[int, ...]:
        """Instruments with an open position (settled in that currency), ascending."""
        found = self._open.get(currency)
        if found is None:
            found = tuple(
                index
                for index in sorted(self._positions)
                if currency is None or self._table[index].settle == currency
            )
            self._open[currency] = found
        return found

    def leverage(self, index: int, value: int = 0) -> int:
        """Leverage of a position of an instrument: as configured, no more than the instrument and
        the tier of its value allow.
        """
        most = self._table[index].max_leverage
        if self.tiers[index].bounds_leverage:
            most = self.tiers[index].leverage_max(value, most)
        return min(self._config.leverage or most, most)

    def fill(
        self,
        index: int,
        side: Side,
        ticks: int,
        lots: int,
        liquidity: Liquidity,
        *,
        at_ns: int = 0,
        extra_ppm: int = 0,
    ) -> Money:
        """Book one execution at a venue time; returns the fee paid (negative: a rebate).

        extra_ppm: the liquidation fee, which goes to the insurance fund.
        """
        instrument = self._table[index]
        fees = self.fees.rates(index, at_ns)
        if self.fees.is_tiered:
            self.fees.count(instrument.notional(ticks, lots).amount, at_ns)
        rate_ppm = fees.maker_ppm if liquidity is Liquidity.MAKER else fees.taker_ppm
        if instrument.kind is MarketKind.SPOT:
            return self._fill_spot(instrument, side, ticks, lots, rate_ppm)
        self._fill_derivative(index, side, ticks, lots)
        fee = instrument.fee(ticks, lots, rate_ppm)
        extra = instrument.fee(ticks, lots, extra_ppm)
        self._move(Account.TRADER, Account.FEES, fee.currency, fee.amount)
        self._move(Account.TRADER, Account.INSURANCE, extra.currency, extra.amount)
        return fee + extra

    def settle_funding(self, index: int, mark_e8: int, rate_e12: int) -> Money:
        """Funding of an open position: value at the mark * rate, longs pay when positive.

        A mark of 0 is unknown: then the entry value counts. Returns what we received (negative:
        paid).
        """
        instrument = self._table[index]
        position = self._positions[index]
        value = position.entry_cost
        if mark_e8:
            value = value_at(instrument, mark_e8, abs(position.signed_lots))
        paid = Money(value, instrument.settle).times(position.side * rate_e12, _RATE_UNIT)
        self._move(Account.TRADER, Account.FUNDING, paid.currency, paid.amount)
        return -paid

    def absorb(self, currency: str, amount: int) -> None:
        """The insurance fund pays `amount` >= 0 into our wallet: losses beyond our margin."""
        assert amount >= 0, "the insurance fund only pays"
        self._move(Account.INSURANCE, Account.TRADER, currency, amount)

    def check(self) -> None:
        """No money was made or lost: the accounts of each currency sum to its deposits."""
        books = list(self._books.values())
        for currency in sorted(set().union(*books)):
            total = sum(book.get(currency, 0) for book in books)
            assert total == self._deposited.get(currency, 0), f"money was made in {currency}"

    def dump(self) -> AccountState:
        """Everything, for a snapshot."""
        volumes = self.fees.dump()
        return AccountState(self._books, self._deposited, self._held, self._positions, volumes)

    def load(self, state: AccountState) -> None:
        """Go back to a dump."""
        self._books = state.books
        self._deposited = state.deposited
        self._held = state.held
        self._positions = state.positions
        self._open = {}
        self.fees.load(state.fee_volumes)

    def _fill_spot(
        self, instrument: Instrument, side: Side, ticks: int, lots: int, rate_ppm: int
    ) -> Money:
        cost = instrument.cost(ticks, lots)
        coins = base_amount(instrument, lots)
        self._move(Account.TRADER, Account.MARKET, cost.currency, side * cost.amount)
        self._move(Account.MARKET, Account.TRADER, instrument.base, side * coins)
        if side is Side.BUY and self._config.is_spot_fee_in_base:
            fee = Money(share_ppm(coins, rate_ppm), instrument.base)
        else:
            fee = instrument.fee(ticks, lots, rate_ppm)
        self._move(Account.TRADER, Account.FEES, fee.currency, fee.amount)
        return fee

    def _fill_derivative(self, index: int, side: Side, ticks: int, lots: int) -> None:
        instrument = self._table[index]
        position = self._positions.get(index)
        if position is None:
            position = self._positions[index] = VenuePosition(0)
            self._open = {}
        closing = min(lots, max(0, -side * position.signed_lots))
        if closing:
            exit_cost = instrument.cost(ticks, closing).amount
            profit, _ = position.reduce(instrument, closing, exit_cost)
            self._move(Account.MARKET, Account.TRADER, instrument.settle, profit)
        if lots > closing:
            cost = instrument.cost(ticks, lots - closing).amount
            is_isolated = self._config.margin_mode is MarginMode.ISOLATED
            leverage = self.leverage(index, position.entry_cost + cost)
            margin = cost // leverage if is_isolated else 0
            position.increase(side, lots - closing, cost, margin)
        if position.signed_lots == 0:
            assert position.entry_cost == 0, "a flat position costs nothing"
            assert position.margin == 0, "a flat position needs no margin"
            del self._positions[index]
            self._open = {}

    def _move(self, payer: Account, payee: Account, currency: str, amount: int) -> None:
        self._add(payer, currency, -amount)
        self._add(payee, currency, amount)

    def _add(self, account: Account, currency: str, amount: int) -> None:
        book = self._books[account]
        book[currency] = book.get(currency, 0) + amount


def base_amount(instrument: Instrument, lots: int) -> int:
    """Base coins of a spot quantity, in units of 1e-18."""
    coefficient, digits = lot_scale(instrument)
    return int(lots * coefficient * 10 ** (MONEY_DIGITS - digits))
