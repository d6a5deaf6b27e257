from typing import Any

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.flow.finite_column import finite_column


@pytest.mark.parametrize("values", [[1, 2], (1.5,), np.arange(3, dtype=np.int8), []])
def test_numbers_become_floats(values: Any) -> None:
    found = finite_column(values)
    assert found.dtype == np.float64
    assert found.tolist() == [float(value) for value in values]


@pytest.mark.parametrize("values", [[1.0, np.nan], [np.inf], [[1.0], [2.0]], 3.0])
def test_anything_else_is_refused(values: Any) -> None:
    with pytest.raises(CallerError, match="one column of finite numbers"):
        finite_column(values)
