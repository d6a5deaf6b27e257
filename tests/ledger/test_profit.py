from undertow.domain.identity import InstrumentId, StrategyId
from undertow.ledger.account_name import AccountKind, AccountName, strategy_account
from undertow.ledger.profit import Profit, profits

NAME = InstrumentId("BTC/USDT@okx")


def _account(kind: AccountKind, strategy: str, currency: str) -> AccountName:
    return strategy_account(kind, StrategyId(strategy), NAME, currency)


BALANCES = {
    _account(AccountKind.REALISED, "alpha", "USDT"): -10,
    _account(AccountKind.REALISED, "beta", "USDT"): 4,
    _account(AccountKind.FEES, "alpha", "USDT"): 2,
    _account(AccountKind.FEES, "alpha", "BNB"): 1,
    _account(AccountKind.FUNDING, "beta", "USDT"): -3,
    _account(AccountKind.COST, "beta", "USDT"): 99,
}


def test_total_and_per_strategy() -> None:
    assert profits(BALANCES) == (Profit("BNB", 0, 1, 0), Profit("USDT", 6, 2, 3))
    (beta,) = profits(BALANCES, StrategyId("beta"))
    assert (beta.realised, beta.fees, beta.funding, beta.net) == (-4, 0, 3, -1)
