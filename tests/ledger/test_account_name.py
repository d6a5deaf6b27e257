from undertow.domain.identity import InstrumentId, StrategyId
from undertow.ledger.account_name import AccountKind, strategy_account, venue_account


def test_names_read_as_they_are_printed() -> None:
    assert venue_account(AccountKind.WALLET, "okx", "USDT").text == "wallet:okx:USDT"
    name = strategy_account(
        AccountKind.FEES, StrategyId("scalper"), InstrumentId("BTC/USDT@okx"), "BNB"
    )
    assert name.text == "fees:scalper:BTC/USDT@okx:BNB"


def test_equal_parts_are_the_same_account() -> None:
    first = venue_account(AccountKind.WALLET, "okx", "USDT")
    assert {first: 1}[venue_account(AccountKind.WALLET, "okx", "USDT")] == 1
