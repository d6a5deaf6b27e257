"""The accounts of the ledger and their sign.

A balance is a debit balance: what is owned or spent is positive, what is owed or earned negative.
So a wallet with money and a fee paid are positive, a profit and a deposit's source are negative,
and every transaction sums to zero in each of its currencies.
"""

from enum import StrEnum
from typing import NamedTuple

from undertow.domain.identity import InstrumentId, StrategyId


class AccountKind(StrEnum):
    """What an account counts.

    WALLET: money at a venue. COST: entry cost of open lots, negative for a short. OWED: what stands
    against the cost of a derivative, because no money moved. COINS: what stands against the coins a
    spot position put into the wallet. REALISED: closed profit before fees. FEES, FUNDING: paid.
    DUST: coins too few to sell, with what they cost. DEPOSITS: money brought in by the owner.
    ADJUSTMENTS: differences taken over from a venue.
    """

    WALLET = "wallet"
    COST = "cost"
    OWED = "owed"
    COINS = "coins"
    REALISED = "realised"
    FEES = "fees"
    FUNDING = "funding"
    DUST = "dust"
    DEPOSITS = "deposits"
    ADJUSTMENTS = "adjustments"


class AccountName(NamedTuple):
    """One account: `owner` is a venue (wallets, deposits, adjustments) or a strategy."""

    kind: AccountKind
    owner: str
    instrument_id: str
    currency: str

    @property
    def text(self) -> str:
        """The name as printed, e.g. `wallet:binance:USDT` or `fees:scalper:BTC/USDT@okx:BNB`."""
        middle = f":{self.instrument_id}" if self.instrument_id else ""
        return f"{self.kind}:{self.owner}{middle}:{self.currency}"


def venue_account(kind: AccountKind, venue: str, currency: str) -> AccountName:
    """An account of a venue: wallet, deposits or adjustments."""
    return AccountName(kind, venue, "", currency)


def strategy_account(
    kind: AccountKind, strategy: StrategyId, instrument_id: InstrumentId, currency: str
) -> AccountName:
    """An account of one strategy in one instrument."""
    return AccountName(kind, strategy, instrument_id, currency)
