"""A pace that only counts."""

from undertow.wire.pace import CountedPace


def test_waiting_moves_the_clock() -> None:
    pace = CountedPace(5)
    pace.wait(1.5)
    pace.wait(0.25)
    assert pace.now_ns() == 5 + 1_750_000_000
    assert pace.waits == [1.5, 0.25]
