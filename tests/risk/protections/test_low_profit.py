from tests.risk.protections.looks import look, trade

from undertow.domain.side import Side
from undertow.risk.protections.low_profit import LowProfit


def test_an_instrument_that_lost_rests() -> None:
    rule = LowProfit(trade_limit=2, required_ppm=0)
    rows = (trade(1, 1.0), trade(2, -1.5), trade(3, 5.0, instrument="ETH"), trade(4, -9.0))
    (lock,) = rule.locks(look(5, *rows))
    assert lock.instrument_id == "BTC"
    assert lock.reason == "returned -9.50 % in 3 trades"


def test_too_few_trades_are_no_evidence() -> None:
    assert LowProfit(trade_limit=3).locks(look(5, trade(1), trade(2))) == []


def test_exactly_what_is_required_is_enough() -> None:
    rule = LowProfit(trade_limit=2, required_ppm=10_000)
    assert rule.locks(look(5, trade(1, 0.5), trade(2, 0.5))) == []
    assert len(rule.locks(look(5, trade(1, 0.5), trade(2, 0.49)))) == 1


def test_each_side_may_be_judged_alone() -> None:
    rule = LowProfit(trade_limit=1, only_per_side=True)
    (lock,) = rule.locks(look(5, trade(1, 3.0), trade(2, -1.0, side=Side.SELL)))
    assert lock.side == -1
