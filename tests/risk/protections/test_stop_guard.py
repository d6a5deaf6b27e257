from tests.risk.protections.looks import look, trade

from undertow.domain.side import Side
from undertow.domain.time import NS_PER_S
from undertow.risk.protections.stop_guard import StopGuard


def test_three_stops_lock_everything() -> None:
    guard = StopGuard(trade_limit=3, stop_s=600)
    two = (trade(10), trade(20, instrument="ETH"))
    assert guard.locks(look(30, *two)) == []
    (lock,) = guard.locks(look(30, *two, trade(30)))
    assert (lock.instrument_id, lock.side, lock.until_ns) == ("", 0, 630 * NS_PER_S)
    assert lock.reason == "3 stops hit within 3600 s"


def test_other_exits_and_stops_in_profit_do_not_count() -> None:
    guard = StopGuard(trade_limit=2)
    seen = look(30, trade(10), trade(20, is_stopped=False), trade(30, 0.5))
    assert guard.locks(seen) == []


def test_counted_for_each_instrument_and_side_alone() -> None:
    guard = StopGuard(trade_limit=2, only_per_instrument=True, only_per_side=True)
    rows = (trade(1), trade(2, side=Side.SELL), trade(3, instrument="ETH"), trade(4))
    (lock,) = guard.locks(look(5, *rows))
    assert (lock.instrument_id, lock.side) == ("BTC", 1)
    assert not lock.covers("s", "BTC", -1)


def test_a_lock_is_counted_from_the_last_stop() -> None:
    guard = StopGuard(trade_limit=2, stop_s=60)
    (lock,) = guard.locks(look(500, trade(10), trade(20)))
    assert lock.until_ns == 80 * NS_PER_S  # served already: it is not taken again
