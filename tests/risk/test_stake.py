"""Stakes by hand: 1,000 of equity, half of it tradable, two positions: 250 each."""

import pytest

from undertow.domain.errors import ConfigurationError, PrecisionError
from undertow.domain.money import Money
from undertow.risk.stake import Sizing, Stake

EQUITY = Money.of("1000", "USDT")


def test_a_share_of_equity_is_split_over_the_positions_that_may_be_open() -> None:
    assert Stake(Sizing.SHARE, 500_000).money(EQUITY, 2) == Money.of("250", "USDT")
    assert Stake(Sizing.SHARE).money(EQUITY, 0) == EQUITY


def test_a_fixed_stake_does_not_follow_equity() -> None:
    assert Stake.read("70.5").money(EQUITY, 3) == Money.of("70.5", "USDT")


def test_the_words_of_users_are_read() -> None:
    assert Stake.read("unlimited", 0.99) == Stake(Sizing.SHARE, 990_000)
    assert Stake.read("risk") == Stake()
    assert Stake.read(100).sizing is Sizing.FIXED


@pytest.mark.parametrize("text", ["unlimitted", "-5", "all"])
def test_other_words_are_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="expected a stake"):
        Stake.read(text)


def test_no_share_and_no_money_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="share_ppm"):
        Stake(Sizing.SHARE, 0)
    with pytest.raises(ConfigurationError, match="above 0"):
        Stake(Sizing.FIXED)
    with pytest.raises(PrecisionError):
        Stake.read("1x")
