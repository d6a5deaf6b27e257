import pytest

from undertow.kernels.columns.stretch import STRETCH, common_blocks, whole_blocks


@pytest.mark.parametrize("n", [1, 2, 14, STRETCH - 1, STRETCH, 3 * STRETCH])
def test_a_stretch_has_whole_blocks(n: int) -> None:
    assert whole_blocks(n) % n == 0
    assert STRETCH < whole_blocks(n) <= STRETCH + n


@pytest.mark.parametrize(("n", "m"), [(12, 26), (5, 34), (7, 7), (1, 3)])
def test_two_lengths_share_a_stretch(n: int, m: int) -> None:
    assert common_blocks(n, m) % n == common_blocks(n, m) % m == 0


def test_unless_it_would_be_long() -> None:
    assert common_blocks(997, 1009) == whole_blocks(1009)
