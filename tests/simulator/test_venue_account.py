from typing import Any

import pytest

from undertow.domain.money import MONEY_UNIT, Money
from undertow.domain.order import Liquidity
from undertow.domain.side import Side
from undertow.simulator.exchange_config import ExchangeConfig, MarginMode
from undertow.simulator.venue_account import Account, VenueAccount

SPOT, LINEAR, INVERSE = 0, 1, 2
E8 = 10**8
BALANCES = (Money.of("1000", "USDT"), Money.of("10", "BTC"))


@pytest.fixture
def account(table: Any) -> VenueAccount:
    return VenueAccount(table, ExchangeConfig(), BALANCES)


def trader(account: VenueAccount, currency: str) -> str:
    return Money(account.amount(Account.TRADER, currency), currency).text


def test_spot_moves_money_coins_and_fee(account: VenueAccount) -> None:
    assert account.fill(SPOT, Side.BUY, 100, 3, Liquidity.TAKER) == Money.of("0.15", "USDT")
    assert account.fill(SPOT, Side.SELL, 110, 1, Liquidity.MAKER) == Money.of("0.022", "USDT")
    assert trader(account, "USDT") == "809.828"
    assert trader(account, "BTC") == "12"
    assert account.amount(Account.FEES, "USDT") == int(0.172 * 1000) * MONEY_UNIT // 1000
    account.check()


def test_spot_fee_in_the_coin_bought(table: Any) -> None:
    account = VenueAccount(table, ExchangeConfig(is_spot_fee_in_base=True), BALANCES)
    assert account.fill(SPOT, Side.BUY, 100, 2, Liquidity.TAKER) == Money.of("0.001", "BTC")
    assert trader(account, "BTC") == "11.999"
    assert account.fill(SPOT, Side.SELL, 100, 2, Liquidity.TAKER).currency == "USDT"


def test_linear_profit_and_turn(account: VenueAccount) -> None:
    account.fill(LINEAR, Side.BUY, 100, 4, Liquidity.MAKER)
    account.fill(LINEAR, Side.SELL, 110, 6, Liquidity.MAKER)
    assert account.signed_lots(LINEAR) == -2
    # 4 * 10 profit, maker fee 0.02 % of 400 and 660.
    assert trader(account, "USDT") == "1039.788"
    account.fill(LINEAR, Side.BUY, 110, 2, Liquidity.MAKER)
    assert account.position(LINEAR) is None
    account.check()


def test_inverse_profit_is_in_the_coin(account: VenueAccount) -> None:
    account.fill(INVERSE, Side.BUY, 100, 2, Liquidity.MAKER)
    account.fill(INVERSE, Side.SELL, 200, 2, Liquidity.MAKER)
    # 2 * 100 * (1/100 - 1/200) = 1 BTC less 0.02 % of 2 and of 1 BTC.
    assert trader(account, "BTC") == "10.9994"


def test_funding_longs_pay_when_positive(account: VenueAccount) -> None:
    account.fill(LINEAR, Side.BUY, 100, 4, Liquidity.MAKER)
    assert account.settle_funding(LINEAR, 200 * E8, 10**8) == Money.of("-0.08", "USDT")
    account.fill(LINEAR, Side.SELL, 100, 8, Liquidity.MAKER)
    assert account.settle_funding(LINEAR, 200 * E8, 10**8) == Money.of("0.08", "USDT")
    account.fill(INVERSE, Side.SELL, 100, 2, Liquidity.MAKER)
    assert account.settle_funding(INVERSE, 50 * E8, -(10**8)) == Money.of("-0.0004", "BTC")
    assert account.settle_funding(INVERSE, 0, 10**8) == Money.of("0.0002", "BTC")
    account.check()


def test_isolated_margin_follows_the_position(table: Any) -> None:
    account = VenueAccount(table, ExchangeConfig(margin_mode=MarginMode.ISOLATED), BALANCES)
    account.fill(LINEAR, Side.BUY, 100, 4, Liquidity.MAKER)
    position = account.position(LINEAR)
    assert position is not None
    assert position.margin == 40 * MONEY_UNIT
    account.fill(LINEAR, Side.SELL, 100, 1, Liquidity.MAKER)
    assert position.margin == 30 * MONEY_UNIT


def test_leverage_is_bounded_by_the_instrument(table: Any) -> None:
    chosen = [VenueAccount(table, ExchangeConfig(leverage=lev), ()) for lev in (0, 3, 50)]
    assert [account.leverage(LINEAR) for account in chosen] == [10, 3, 10]


def test_made_money_is_found(account: VenueAccount) -> None:
    account._books[Account.TRADER]["USDT"] += 1
    with pytest.raises(AssertionError, match="money was made in USDT"):
        account.check()


def test_the_insurance_fund_pays(account: VenueAccount) -> None:
    account.absorb("USDT", 5)
    assert account.amount(Account.INSURANCE, "USDT") == -5
    account.check()
