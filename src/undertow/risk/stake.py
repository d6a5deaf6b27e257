"""How large an entry is to be: by what its stop would lose, or by a stake (BT-11, BT-33).

amount = stake * leverage / price, floored to whole lots. A stake binds own money whatever the stop
is; the loss at the stop then differs from trade to trade.
"""

from enum import StrEnum

import msgspec

from undertow.domain.errors import ConfigurationError
from undertow.domain.money import Money
from undertow.domain.suggestion import did_you_mean

_PPM = 1_000_000


class Sizing(StrEnum):
    """RISK: the share of equity that the stop may lose. SHARE: a share of equity, in equal parts
    for as many positions as may be open. FIXED: always the same money.
    """

    RISK = "risk"
    SHARE = "share"
    FIXED = "fixed"


class Stake(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """sizing: see `Sizing`. share_ppm: of equity that positions may bind together (the tradable
    balance ratio), for SHARE. amount: money of one position in the reporting currency, for FIXED.
    """

    sizing: Sizing = Sizing.RISK
    share_ppm: int = _PPM
    amount: str = "0"

    def __post_init__(self) -> None:
        if not 0 < self.share_ppm <= _PPM:
            raise ConfigurationError(f"expected share_ppm in 1 .. {_PPM}, found {self.share_ppm}")
        if self.sizing is Sizing.FIXED and Money.of(self.amount, "").amount <= 0:
            raise ConfigurationError(f"expected a fixed stake above 0, found {self.amount!r}")

    @classmethod
    def read(cls, text: str | float, tradable_ratio: float = 1.0) -> "Stake":
        """A stake as users write it: "risk", "unlimited" (a share of equity) or an amount.

        tradable_ratio: share of equity that may be bound, for "unlimited".
        """
        word = str(text).strip().lower()
        if word == Sizing.RISK:
            return cls()
        if word == "unlimited":
            return cls(Sizing.SHARE, round(tradable_ratio * _PPM))
        if not word[:1].isdigit():
            known = [Sizing.RISK.value, "unlimited"]
            raise ConfigurationError(
                f"expected a stake of {' or '.join(known)} or an amount of money, found {text!r};"
                f"{did_you_mean(word, known)}"
            )
        return cls(Sizing.FIXED, _PPM, word)

    def money(self, equity: Money, most_positions: int) -> Money:
        """Own money of one position. most_positions: how many may be open, 0 = one."""
        if self.sizing is Sizing.FIXED:
            return Money.of(self.amount, equity.currency)
        return equity.times(self.share_ppm, _PPM * max(1, most_positions))
