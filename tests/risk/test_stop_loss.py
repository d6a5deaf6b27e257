from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.side import Side
from undertow.risk.stop_loss import StopKind, atr_stop, capped_stop, ppm_stop, trailing_stop

sides = st.sampled_from(Side)
prices = st.integers(1_000, 10**9)


def test_half_a_percent_below_the_peak() -> None:
    # D-32: a peak of 51,500 trails to 51,242.50.
    assert ppm_stop(Side.BUY, 515_000, 5_000).price_ticks == 512_425
    assert ppm_stop(Side.SELL, 515_000, 5_000).price_ticks == 517_575


@given(sides, prices, st.integers(1, 10_000))
def test_a_stop_is_never_farther_than_asked(side: Side, price: int, ppm: int) -> None:
    stop = ppm_stop(side, price, ppm)
    assert 0 <= side * (price - stop.price_ticks) <= price * ppm / 1_000_000


@given(sides, prices, st.lists(st.integers(-500, 500), max_size=30))
def test_trailing_never_widens(side: Side, price: int, moves: list[int]) -> None:
    extreme, stop = price, ppm_stop(side, price, 5_000).price_ticks
    for move in moves:
        extreme = max(extreme, price + move) if side is Side.BUY else min(extreme, price + move)
        fresh = trailing_stop(side, extreme, stop, 5_000)
        assert fresh.kind is StopKind.TRAILING
        assert side * (fresh.price_ticks - stop) >= 0
        stop = fresh.price_ticks


def test_atr_stop_mirrors() -> None:
    assert atr_stop(Side.BUY, 1_000, 10.0, 2.0).price_ticks == 980
    assert atr_stop(Side.SELL, 1_000, 10.0, 2.0).price_ticks == 1_020
    assert atr_stop(Side.BUY, 1_000, 0.0, 2.0).distance_ticks == 1


def test_cap_keeps_the_nearer_stop() -> None:
    assert capped_stop(Side.BUY, 100_000, 90_000, 5_000) == 99_500
    assert capped_stop(Side.BUY, 100_000, 99_900, 5_000) == 99_900
    assert capped_stop(Side.SELL, 100_000, 110_000, 5_000) == 100_500
