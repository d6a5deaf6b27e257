import numpy as np
import pytest

from undertow.kernels.columns.holes import holes, is_hole


@pytest.mark.parametrize("value", [np.nan, -np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_counted(value: float) -> None:
    x = np.ones(37)
    x[[0, 17, 36]] = value
    assert holes(x) == 3
    assert holes(x[1:17]) == 0


@pytest.mark.parametrize("value", [0.0, -0.0, 5e-324, 1.7976931348623157e308, -1e-310])
def test_every_number_is_one(value: float) -> None:
    assert holes(np.full(5, value)) == 0
    assert not is_hole(np.float64(value).view(np.int64))


def test_nothing_has_no_holes() -> None:
    assert holes(np.empty(0)) == 0
