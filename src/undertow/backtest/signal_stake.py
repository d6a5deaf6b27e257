"""How much of an account a position takes: the stake modes of the vectorised face."""

from enum import StrEnum
from typing import Self

import msgspec

from undertow.domain.errors import ConfigurationError
from undertow.domain.suggestion import did_you_mean
from undertow.kernels.backtest import bar_run


class StakeMode(StrEnum):
    """ALL: everything that can be paid at the fill, fee included. SHARE: `amount` of the equity at
    the signal's close. MONEY: `amount` of quote money. RISK: the quantity that loses `amount` of
    the equity at its stop, taker fees at both ends included, as risk sizes entries.
    """

    ALL = "all"
    SHARE = "share"
    MONEY = "money"
    RISK = "risk"


_CODES = {
    StakeMode.ALL: bar_run.STAKE_ALL,
    StakeMode.SHARE: bar_run.STAKE_SHARE,
    StakeMode.MONEY: bar_run.STAKE_MONEY,
    StakeMode.RISK: bar_run.STAKE_RISK,
}


class SignalStake(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mode and its amount; no stake is larger than what the account can pay."""

    mode: StakeMode = StakeMode.SHARE
    amount: float = 0.99

    def __post_init__(self) -> None:
        if not 0.0 < self.amount < float("inf"):
            raise ConfigurationError(f"expected a stake above 0, found {self.amount}")

    @classmethod
    def of(cls, text: str) -> Self:
        """A stake from `all`, `share:0.5`, `money:1000` or `risk:0.005`."""
        mode, _, amount = text.partition(":")
        if mode not in list(StakeMode):
            raise ConfigurationError(
                f"expected a stake of {', '.join(StakeMode)}, found {text!r};"
                f"{did_you_mean(mode, list(StakeMode))}"
            )
        try:
            return cls(StakeMode(mode), float(amount) if amount else 1.0)
        except ValueError as fault:
            raise ConfigurationError(f"expected a number after {mode}:, found {text!r}") from fault

    @property
    def code(self) -> int:
        """The mode as the kernel knows it."""
        return _CODES[self.mode]
