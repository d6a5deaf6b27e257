import pytest

from undertow.simulator.intrabar_path import IntrabarPath, comes_low_first


@pytest.mark.parametrize("hurts", [True, False])
def test_worst_and_best_are_opposites(hurts: bool) -> None:
    worst = comes_low_first(IntrabarPath.WORST_CASE, 5, 0, 9, low_hurts=hurts)
    best = comes_low_first(IntrabarPath.BEST_CASE, 5, 0, 9, low_hurts=hurts)
    assert (worst, best) == (hurts, not hurts)


def test_the_nearer_extreme_and_on_a_tie_the_low() -> None:
    near = IntrabarPath.NEAREST_EXTREME
    assert comes_low_first(near, 4, 0, 9, low_hurts=False)
    assert not comes_low_first(near, 5, 0, 9, low_hurts=True)
    assert comes_low_first(near, 5, 0, 10, low_hurts=False)


def test_fixed_orders() -> None:
    assert not comes_low_first(IntrabarPath.HIGH_FIRST, 0, 0, 9, low_hurts=True)
    assert comes_low_first(IntrabarPath.LOW_FIRST, 9, 0, 9, low_hurts=False)
