"""The books of a run: every change a balanced transaction, every number exact.

A position belongs to a strategy and an instrument; what the venue holds is the sum over the
strategies. Each application verifies itself (`InvariantBroken` stops trading); `check` verifies the
whole from its totals.
"""

from collections.abc import Mapping
from fractions import Fraction

import msgspec

from undertow.domain.errors import CallerError, ConfigurationError, InvariantBroken, SnapshotCorrupt
from undertow.domain.event import Event
from undertow.domain.identity import InstrumentId, StrategyId
from undertow.domain.instrument import MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.money import Money, divide_half_even
from undertow.domain.position import PositionView
from undertow.domain.report import BalanceReported, FundingSettled
from undertow.ledger.account_name import AccountKind, AccountName, strategy_account, venue_account
from undertow.ledger.booking import (
    Booking,
    FillCase,
    Rates,
    close_part,
    closed_event,
    open_part,
    opened_event,
    write_off_coins,
)
from undertow.ledger.exact_price import average_ticks_float, coin_amount
from undertow.ledger.fill import EXTERNAL, Fill
from undertow.ledger.position import Position
from undertow.ledger.profit import Profit, profits
from undertow.ledger.transaction import Transaction
from undertow.ledger.valuation import Books, Leverage, Prices, Valuation, Valuer
from undertow.timeline.exact_msgpack import ExactDecoder, encode_exact
from undertow.timeline.snapshot import PartBytes

CHECKED_EVERY = 16
"""Fills between two verifications of the whole books."""

_SNAPSHOT_VERSION = 1
_NO_RATES: Rates = {}
_Key = tuple[StrategyId, InstrumentId]


class _Memory(msgspec.Struct, frozen=True):
    # Everything that a snapshot holds.
    version: int
    balances: list[tuple[AccountName, int]]
    positions: list[Position]
    traded: list[tuple[StrategyId, InstrumentId, int]]
    charged: list[tuple[str, int]]
    holders: list[tuple[InstrumentId, StrategyId]]


_DECODER: ExactDecoder[_Memory] = ExactDecoder(_Memory)


class Ledger:
    """Positions, cash, fees, funding and profit of one run.

    `reporting` is the currency that valuations are told in.
    """

    def __init__(
        self,
        table: InstrumentTable,
        reporting: str = "USDT",
        leverage: Leverage | None = None,
    ) -> None:
        for row in table:
            if row.kind is MarketKind.SPOT and row.settle != row.quote:
                raise ConfigurationError(
                    f"expected {row.instrument_id} to settle in {row.quote}, found {row.settle}"
                )
        self.reporting = reporting
        self._table = table
        self._valuer = Valuer(table, reporting, dict(leverage or {}))
        self._balances: dict[AccountName, int] = {}
        self._wallets: dict[AccountName, bool] = {}
        self._positions: dict[_Key, Position] = {}
        # Kept beside the books and never derived from them: what they are verified against.
        self._traded: dict[_Key, int] = {}
        self._charged: dict[str, int] = {}
        self._holders: dict[InstrumentId, StrategyId] = {}
        self._turn = 0

    def deposit(self, venue: str, money: Money) -> Booking:
        """Money came into a venue's wallet from its owner; negative when it was taken out."""
        return self._transfer(AccountKind.DEPOSITS, venue, money)

    def adjust(self, venue: str, difference: Money) -> Booking:
        """Take over a difference between the venue's wallet and ours; the venue is the truth."""
        return self._transfer(AccountKind.ADJUSTMENTS, venue, difference)

    def apply_fill(self, fill: Fill, rates: Rates = _NO_RATES) -> Booking:
        """Book one execution. A fill that crosses zero closes one position and opens the next.

        `rates` (value of one unit in the reporting currency) is needed only for fees in a third
        currency; without it they are counted in their own currency and stay outside the position's
        profit.
        """
        if fill.qty_lots <= 0 or fill.price_ticks <= 0:
            raise InvariantBroken(f"expected a positive price and quantity, found {fill}")
        instrument = self._table.get(fill.instrument_id)
        case = FillCase(instrument, fill, rates, Transaction())
        key = (fill.strategy, fill.instrument_id)
        held = self._positions.get(key)
        events: list[Event] = []
        lots, fee = fill.qty_lots, fill.fee.amount
        if held is not None and held.side is not fill.side:
            part = min(lots, held.lots)
            part_fee = divide_half_even(fee * part, lots)
            held = self._close(case, held, part, part_fee)
            lots, fee = lots - part, fee - part_fee
            if held.lots == 0:
                events.append(closed_event(case, held))
                held = None
        if lots:
            is_new = held is None
            held = open_part(case, held, lots, fee)
            if is_new:
                events.append(opened_event(case, held))
        self._traded[key] = self._traded.get(key, 0) + fill.side * fill.qty_lots
        self._charge(fill.fee.currency, fill.fee.amount)
        self._keep(key, held)
        booking = self._book(case.transaction, events)
        self._verify(key)
        return booking

    def apply_funding(self, report: FundingSettled) -> Booking:
        """Book funding, shared among the strategies that hold the instrument by their signed lots.

        What arrives after the last position was closed goes to the strategy that held it last.
        """
        amount, currency = report.amount.amount, report.amount.currency
        wallet = venue_account(AccountKind.WALLET, report.venue, currency)
        transaction = Transaction()
        for strategy, share in self._funding_shares(report.instrument_id, amount):
            key = (strategy, report.instrument_id)
            account = strategy_account(AccountKind.FUNDING, *key, currency)
            transaction.move(account, wallet, share)
            held = self._positions.get(key)
            if held is not None and currency == self._table.get(report.instrument_id).settle:
                funding = held.funding + share
                self._positions[key] = msgspec.structs.replace(held, funding=funding)
        return self._book(transaction, [])

    @property
    def positions(self) -> tuple[Position, ...]:
        """Open positions, oldest key first."""
        return tuple(self._positions.values())

    def position(self, strategy: StrategyId, instrument_id: InstrumentId) -> Position | None:
        """One strategy's open position in an instrument."""
        return self._positions.get((strategy, instrument_id))

    def net_lots(self, instrument_id: InstrumentId) -> int:
        """What the venue holds: the signed sum over all strategies."""
        return sum(
            p.signed_lots for (_, name), p in self._positions.items() if name == instrument_id
        )

    def balance(self, venue: str, currency: str) -> Money:
        """Our count of a venue's wallet."""
        account = venue_account(AccountKind.WALLET, venue, currency)
        return Money(self._balances.get(account, 0), currency)

    def difference(self, report: BalanceReported) -> Money:
        """How much more the venue says it has than we count; `adjust` takes it over."""
        return report.balance - self.balance(report.venue, report.balance.currency)

    @property
    def balances(self) -> Mapping[AccountName, int]:
        """Every account that was ever used, in 10**-18 of its currency."""
        return self._balances

    def profits(self, strategy: StrategyId | None = None) -> tuple[Profit, ...]:
        """Closed profit, fees and funding by currency, of one strategy or in total."""
        return profits(self._balances, strategy)

    def value(self, marks: Mapping[int, int], rates: Rates) -> Valuation:
        """Equity, exposure, margin and free cash at these prices (ticks by instrument index)."""
        wallets = {account: self._balances[account] for account in self._wallets}
        return self._valuer.value(Books(wallets, self.positions), Prices(marks, rates))

    def equity(self, marks: Mapping[int, int], rates: Rates) -> Money:
        """Equity in the reporting currency; raises `CallerError` when a balance has no rate."""
        valuation = self.value(marks, rates)
        if valuation.unvalued:
            named = ", ".join(str(money) for money in valuation.unvalued)
            raise CallerError(f"expected a rate for every balance, found none for {named}")
        return valuation.equity

    def view(
        self,
        position: Position,
        last_ticks: int,
        stop_ticks: int,
        extreme_ticks: int,
        rate: Fraction | float,
    ) -> PositionView:
        """A position as strategies and risk see it. `rate`: settlement to reporting currency."""
        index = self._table.index(position.instrument_id)
        instrument = self._table[index]
        money = instrument.settle
        unrealised = position.unrealised(instrument, last_ticks)
        numerator, denominator = rate.as_integer_ratio()
        at_risk = Money.zero(money)
        if stop_ticks:
            loss = unrealised - position.unrealised(instrument, stop_ticks)
            at_risk = loss if at_risk < loss else at_risk
        value = instrument.cost(last_ticks, position.lots)
        return PositionView(
            position_id=position.position_id,
            strategy=position.strategy,
            instrument_id=position.instrument_id,
            index=index,
            side=position.side,
            qty_lots=position.lots,
            entry_ticks=average_ticks_float(instrument, position.cost, position.lots),
            opened_ns=position.opened_ns,
            stop_ticks=stop_ticks,
            extreme_ticks=extreme_ticks,
            last_ticks=last_ticks,
            realised=Money(position.realised, money),
            unrealised=unrealised,
            fees=Money(position.fees, money),
            funding=Money(position.funding, money),
            notional=Money(value.times(numerator, denominator).amount, self.reporting),
            heat=Money(at_risk.times(numerator, denominator).amount, self.reporting),
            entry_decision_id=position.entry_decision_id,
        )

    def check(self) -> None:
        """Verify the books from their totals; raises `InvariantBroken` naming what does not fit."""
        sums: dict[str, int] = {}
        fees: dict[str, int] = {}
        for account, amount in self._balances.items():
            sums[account.currency] = sums.get(account.currency, 0) + amount
            if account.kind is AccountKind.FEES:
                fees[account.currency] = fees.get(account.currency, 0) + amount
        for currency, total in sums.items():
            _expect(f"the books in {currency}", 0, total)
        for currency in {**fees, **self._charged}:
            charged, booked = self._charged.get(currency, 0), fees.get(currency, 0)
            _expect(f"fees in {currency}", charged, booked)
        for key in self._traded:
            self._verify(key)

    def check_in_turn(self) -> None:
        """`check`, at every `CHECKED_EVERY`th call: for after each fill.

        A fill has been verified when it was booked, its postings against each other and its
        position against its accounts; the totals could only tell of damage done elsewhere.
        """
        self._turn = (self._turn + 1) % CHECKED_EVERY
        if not self._turn:
            self.check()

    def snapshot(self) -> bytes:
        """The whole state."""
        memory = _Memory(
            _SNAPSHOT_VERSION,
            list(self._balances.items()),
            list(self._positions.values()),
            [(*key, lots) for key, lots in self._traded.items()],
            list(self._charged.items()),
            list(self._holders.items()),
        )
        return encode_exact(memory)

    def restore(self, data: PartBytes) -> None:
        """Continue from a snapshot, verified; raises `SnapshotCorrupt` when it does not fit."""
        try:
            memory = _DECODER.decode(data)
        except msgspec.MsgspecError as error:
            raise SnapshotCorrupt(f"expected a snapshot of the ledger, found {error}") from error
        if memory.version != _SNAPSHOT_VERSION:
            expected = f"expected version {_SNAPSHOT_VERSION} of the ledger's snapshot"
            raise SnapshotCorrupt(f"{expected}, found {memory.version}")
        self._balances = dict(memory.balances)
        wallets = (account for account in self._balances if account.kind is AccountKind.WALLET)
        self._wallets = dict.fromkeys(wallets, True)
        self._positions = {(p.strategy, p.instrument_id): p for p in memory.positions}
        self._traded = {(strategy, name): lots for strategy, name, lots in memory.traded}
        self._charged = dict(memory.charged)
        self._holders = dict(memory.holders)
        self.check()

    def _transfer(self, kind: AccountKind, venue: str, money: Money) -> Booking:
        transaction = Transaction()
        wallet = venue_account(AccountKind.WALLET, venue, money.currency)
        transaction.move(venue_account(kind, venue, money.currency), wallet, money.amount)
        return self._book(transaction, [])

    def _close(self, case: FillCase, held: Position, lots: int, fee: int) -> Position:
        after = close_part(case, held, lots, fee)
        if after.lots == 0 or after.deliverable_lots(case.instrument) > 0:
            return after
        # The rest was eaten by fees: nothing that could be sold is left.
        key = (after.strategy, after.instrument_id)
        self._traded[key] -= after.signed_lots
        self._charge(case.instrument.base, -after.coin_fees)
        self._charge(case.instrument.settle, after.coin_fees_value)
        return write_off_coins(case, after)

    def _charge(self, currency: str, amount: int) -> None:
        self._charged[currency] = self._charged.get(currency, 0) + amount

    def _keep(self, key: _Key, held: Position | None) -> None:
        self._holders[key[1]] = key[0]
        if held is None:
            self._positions.pop(key, None)
        else:
            self._positions[key] = held

    def _funding_shares(self, name: InstrumentId, amount: int) -> list[tuple[StrategyId, int]]:
        lots = [(s, p.signed_lots) for (s, held), p in self._positions.items() if held == name]
        net = sum(n for _, n in lots)
        if net == 0:
            return [(self._holders.get(name, EXTERNAL), amount)]
        shares = [(strategy, divide_half_even(amount * n, net)) for strategy, n in lots]
        rest = amount - sum(share for _, share in shares)
        return [(shares[0][0], shares[0][1] + rest), *shares[1:]]

    def _book(self, transaction: Transaction, events: list[Event]) -> Booking:
        postings = transaction.balanced()
        for account, amount in postings:
            self._balances[account] = self._balances.get(account, 0) + amount
            if account.kind is AccountKind.WALLET:
                self._wallets[account] = True
        return Booking(postings, tuple(events))

    def _verify(self, key: _Key) -> None:
        # Position = sum of its fills = what its accounts say.
        held = self._positions.get(key)
        instrument = self._table.get(key[1])
        name = f"{key[0]} {key[1]}"
        _expect(f"lots of {name}", self._traded[key], held.signed_lots if held else 0)
        cost = self._balances.get(strategy_account(AccountKind.COST, *key, instrument.settle), 0)
        _expect(f"cost of {name}", held.side * held.cost if held else 0, cost)
        if instrument.kind is MarketKind.SPOT:
            coins = self._balances.get(
                strategy_account(AccountKind.COINS, *key, instrument.base), 0
            )
            expected = -coin_amount(instrument, held.signed_lots) if held else 0
            _expect(f"coins of {name}", expected, coins)


def _expect(what: str, expected: int, found: int) -> None:
    if expected != found:
        raise InvariantBroken(f"expected {what} to be {expected}, found {found}")
