"""How a fill becomes postings: spot moves coins and money, a perp settles profit in its margin."""

from collections.abc import Mapping
from fractions import Fraction

import msgspec

from undertow.domain.errors import InvariantBroken
from undertow.domain.event import Event, PositionClosed, PositionOpened
from undertow.domain.fixed import power_of_ten
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.money import Money, divide_half_even
from undertow.domain.side import Side
from undertow.ledger.account_name import (
    AccountKind,
    AccountName,
    strategy_account,
    venue_account,
)
from undertow.ledger.exact_price import average_price_text, coin_amount
from undertow.ledger.fill import Fill
from undertow.ledger.position import Position
from undertow.ledger.transaction import Posting, Transaction

Rates = Mapping[str, Fraction | float | int]
"""Value of one unit of each currency in one common currency."""


class Booking(msgspec.Struct, frozen=True):
    """What one application did: its postings, and the positions it opened or closed."""

    postings: tuple[Posting, ...]
    events: tuple[Event, ...]


class FillCase(msgspec.Struct, frozen=True):
    """One fill being booked."""

    instrument: Instrument
    fill: Fill
    rates: Rates
    transaction: Transaction

    def account(self, kind: AccountKind, currency: str) -> AccountName:
        """An account of the fill's strategy and instrument."""
        return strategy_account(kind, self.fill.strategy, self.fill.instrument_id, currency)

    def wallet(self, currency: str) -> AccountName:
        """The wallet of a currency at the fill's venue."""
        return venue_account(AccountKind.WALLET, self.instrument.venue, currency)


def multiply(amount: int, rate: Fraction | float) -> int:
    """An amount times a rate, rounded half to even; a float counts as exactly what it holds."""
    numerator, denominator = rate.as_integer_ratio()
    return divide_half_even(amount * numerator, denominator)


def open_part(case: FillCase, position: Position | None, lots: int, fee: int) -> Position:
    """Book `lots` of the fill as an entry, with `fee` of its fee."""
    instrument, fill, post = case.instrument, case.fill, case.transaction
    cost = instrument.cost(fill.price_ticks, lots).amount
    if cost <= 0:
        raise InvariantBroken(f"expected an entry worth at least 1e-18, found {cost}: {fill}")
    money = instrument.settle
    spot = instrument.kind is MarketKind.SPOT
    source = case.wallet(money) if spot else case.account(AccountKind.OWED, money)
    post.move(source, case.account(AccountKind.COST, money), fill.side * cost)
    if spot:
        _move_coins(case, fill.side * coin_amount(instrument, lots))
    if position is None:
        position = Position(
            position_id=fill.position_id,
            strategy=fill.strategy,
            instrument_id=fill.instrument_id,
            side=fill.side,
            lots=lots,
            cost=cost,
            entered_lots=lots,
            entered_cost=cost,
            opened_ns=fill.at_ns,
            entry_decision_id=fill.decision_id,
        )
    else:
        position = position.with_entry(lots, cost)
    return _charge_fee(case, position, fee)


def close_part(case: FillCase, position: Position, lots: int, fee: int) -> Position:
    """Book `lots` of the fill as an exit, with `fee` of its fee."""
    instrument, post = case.instrument, case.transaction
    money, sign = instrument.settle, position.side
    value = instrument.cost(case.fill.price_ticks, lots).amount
    after = position.with_exit(instrument, lots, value)
    released = position.cost - after.cost
    cost = case.account(AccountKind.COST, money)
    realised = case.account(AccountKind.REALISED, money)
    if instrument.kind is MarketKind.SPOT:
        post.move(cost, case.wallet(money), sign * released)
        _move_coins(case, -sign * coin_amount(instrument, lots))
    else:
        post.move(cost, case.account(AccountKind.OWED, money), sign * released)
    post.move(realised, case.wallet(money), after.realised - position.realised)
    return _charge_fee(case, after, fee)


def write_off_coins(case: FillCase, position: Position) -> Position:
    """Close a spot position whose remaining coins went away as fees.

    The coins that paid fees take their cost with them, in place of the fee that was booked in
    coins; what is left is less than one lot and moves to the dust account at its cost.
    """
    instrument, post = case.instrument, case.transaction
    money, coin = instrument.settle, instrument.base
    coins = coin_amount(instrument, position.lots)
    dust = coins - position.coin_fees
    dust_cost = divide_half_even(position.cost * dust, coins)
    for currency, whole, part in ((coin, -coins, -dust), (money, position.cost, dust_cost)):
        kind = AccountKind.COINS if currency == coin else AccountKind.COST
        post.post(case.account(kind, currency), -whole)
        post.post(case.account(AccountKind.DUST, currency), part)
    post.post(case.account(AccountKind.FEES, coin), -position.coin_fees)
    post.post(case.account(AccountKind.FEES, money), position.coin_fees_value)
    correction = position.coin_fees_value - (position.cost - dust_cost)
    post.post(case.account(AccountKind.REALISED, money), -correction)
    return msgspec.structs.replace(
        position, lots=0, cost=0, realised=position.realised + correction
    )


def opened_event(case: FillCase, position: Position) -> PositionOpened:
    """The record of a position's first fill."""
    return PositionOpened(
        at_ns=case.fill.at_ns,
        position_id=position.position_id,
        strategy=position.strategy,
        instrument_id=position.instrument_id,
        side=position.side,
        entry_price=case.instrument.price_text(case.fill.price_ticks),
        qty=case.instrument.qty_text(position.lots),
        decision_id=position.entry_decision_id,
    )


def closed_event(case: FillCase, position: Position) -> PositionClosed:
    """The trade record: prices are averages over all entries and exits (POS-11)."""
    instrument, money = case.instrument, case.instrument.settle
    entered = (position.entered_cost, position.entered_lots)
    exited = (position.exited_value, position.exited_lots)
    return PositionClosed(
        at_ns=case.fill.at_ns,
        position_id=position.position_id,
        strategy=position.strategy,
        instrument_id=position.instrument_id,
        side=position.side,
        entry_price=average_price_text(instrument, *entered),
        exit_price=average_price_text(instrument, *exited),
        qty=instrument.qty_text(position.entered_lots),
        pnl=Money(position.net_pnl, money),
        pnl_percent=100 * position.net_pnl / position.entered_cost,
        fees=Money(position.fees, money),
        funding=Money(position.funding, money),
        opened_ns=position.opened_ns,
        reason=case.fill.reason,
        entry_decision_id=position.entry_decision_id,
        exit_decision_id=case.fill.decision_id,
    )


def _move_coins(case: FillCase, coins: int) -> None:
    coin = case.instrument.base
    case.transaction.move(case.account(AccountKind.COINS, coin), case.wallet(coin), coins)


def _charge_fee(case: FillCase, position: Position, fee: int) -> Position:
    currency = case.fill.fee.currency
    account = case.account(AccountKind.FEES, currency)
    case.transaction.move(case.wallet(currency), account, fee)
    value = _fee_value(case, fee)
    if value is None:
        others = dict(position.unvalued_fees)
        others[currency] = others.get(currency, 0) + fee
        return msgspec.structs.replace(position, unvalued_fees=others)
    instrument = case.instrument
    from_coins = instrument.kind is MarketKind.SPOT and currency == instrument.base
    if from_coins and position.side is Side.BUY:
        return msgspec.structs.replace(
            position,
            fees=position.fees + value,
            coin_fees=position.coin_fees + fee,
            coin_fees_value=position.coin_fees_value + value,
        )
    return msgspec.structs.replace(position, fees=position.fees + value)


def _fee_value(case: FillCase, fee: int) -> int | None:
    # In the settlement currency: itself, or the base coin at the fill's price, or by the rates.
    instrument, currency = case.instrument, case.fill.fee.currency
    if currency == instrument.settle or not fee:
        return fee
    if currency == instrument.base and instrument.kind is not MarketKind.INVERSE:
        step = instrument.price_step
        price = Fraction(case.fill.price_ticks * step.coefficient, power_of_ten(step.digits))
        return multiply(fee, price)
    paid, settle = case.rates.get(currency), case.rates.get(instrument.settle)
    if paid is None or not settle:
        return None
    return multiply(fee, Fraction(paid) / Fraction(settle))
