import pytest
from tests.risk.protections.looks import look, trade

from undertow.domain.time import NS_PER_S
from undertow.risk.protections.drawdown_guard import DrawdownGuard, DrawdownOf
from undertow.risk.protections.protection import Reach


def test_marked_equity_that_fell_locks_and_flattens() -> None:
    guard = DrawdownGuard(max_ppm=100_000, stop_s=60)
    assert guard.locks(look(9, equity=(100.0, 120.0, 108.1))) == []
    (lock,) = guard.locks(look(9, equity=(100.0, 120.0, 108.0)))
    assert lock.reach is Reach.FLATTEN
    assert lock.until_ns == 69 * NS_PER_S
    assert lock.reason == "equity fell 10.00 % within 86400 s"


def test_a_fall_that_was_made_good_is_none() -> None:
    guard = DrawdownGuard(max_ppm=100_000)
    assert guard.locks(look(9, equity=(100.0, 50.0, 99.0))) == []


def test_returns_of_trades_are_compounded() -> None:
    guard = DrawdownGuard(max_ppm=100_000, measure=DrawdownOf.TRADES, stop_s=60)
    # 1.05 * 0.96 * 0.94 = 0.94752: 9.76 % below 1.05; a further 1 % makes 10.66 %.
    rows = (trade(1, 5.0), trade(2, -4.0), trade(3, -6.0))
    assert guard.locks(look(3, *rows)) == []
    (lock,) = guard.locks(look(4, *rows, trade(4, -1.0)))
    assert lock.reason == "trades fell 10.66 % within 86400 s"
    assert lock.until_ns == 64 * NS_PER_S


@pytest.mark.parametrize(("limit", "count"), [(2, 0), (1, 1)])
def test_with_too_few_trades_it_is_silent(limit: int, count: int) -> None:
    guard = DrawdownGuard(max_ppm=100_000, trade_limit=limit)
    assert len(guard.locks(look(9, trade(1), equity=(100.0, 80.0)))) == count


def test_nothing_seen_is_no_fall() -> None:
    assert DrawdownGuard().locks(look(9)) == []
