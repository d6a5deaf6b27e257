"""One balanced set of postings."""

from typing import NamedTuple

from undertow.domain.errors import InvariantBroken
from undertow.ledger.account_name import AccountName


class Posting(NamedTuple):
    """A change of one account, in units of 10**-18 of the account's currency."""

    account: AccountName
    amount: int


class Transaction:
    """Collects postings; `balanced` gives them out only when each currency sums to zero."""

    __slots__ = ("_postings",)

    def __init__(self) -> None:
        self._postings: list[Posting] = []

    def move(self, source: AccountName, target: AccountName, amount: int) -> None:
        """Post `amount` to `target` and its negative to `source`; nothing when it is zero."""
        if amount:
            self._postings.append(Posting(target, amount))
            self._postings.append(Posting(source, -amount))

    def post(self, account: AccountName, amount: int) -> None:
        """Post one leg; its counterparts must follow before `balanced`."""
        if amount:
            self._postings.append(Posting(account, amount))

    def balanced(self) -> tuple[Posting, ...]:
        """The postings in order; raises `InvariantBroken` when a currency does not sum to zero."""
        sums: dict[str, int] = {}
        for account, amount in self._postings:
            sums[account.currency] = sums.get(account.currency, 0) + amount
        for currency, total in sums.items():
            if total:
                raise InvariantBroken(
                    f"expected postings in {currency} to sum to zero, found {total}e-18: "
                    + ", ".join(f"{a.text} {n}" for a, n in self._postings)
                )
        return tuple(self._postings)
