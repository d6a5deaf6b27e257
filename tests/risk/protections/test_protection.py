from tests.risk.protections.looks import look, trade

from undertow.domain.time import NS_PER_S
from undertow.risk.protections.protection import Lock


def test_an_empty_lock_covers_everything() -> None:
    lock = Lock("rule", 1, "because")
    assert lock.covers("s", "BTC", 1)
    assert lock.covers("t", "ETH", -1)


def test_a_lock_covers_what_it_names() -> None:
    lock = Lock("rule", 1, "because", strategy="s", instrument_id="BTC", side=-1)
    assert lock.covers("s", "BTC", -1)
    assert not lock.covers("t", "BTC", -1)
    assert not lock.covers("s", "ETH", -1)
    assert not lock.covers("s", "BTC", 1)


def test_locks_of_trades_are_counted_from_the_last() -> None:
    rows = (trade(10), trade(20))
    assert look(99, *rows).until_ns(rows, 5) == 25 * NS_PER_S
