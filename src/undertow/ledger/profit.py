"""Profit and loss, kept per currency and told per strategy or in total (POS-03)."""

from collections.abc import Mapping

import msgspec

from undertow.domain.identity import StrategyId
from undertow.ledger.account_name import AccountKind, AccountName


class Profit(msgspec.Struct, frozen=True, gc=False):
    """Closed profit before fees, fees paid and funding received, in 10**-18 of one currency."""

    currency: str
    realised: int
    fees: int
    funding: int

    @property
    def net(self) -> int:
        """What is left after fees and funding."""
        return self.realised - self.fees + self.funding


_COUNTED = (AccountKind.REALISED, AccountKind.FEES, AccountKind.FUNDING)


def profits(
    balances: Mapping[AccountName, int], strategy: StrategyId | None = None
) -> tuple[Profit, ...]:
    """One row per currency in which something was earned or paid, by name of the currency.

    `strategy` None counts all of them. Unrealised profit is the valuation's.
    """
    sums: dict[str, dict[AccountKind, int]] = {}
    for account, amount in balances.items():
        if account.kind in _COUNTED and strategy in (None, account.owner):
            row = sums.setdefault(account.currency, dict.fromkeys(_COUNTED, 0))
            row[account.kind] += amount
    return tuple(
        Profit(
            currency,
            realised=-row[AccountKind.REALISED],
            fees=row[AccountKind.FEES],
            funding=-row[AccountKind.FUNDING],
        )
        for currency, row in sorted(sums.items())
    )
