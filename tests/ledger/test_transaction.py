import pytest

from undertow.domain.errors import InvariantBroken
from undertow.ledger.account_name import AccountKind, venue_account
from undertow.ledger.transaction import Posting, Transaction

CASH = venue_account(AccountKind.WALLET, "okx", "USDT")
OWNER = venue_account(AccountKind.DEPOSITS, "okx", "USDT")
COINS = venue_account(AccountKind.WALLET, "okx", "BTC")


def test_a_move_has_two_sides() -> None:
    transaction = Transaction()
    transaction.move(OWNER, CASH, 5)
    transaction.move(OWNER, CASH, 0)
    assert transaction.balanced() == (Posting(CASH, 5), Posting(OWNER, -5))


def test_an_unbalanced_currency_is_named() -> None:
    transaction = Transaction()
    transaction.move(OWNER, CASH, 5)
    transaction.post(COINS, 1)
    with pytest.raises(InvariantBroken, match=r"postings in BTC to sum to zero, found 1e-18"):
        transaction.balanced()
