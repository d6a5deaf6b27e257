import msgspec
import pytest

from undertow.domain.account import AccountView, MarketFacts
from undertow.domain.money import Money


def test_pictures_are_frozen() -> None:
    money = Money.of("1", "USDT")
    account = AccountView(5, money, money, money, {}, (), (), frozenset(), 0)
    with pytest.raises(AttributeError):
        account.equity = Money.zero("USDT")  # type: ignore[misc]  # frozen
    richer = msgspec.structs.replace(account, equity=money + money)
    assert (account.equity, richer.equity) == (money, Money.of("2", "USDT"))


def test_unknown_numbers_are_nan_or_zero() -> None:
    facts = MarketFacts(0, 0, 0, float("nan"), False, 0.0, 0.0)
    assert facts.atr_ticks != facts.atr_ticks
